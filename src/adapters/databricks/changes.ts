import { text } from '../../core/index.js'
import type { ApplyInput, Change, Column, Counted, Dialect, Statement } from '../types.js'
import { comparable, equal, list, names, qualified, quote, relation, sameName } from './names.js'

type Upsert = Extract<Change, { kind: 'upsert' }>
type Insert = Extract<Change, { kind: 'insert' }>
type ReplaceKeys = Extract<Change, { kind: 'replace_keys' }>

// Names that no user has.
const numberColumn = quote('__fft_number')
const operation = quote('__fft_operation')

/** Each change as one atomic statement; the staged rows stay as they are. */
export const changes: Dialect['apply'] = { insert, upsert, replace_keys: replaceKeys }

function statement(sql: string, note: string, counts?: Counted): Statement {
  return { sql: text(sql), note, ...(counts === undefined ? {} : { counts }) }
}

function insert(input: ApplyInput, change: Insert): readonly Statement[] {
  const columns = list(names(input.deltaColumns))
  const sql = `insert into ${relation(input.target)} (${columns})\n${newRows(input, change)}`
  return [{ ...statement(sql, 'insert the rows that are not there', 'written'), rowsOf: input.target }]
}

function newRows(input: ApplyInput, { existing }: Insert): string {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const columns = list(names(input.deltaColumns))
  if (existing.by === 'nothing') return `select ${columns} from ${staging}`
  if (existing.by === 'key') {
    const match = equal(existing.key, 'delta', 'target', existing.nullSafe)
    return `select ${columns} from ${staging} as delta where not exists (select 1 from ${target} as target where ${match})`
  }
  const { range } = existing
  const within =
    range === undefined ? '' : ` where ${quote(range.column)} >= ${range.from} or ${quote(range.column)} is null`
  return missingRows(input, within)
}

/** Each delta row meets at most one equal target row, so rows that occur twice on purpose stay twice. */
function missingRows(input: ApplyInput, within: string): string {
  const isAdded = (name: string) => input.addedColumns.some((column) => sameName(column.name, name))
  // Rows that were there before cannot have anything in columns that this run adds.
  const compared = input.deltaColumns.filter(({ name }) => !isAdded(name)).map((column) => comparable(column))
  const aliases = compared.map((_, index) => `c${index}`)
  const items = compared.map((expression, index) => `${expression} as c${index}`).join(', ')
  const all = compared.join(', ')
  const delta = `select *, ${items}, row_number() over (partition by ${all} order by ${all}) as ${numberColumn} from ${relation(input.staging)}`
  const there = `select ${items}, count(*) as ${numberColumn} from ${relation(input.target)}${within} group by ${all}`
  const match = aliases.map((alias) => `delta.${alias} <=> target.${alias}`).join(' and ')
  return `select ${list(names(input.deltaColumns))} from (${delta}) as delta left anti join (${there}) as target on ${match} and delta.${numberColumn} <= target.${numberColumn}`
}

/** Updates rows that match and differ, inserts the rest; columns that the delta does not have are kept. */
function upsert(input: ApplyInput, change: Upsert): readonly Statement[] {
  const { deltaColumns } = input
  const isKey = (name: string) => change.key.some((key) => sameName(key, name))
  const others = deltaColumns.filter(({ name }) => !isKey(name))
  const conditions = [...guard(change), ...differences(others)]
  const set = others.map(({ name }) => `target.${quote(name)} = delta.${quote(name)}`).join(', ')
  const update = others.length === 0 ? '' : `\nwhen matched and ${conditions.join(' and ')} then update set ${set}`
  const columns = names(deltaColumns)
  const sql = `merge into ${relation(input.target)} as target using ${relation(input.staging)} as delta on ${equal(change.key, 'delta', 'target', change.nullSafe)}${update}
when not matched then insert (${list(columns)}) values (${list(columns, 'delta')})`
  return [statement(sql, 'update rows that differ, insert new ones', 'written')]
}

/** The newer row stays; NULL is the oldest, of equals the delta's. */
function guard({ newestWins, updatedAt }: Upsert): readonly string[] {
  if (!newestWins || updatedAt === undefined) return []
  const [ours, theirs] = [qualified(updatedAt, 'delta'), qualified(updatedAt, 'target')]
  return [`(${theirs} is null or ${ours} >= ${theirs})`]
}

function differences(columns: readonly Column[]): readonly string[] {
  if (columns.length === 0) return []
  const differ = columns.map((column) => `not (${comparable(column, 'delta')} <=> ${comparable(column, 'target')})`)
  return [`(${differ.join(' or ')})`]
}

/**
 * Replaces the rows of each key whose rows differ. The source of the MERGE has a row for each such key, which deletes,
 * and the delta's rows of those keys, which match nothing and are inserted: only the files with those keys are written
 * anew, where an overwrite would write the whole table.
 */
function replaceKeys(input: ApplyInput, { key, nullSafe }: ReplaceKeys): readonly Statement[] {
  const rows = comparedRows(input, key, nullSafe)
  const columns = names(input.deltaColumns)
  const keyNames = key.map((_, index) => `k${index}`)
  const removal = `select 'delete' as ${operation}, ${list(keyNames)}, ${columns.map((name) => `null as ${quote(name)}`).join(', ')} from changed`
  const inChanged = key.map((name, index) => `${qualified(name, 'delta')} <=> changed.k${index}`).join(' and ')
  const addition = `select 'insert', ${keyNames.map(() => 'null').join(', ')}, ${list(columns, 'delta')} from ${relation(input.staging)} as delta where exists (select 1 from changed where ${inChanged})`
  const operator = nullSafe ? '<=>' : '='
  const match = key.map((name, index) => `${qualified(name, 'target')} ${operator} delta.k${index}`).join(' and ')
  const sql = `merge into ${relation(input.target)} as target using (
${rows}
${removal} union all ${addition}
) as delta on delta.${operation} = 'delete' and ${match}
when matched then delete
when not matched and delta.${operation} = 'insert' then insert (${list(columns)}) values (${list(columns, 'delta')})`
  return [statement(sql, 'replace the rows of the keys that differ', 'written')]
}

/** `with` clauses up to `changed`: the keys whose rows in the delta are not those in the target. */
function comparedRows(input: ApplyInput, key: readonly string[], nullSafe: boolean): string {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const keys = key.map((name, index) => `${quote(name)} as k${index}`).join(', ')
  // A column that left the SELECT becomes NULL, so rows with a value in it differ from what replaces them.
  const isLeft = ({ name }: Column) => !input.deltaColumns.some((column) => sameName(column.name, name))
  const fresh = input.targetColumns.map((column) => (isLeft(column) ? 'null' : comparable(column)))
  const there = input.targetColumns.map((column) => comparable(column))
  const aliased = (items: readonly string[]) => items.map((item, index) => `${item} as c${index}`).join(', ')
  const match = equal(key, 'target', 'delta', nullSafe)
  return `with fresh as (select ${keys}, ${aliased(fresh)} from ${staging}),
there as (select ${keys}, ${aliased(there)} from ${target} as target where exists (select 1 from ${staging} as delta where ${match})),
changed as (select distinct ${key.map((_, index) => `k${index}`).join(', ')} from ((select * from fresh except all select * from there) union all (select * from there except all select * from fresh)))`
}
