import { list, names, qualified, quote, relation } from '../names.js'
import type { ApplyInput, Change, Column, Statement } from '../types.js'
import { leftColumns, matching } from '../upsert-columns.js'
import { beforeJoin, keyColumns, lockWriters, statement } from './changes.js'
import { comparable, isComparable, joined } from './comparison.js'

type ReplaceKeys = Extract<Change, { kind: 'replace_keys' }>
type ReplaceWindow = Extract<Change, { kind: 'replace_window' }>

/** Replaces the rows of each key in the delta; keys whose rows are the same ones already are left alone. */
export function replaceKeys(input: ApplyInput, change: ReplaceKeys): readonly Statement[] {
  const { key, nullSafe } = change
  return replaceRows(input, { key, nullSafe, before: beforeJoin(input, key), old: present(input, change) })
}

/** Replaces the rows of a window; those of its keys that are the same ones already, or all of them, are left alone. */
export function replaceWindow(input: ApplyInput, { window, key }: ReplaceWindow): readonly Statement[] {
  const column = qualified(window.column, 'target')
  const old = `select ${oldColumns(input)} from ${relation(input.target)} as target where ${column} >= ${window.from} and ${column} < ${window.to}`
  return replaceRows(input, { key, nullSafe: true, before: [lockWriters(input)], old, time: window.column })
}

interface Replacement {
  /** What tells rows that come and go apart; without one all of them are one lot. */
  readonly key: readonly string[]
  readonly nullSafe: boolean
  readonly before: readonly string[]
  /** A SELECT of the rows that the delta takes the place of. */
  readonly old: string
  /** A column of times: a new row that is older or newer than all old ones is none of them. */
  readonly time?: string
}

function replaceRows(input: ApplyInput, replacement: Replacement): readonly Statement[] {
  const { key, nullSafe } = replacement
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const [old, changed] = [relation(input.scratch('old')), relation(input.scratch('changed'))]
  const columns = list(names(input.deltaColumns))
  const differing = (alias: string) =>
    `exists (select 1 from ${changed} as changed where ${key.length === 0 ? 'true' : joined(keyColumns(input, key), alias, 'changed', nullSafe)})`
  const make = (table: string, select: string) => `create temp table ${table} on commit drop as ${select}`
  return [
    statement([...replacement.before, make(old, replacement.old)], 'find the old rows'),
    statement(
      [make(changed, changedKeys(input, replacement, old)), countChanges(changed)],
      'find what differs; count new rows, those that go, and updates',
      'written',
    ),
    statement(
      [
        `delete from ${target} where ctid = any(array(select __fft_row from ${old} as old where ${differing('old')}))`,
        `insert into ${target} (${columns}) select ${columns} from ${staging} as delta where ${differing('delta')}`,
      ],
      'replace the rows that differ',
    ),
  ]
}

/**
 * The target's rows of the keys in the delta. Plain equality can use indexes and what the engine knows of the columns, so
 * rows with NULL in a key are found apart, and looked for only when the delta has such keys.
 */
function present(input: ApplyInput, change: ReplaceKeys): string {
  const key = keyColumns(input, change.key)
  const staging = relation(input.staging)
  const columns = oldColumns(input)
  const found = (nullSafe: boolean) => {
    const match = matching(joined(key, 'target', 'delta', nullSafe), change)
    return `select ${columns} from ${relation(input.target)} as target where exists (select 1 from ${staging} as delta where ${match})`
  }
  if (!change.nullSafe) return found(false)
  const isNull = (alias?: string) => key.map(({ name }) => `${qualified(name, alias)} is null`).join(' or ')
  const some = `exists (select 1 from ${staging} where ${isNull()})`
  return `${found(false)}\nunion all ${found(true)} and (${isNull('target')}) and ${some}`
}

function oldColumns(input: ApplyInput): string {
  return `target.ctid as __fft_row, ${list([...names(input.deltaColumns), ...names(leftColumns(input))], 'target')}`
}

/** The keys whose rows are not the same multiset in delta and target, with how many there are on one side alone. */
function changedKeys(input: ApplyInput, { key, time }: Replacement, old: string): string {
  const all = list([...names(input.deltaColumns), ...names(leftColumns(input))])
  const fresh = rowsOf(input, 'fresh', relation(input.staging))
  const isAmong = time === undefined ? undefined : among(time, old)
  const both = `${fresh}${isAmong === undefined ? '' : ` where ${isAmong}`} union all ${rowsOf(input, 'there', old)}`
  const grouped = `select ${all}, sum(__fft_times) as __fft_times from (${both}) as both_sides group by ${all} having sum(__fft_times) <> 0`
  const rows = isAmong === undefined ? grouped : `${grouped} union all ${fresh} where not ${isAmong}`
  const sums = 'sum(greatest(__fft_times, 0)) as __fft_added, sum(greatest(-__fft_times, 0)) as __fft_removed from'
  if (key.length === 0) return `select ${sums} (${rows}) as differing having count(*) > 0`
  return `select ${list(key)}, ${sums} (${rows}) as differing group by ${list(key)}`
}

/** Whether a row is as old as some old row, or between them; never NULL. */
function among(time: string, old: string): string {
  const column = quote(time)
  return `coalesce(${column} between (select min(${column}) from ${old}) and (select max(${column}) from ${old}), false)`
}

/** Rows as they can be compared. A column that left the SELECT becomes NULL, so rows with a value in it differ. */
function rowsOf(input: ApplyInput, side: 'fresh' | 'there', from: string): string {
  const own = input.deltaColumns.map((column) => {
    const value =
      side === 'fresh' && isComparable(column) ? `cast(${quote(column.name)} as ${column.type})` : comparable(column)
    return `${value} as ${quote(column.name)}`
  })
  const left = leftColumns(input).map(
    (column) => `${side === 'fresh' ? nullOf(column) : comparable(column)} as ${quote(column.name)}`,
  )
  return `select ${[...own, ...left].join(', ')}, ${side === 'fresh' ? 1 : -1} as __fft_times from ${from}`
}

function nullOf(column: Column): string {
  return `cast(null as ${isComparable(column) ? column.type : 'text'})`
}

/** A new row takes the place of an old one of its key: those are updates, the rest come or go. */
function countChanges(changed: string): string {
  const updated = 'sum(least(__fft_added, __fft_removed))'
  return `select coalesce(sum(__fft_added), 0) as rows_affected, coalesce(sum(__fft_removed), 0) as replaced, coalesce(${updated}, 0) as updated from ${changed}`
}
