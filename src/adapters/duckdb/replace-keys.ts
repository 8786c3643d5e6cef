import { equal, list, names, qualified, quote, relation } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { leftColumns, matching } from '../upsert-columns.js'
import { statement } from './insert.js'
import { hasRowIds } from './row-ids.js'

type ReplaceKeys = Extract<Change, { kind: 'replace_keys' }>

// Names that no user has.
const rowColumn = quote('__fft_row')
const timesColumn = quote('__fft_times')
const addedColumn = quote('__fft_added')
const removedColumn = quote('__fft_removed')

/** Replaces the rows of each key in the delta; keys whose rows are the same ones already are left alone. */
export function replaceKeys(input: ApplyInput, change: ReplaceKeys): readonly Statement[] {
  const { key, nullSafe } = change
  const [staging, old, changed] = [
    relation(input.staging),
    relation(input.scratch('old')),
    relation(input.scratch('changed')),
  ]
  const columns = list(names(input.deltaColumns))
  const differing = (alias: string) =>
    `exists (select 1 from ${changed} as changed where ${equal(key, alias, 'changed', nullSafe)})`
  return [
    statement(`create temp table ${old} as ${present(input, change)}`, 'find the rows of the keys'),
    statement(`create temp table ${changed} as ${changedKeys(input, key, old)}`, 'find the keys whose rows differ'),
    statement(countChanges(changed), 'count new rows, those that go, and updates', 'written'),
    statement(remove(input, change, { old, differing }), 'delete the rows of those keys'),
    statement(
      `insert into ${relation(input.target)} (${columns}) select ${columns} from ${staging} as delta where ${differing('delta')}`,
      'insert the rows of those keys',
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
  const row = hasRowIds([...input.targetColumns, ...input.deltaColumns]) ? [`target.rowid as ${rowColumn}`] : []
  const columns = [...row, list([...names(input.deltaColumns), ...names(leftColumns(input))], 'target')].join(', ')
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const joined = (from: string, nullSafe: boolean) =>
    `select ${columns} from ${target} as target semi join ${from} as delta on ${matching(equal(key, 'delta', 'target', nullSafe), change)}`
  if (!change.nullSafe) return joined(staging, false)
  const isNull = (alias?: string) => key.map((name) => `${qualified(name, alias)} is null`).join(' or ')
  return `${joined(staging, false)}
union all ${joined(`(select * from ${staging} where ${isNull()})`, true)} where ${isNull('target')}`
}

/** The keys whose rows are not the same multiset in delta and target, with how many there are on one side alone. */
function changedKeys(input: ApplyInput, key: readonly string[], old: string): string {
  // A column that left the SELECT becomes NULL, so rows with a value in it differ from what replaces them.
  const left = leftColumns(input)
  const columns = list(names(input.deltaColumns))
  const all = list([...names(input.deltaColumns), ...names(left)])
  const nulls = left.map(({ name, type }) => `, cast(null as ${type}) as ${quote(name)}`).join('')
  const both = `select ${columns}${nulls}, 1 as ${timesColumn} from ${relation(input.staging)} union all select ${all}, -1 from ${old}`
  const rows = `select ${all}, sum(${timesColumn}) as ${timesColumn} from (${both}) group by ${all} having sum(${timesColumn}) <> 0`
  const sums = `sum(greatest(${timesColumn}, 0)) as ${addedColumn}, sum(greatest(-${timesColumn}, 0)) as ${removedColumn}`
  return `select ${list(key)}, ${sums} from (${rows}) group by ${list(key)}`
}

/** A new row takes the place of an old one of its key: those are updates, the rest come or go. */
function countChanges(changed: string): string {
  const updated = `sum(least(${addedColumn}, ${removedColumn}))`
  return `select sum(${addedColumn}) as rows_affected, sum(${removedColumn}) as replaced, ${updated} as updated from ${changed}`
}

function remove(
  input: ApplyInput,
  change: ReplaceKeys,
  { old, differing }: { readonly old: string; readonly differing: (alias: string) => string },
): string {
  const target = relation(input.target)
  if (hasRowIds([...input.targetColumns, ...input.deltaColumns]))
    return `delete from ${target} where rowid in (select ${rowColumn} from ${old} as old where ${differing('old')})`
  const match = matching(equal(change.key, 'delta', 'target', change.nullSafe), change)
  const inDelta = `exists (select 1 from ${relation(input.staging)} as delta where ${match})`
  return `delete from ${target} as target where ${differing('target')}${change.within === undefined ? '' : ` and ${inDelta}`}`
}
