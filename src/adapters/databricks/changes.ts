import { text } from '../../core/index.js'
import type { ApplyInput, Change, Column, Counted, Dialect, Statement } from '../types.js'
import { comparable, equal, list, names, own, qualified, quote, relation, sameName } from './names.js'
import { replaceKeys } from './replace-keys.js'

type Upsert = Extract<Change, { kind: 'upsert' }>
type Insert = Extract<Change, { kind: 'insert' }>

// A name that no user has.
const numberColumn = own('number')

/** Each change as one atomic statement; the staged rows stay as they are. */
export const changes: Dialect['apply'] = { insert, upsert, replace_keys: replaceKeys }

function statement(sql: string, note: string, counts: Counted): Statement {
  return { sql: text(sql), note, counts }
}

function insert(input: ApplyInput, change: Insert): readonly Statement[] {
  const columns = list(names(input.deltaColumns))
  const sql = `insert into ${relation(input.target)} (${columns})\n${newRows(input, change)}`
  return [{ ...statement(sql, 'insert the rows that are not there', 'written'), rowsOf: input.target }]
}

/** The delta rows that are not in the target, as a SELECT. */
export function newRows(input: ApplyInput, { existing }: Insert): string {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const columns = list(names(input.deltaColumns))
  if (existing.by === 'nothing') return `select ${columns} from ${staging}`
  if (existing.by === 'key') {
    // In a subquery a column of its own that is called like an alias outside hides that alias.
    const [outer, inner] = [own('delta'), own('target')]
    const match = equal(existing.key, outer, inner, existing.nullSafe)
    return `select ${columns} from ${staging} as ${outer} where not exists (select 1 from ${target} as ${inner} where ${match})`
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
  const aliases = compared.map((_, index) => own(`c${index}`))
  const items = compared.map((expression, index) => `${expression} as ${own(`c${index}`)}`).join(', ')
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
