import { equal, list, names, qualified, quote, relation } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { leftColumns, matching } from '../upsert-columns.js'
import { statement } from './insert.js'
import { hasRowIds } from './row-ids.js'

type ReplaceKeys = Extract<Change, { kind: 'replace_keys' }>
type ReplaceWindow = Extract<Change, { kind: 'replace_window' }>

// Names that no user has.
const rowColumn = quote('__fft_row')
const timesColumn = quote('__fft_times')
const addedColumn = quote('__fft_added')
const removedColumn = quote('__fft_removed')

/** Replaces the rows of each key in the delta; keys whose rows are the same ones already are left alone. */
export function replaceKeys(input: ApplyInput, change: ReplaceKeys): readonly Statement[] {
  const match = matching(equal(change.key, 'delta', 'target', change.nullSafe), change)
  const inDelta = `exists (select 1 from ${relation(input.staging)} as delta where ${match})`
  return replaceRows(input, {
    key: change.key,
    nullSafe: change.nullSafe,
    old: present(input, change),
    isOld: change.within === undefined ? undefined : inDelta,
  })
}

/** Replaces the rows of a window; those of its keys that are the same ones already, or all of them, are left alone. */
export function replaceWindow(input: ApplyInput, { window, key }: ReplaceWindow): readonly Statement[] {
  const column = qualified(window.column, 'target')
  const isOld = `${column} >= ${window.from} and ${column} < ${window.to}`
  const old = `select ${oldColumns(input)} from ${relation(input.target)} as target where ${isOld}`
  return replaceRows(input, { key, nullSafe: true, old, isOld, time: window.column })
}

interface Replacement {
  /** What tells rows that come and go apart; without one all of them are one lot. */
  readonly key: readonly string[]
  readonly nullSafe: boolean
  /** A SELECT of the rows that the delta takes the place of. */
  readonly old: string
  /** The same as a condition on `target`; undefined: the key tells them. */
  readonly isOld: string | undefined
  /** A column of times: a new row that is older or newer than all old ones is none of them. */
  readonly time?: string
}

function replaceRows(input: ApplyInput, replacement: Replacement): readonly Statement[] {
  const { key, nullSafe } = replacement
  const [staging, old, changed] = [
    relation(input.staging),
    relation(input.scratch('old')),
    relation(input.scratch('changed')),
  ]
  const columns = list(names(input.deltaColumns))
  const differing = (alias: string) =>
    `exists (select 1 from ${changed} as changed where ${key.length === 0 ? 'true' : equal(key, alias, 'changed', nullSafe)})`
  return [
    statement(`create temp table ${old} as ${replacement.old}`, 'find the old rows'),
    statement(`create temp table ${changed} as ${changedKeys(input, replacement, old)}`, 'find what differs'),
    statement(countChanges(changed), 'count new rows, those that go, and updates', 'written'),
    statement(remove(input, replacement, { old, differing }), 'delete the old rows that differ'),
    statement(
      `insert into ${relation(input.target)} (${columns}) select ${columns} from ${staging} as delta where ${differing('delta')}`,
      'insert the new ones',
    ),
    ...[old, changed].map((table) => statement(`drop table ${table}`, 'drop what was compared')),
  ]
}

/**
 * The target's rows of the keys in the delta. Only a join on plain equality lets the engine skip the parts of the table
 * that the keys cannot be in, so rows with NULL in a key are found apart.
 */
function present(input: ApplyInput, change: ReplaceKeys): string {
  const { key } = change
  const columns = oldColumns(input)
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const joined = (from: string, nullSafe: boolean) =>
    `select ${columns} from ${target} as target semi join ${from} as delta on ${matching(equal(key, 'delta', 'target', nullSafe), change)}`
  if (!change.nullSafe) return joined(staging, false)
  const isNull = (alias?: string) => key.map((name) => `${qualified(name, alias)} is null`).join(' or ')
  return `${joined(staging, false)}
union all ${joined(`(select * from ${staging} where ${isNull()})`, true)} where ${isNull('target')}`
}

function oldColumns(input: ApplyInput): string {
  const row = hasRowIds([...input.targetColumns, ...input.deltaColumns]) ? [`target.rowid as ${rowColumn}`] : []
  return [...row, list([...names(input.deltaColumns), ...names(leftColumns(input))], 'target')].join(', ')
}

/** The keys whose rows are not the same multiset in delta and target, with how many there are on one side alone. */
function changedKeys(input: ApplyInput, { key, time }: Replacement, old: string): string {
  // A column that left the SELECT becomes NULL, so rows with a value in it differ from what replaces them.
  const left = leftColumns(input)
  const columns = list(names(input.deltaColumns))
  const all = list([...names(input.deltaColumns), ...names(left)])
  const nulls = left.map(({ name, type }) => `, cast(null as ${type}) as ${quote(name)}`).join('')
  const fresh = `select ${columns}${nulls}, 1 as ${timesColumn} from ${relation(input.staging)}`
  const isAmong = time === undefined ? undefined : among(time, old)
  const both = `${fresh}${isAmong === undefined ? '' : ` where ${isAmong}`} union all select ${all}, -1 from ${old}`
  const grouped = `select ${all}, sum(${timesColumn}) as ${timesColumn} from (${both}) group by ${all} having sum(${timesColumn}) <> 0`
  const rows = isAmong === undefined ? grouped : `${grouped} union all ${fresh} where not ${isAmong}`
  const sums = `sum(greatest(${timesColumn}, 0)) as ${addedColumn}, sum(greatest(-${timesColumn}, 0)) as ${removedColumn}`
  if (key.length === 0) return `select ${sums} from (${rows}) having count(*) > 0`
  return `select ${list(key)}, ${sums} from (${rows}) group by ${list(key)}`
}

/** Whether a row is as old as some old row, or between them; never NULL. */
function among(time: string, old: string): string {
  const column = quote(time)
  return `coalesce(${column} between (select min(${column}) from ${old}) and (select max(${column}) from ${old}), false)`
}

/** A new row takes the place of an old one of its key: those are updates, the rest come or go. */
function countChanges(changed: string): string {
  const updated = `sum(least(${addedColumn}, ${removedColumn}))`
  return `select sum(${addedColumn}) as rows_affected, sum(${removedColumn}) as replaced, ${updated} as updated from ${changed}`
}

function remove(
  input: ApplyInput,
  { isOld }: Replacement,
  { old, differing }: { readonly old: string; readonly differing: (alias: string) => string },
): string {
  const target = relation(input.target)
  if (hasRowIds([...input.targetColumns, ...input.deltaColumns]))
    return `delete from ${target} where rowid in (select ${rowColumn} from ${old} as old where ${differing('old')})`
  return `delete from ${target} as target where ${differing('target')}${isOld === undefined ? '' : ` and ${isOld}`}`
}
