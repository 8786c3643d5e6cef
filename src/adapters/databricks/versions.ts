import { type Sql, text } from '../../core/index.js'
import type { ApplyInput, Statement } from '../types.js'
import { versionViews as views } from '../version-views.js'
import {
  actionColumn,
  changedVersions,
  firstVersions as first,
  oldVersions,
  type Version,
  type VersionWords,
  versionColumns,
} from '../versions.js'
import { comparable, equal, list, names, qualified, quote, relation } from './names.js'
import { isComparable } from './type-names.js'

const words: VersionWords = {
  quote,
  // A MERGE whose source asks the target for one value is refused.
  readsTarget: false,
  match: (key, a, b, nullSafe) => equal(names(key), a, b, nullSafe),
  same: (columns, a, b) =>
    columns.length === 0
      ? 'true'
      : columns.map((column) => `${comparable(column, a)} <=> ${comparable(column, b)}`).join(' and '),
  equalTo: ({ type }, a, b) => (isComparable(type) ? `${a} <=> ${b}` : `to_json(${a}) <=> to_json(${b})`),
  time: ({ name, type }, alias) =>
    type.toLowerCase() === 'date' ? `cast(${qualified(name, alias)} as timestamp)` : qualified(name, alias),
  // In a subquery a column that is called like an alias outside would hide that alias; in a join it does not.
  semi: (rows, others, on) => `from ${rows} left semi join ${others} on ${on}`,
  anti: (rows, others, on) => `from ${rows} left anti join ${others} on ${on}`,
  hash: (expressions) => `md5(concat_ws('|', ${expressions.map((each) => `cast(${each} as string)`).join(', ')}))`,
}

function firstVersions(input: ApplyInput, change: Version): Sql {
  return text(first(words, input, change, relation(input.staging)))
}

/** What a history needs beside its changes. */
export const histories = { firstVersions, pruneVersions, versionViews }

/** One MERGE of the versions that are new, end elsewhere or are gone. */
export function version(input: ApplyInput, change: Version): readonly Statement[] {
  const columns = versionColumns(input, change)
  const action = `delta.${actionColumn}`
  const lines = [
    `merge into ${relation(input.target)} as target using (${changedRows(input, change)}) as delta on ${matchOf(input, change)}`,
    ...(change.compared === undefined ? [] : [`when matched and ${action} = 'delete' then delete`]),
    `when matched then update set ${columns.map((name) => `target.${quote(name)} = delta.${quote(name)}`).join(', ')}`,
    `when not matched then insert (${list(columns)}) values (${list(columns, 'delta')})`,
  ]
  return [
    { sql: text(lines.join('\n')), note: 'update versions that end elsewhere, insert new ones', counts: 'written' },
  ]
}

function versionViews(input: ApplyInput, change: Version): { readonly current: Sql; readonly history: Sql } {
  const { current, history } = views(words, input, change, relation(input.target))
  return { current: text(current), history: text(history) }
}

function pruneVersions(input: ApplyInput, change: Version, keep: number): readonly Statement[] {
  const target = relation(input.target)
  const old = oldVersions(words, change, { target, keep })
  const sql = `merge into ${target} as target using (${old}) as delta on ${matchOf(input, change)} when matched then delete`
  return [{ sql: text(sql), note: `delete all but the last ${keep} versions of a key`, counts: 'deleted' }]
}

/** The versions that are not among the newest of their key. */
export function oldRows(input: ApplyInput, change: Version, keep: number): string {
  return oldVersions(words, change, { target: relation(input.target), keep })
}

/** The rows of the history that have to change, with what becomes of them. */
export function changedRows(input: ApplyInput, change: Version): string {
  return changedVersions(words, input, change, { staging: relation(input.staging), target: relation(input.target) })
}

export function matchOf({ targetColumns }: ApplyInput, { key, nullSafe, names: { validFrom } }: Version): string {
  const columns = targetColumns.filter(({ name }) => key.includes(name))
  return `${words.match(columns, 'target', 'delta', nullSafe)} and ${equal([validFrom], 'target', 'delta', false)}`
}
