import { text } from '../../core/index.js'
import type { ApplyInput, Change, Column, Statement } from '../types.js'
import { matching } from '../upsert-columns.js'
import { comparable, equal, list, names, own, qualified, quote, relation, sameName } from './names.js'
import { isComparable } from './type-names.js'

type ReplaceKeys = Extract<Change, { kind: 'replace_keys' }>
type ReplaceWindow = Extract<Change, { kind: 'replace_window' }>

const operation = own('operation')
const number = own('number')
const copies = own('copies')
const there = own('there')

/**
 * Gives the keys in the delta the delta's rows, in one MERGE: its source has each row of those keys that is too often in
 * the target, which deletes its copies there, and the rows that are missing then, which match nothing and are inserted.
 * Only files with such rows are written anew, where an overwrite would write the whole table, and keys whose rows are the
 * same ones already are left alone. A query before it counts the rows that take the place of others.
 */
export function replaceKeys(input: ApplyInput, change: ReplaceKeys): readonly Statement[] {
  const { key, nullSafe } = change
  const match = matching(equal(key, 'target', 'delta', nullSafe), change)
  // In a subquery a column that is called like an alias outside would hide that alias; in a join it does not.
  const ofTarget = `left semi join ${relation(input.staging)} as delta on ${match}`
  return replaceRows(input, { what: 'keys', ofTarget, key })
}

/** The same for the rows of a window. */
export function replaceWindow(input: ApplyInput, { window, key }: ReplaceWindow): readonly Statement[] {
  const column = qualified(window.column, 'target')
  const ofTarget = `where ${column} >= ${window.from} and ${column} < ${window.to}`
  return replaceRows(input, { what: 'window', ofTarget, key })
}

interface Replaced {
  readonly what: 'keys' | 'window'
  /** Which rows of the target the delta takes the place of: a join or a condition behind its name. */
  readonly ofTarget: string
  /** Columns by which rows that come and go are one and the same. */
  readonly key: readonly string[]
}

function replaceRows(input: ApplyInput, replaced: Replaced): readonly Statement[] {
  const rows = comparedRows(input, replaced)
  const columns = list(names(input.deltaColumns))
  const values = rows.aliases.join(', ')
  const nothing = input.deltaColumns.map(({ name, type }) => `cast(null as ${type}) as ${quote(name)}`).join(', ')
  const removal = `select 'delete' as ${operation}, ${values}, ${nothing} from removed`
  const addition = `select 'insert', ${rows.nulls}, ${columns} from fresh as delta where ${isMissing} or delta.${copies} < delta.${there}`
  const match = rows.target.map((column, index) => `${column} <=> delta.${rows.aliases[index]}`).join(' and ')
  const merge = `merge into ${relation(input.target)} as target using (
with ${rows.sql}
${removal} union all ${addition}
) as delta on delta.${operation} = 'delete' and ${match}
when matched then delete
when not matched and delta.${operation} = 'insert' then insert (${columns}) values (${list(names(input.deltaColumns), 'delta')})`
  return [
    {
      sql: text(`with ${rows.sql}\n${pairs(replaced.key)}`),
      note: 'count the rows that take the place of others',
      counts: 'written',
    },
    { sql: text(merge), note: `replace the rows of the ${replaced.what} that differ`, counts: 'written' },
  ]
}

const isMissing = `delta.${number} > delta.${there}`

interface ComparedRows {
  /** The clauses of a `with`: `fresh`, the delta's rows, each with its number among `copies` and how many are `there`. */
  readonly sql: string
  /** The columns that stand for the values of a row. */
  readonly aliases: readonly string[]
  readonly nulls: string
  /** The same values of a target row. */
  readonly target: readonly string[]
}

function comparedRows(input: ApplyInput, { key, ofTarget }: Replaced): ComparedRows {
  const { targetColumns, deltaColumns } = input
  // A column that left the SELECT becomes NULL, so rows with a value in it differ from what replaces them.
  const isLeft = ({ name }: Column) => !deltaColumns.some((column) => sameName(column.name, name))
  const aliases = targetColumns.map((_, index) => own(`c${index}`))
  const fresh = targetColumns.map((column) => (isLeft(column) ? nullOf(column) : comparable(column)))
  const as = (items: readonly string[]) => items.map((item, index) => `${item} as ${aliases[index]}`).join(', ')
  const all = aliases.join(', ')
  const same = aliases.map((alias) => `counted.${alias} <=> present.${alias}`).join(' and ')
  const keys = key.map((name, index) => `, ${quote(name)} as ${own(`k${index}`)}`).join('')
  const present = `select ${all}${key.map((_, index) => `, first(${own(`k${index}`)}) as ${own(`k${index}`)}`).join('')}, count(*) as ${there} from (select ${as(targetColumns.map((column) => comparable(column)))}${keys} from ${relation(input.target)} as target ${ofTarget}) group by ${all}`
  const numbered = `select *, row_number() over (partition by ${all} order by ${all}) as ${number}, count(*) over (partition by ${all}) as ${copies} from (select *, ${as(fresh)} from ${relation(input.staging)})`
  const sql = `present as (${present}),
fresh as (select counted.*, coalesce(present.${there}, 0) as ${there} from (${numbered}) as counted left join present on ${same}),
removed as (select present.*, coalesce(counted.${copies}, 0) as ${copies} from present left join (select ${all}, max(${copies}) as ${copies} from fresh group by ${all}) as counted on ${same} where coalesce(counted.${copies}, 0) < present.${there})`
  const target = targetColumns.map((column) => comparable(column, 'target'))
  return { sql, aliases, nulls: targetColumns.map(nullOf).join(', '), target }
}

function nullOf(column: Column): string {
  return `cast(null as ${isComparable(column.type) ? column.type : 'string'})`
}

/**
 * Of the rows that the MERGE deletes and inserts, those that take the place of another one of their key are updates, and
 * those that are only put back (a row that is there twice and stays once) are nothing: both are taken off its counts.
 */
function pairs(key: readonly string[]): string {
  const back = `(select coalesce(sum(${copies}), 0) as back from removed)`
  if (key.length === 0)
    return `select -back as num_inserted_rows, 0 as num_updated_rows, -back as num_deleted_rows from ${back}`
  const keys = key.map((_, index) => own(`k${index}`)).join(', ')
  const ofDelta = key.map((name) => qualified(name, 'delta')).join(', ')
  const named = key.map((name, index) => `${qualified(name, 'delta')} as ${own(`k${index}`)}`).join(', ')
  const added = `select ${named}, count(*) as added, 0 as gone from fresh as delta where ${isMissing} group by ${ofDelta}`
  const gone = `select ${keys}, 0, sum(${there} - ${copies}) from removed group by ${keys}`
  const both = `select least(sum(added), sum(gone)) as pairs from (${added} union all ${gone}) group by ${keys}`
  const counted = `(select coalesce(sum(pairs), 0) as pairs from (${both})) cross join ${back}`
  return `select -(pairs + back) as num_inserted_rows, pairs as num_updated_rows, -(pairs + back) as num_deleted_rows from ${counted}`
}
