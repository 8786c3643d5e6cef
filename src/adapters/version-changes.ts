import { type Sql, text } from '../core/index.js'
import { equal, list, relation } from './names.js'
import type { ApplyInput, Counted, Statement } from './types.js'
import { versionViews } from './version-views.js'
import {
  actionColumn,
  changedVersions,
  firstVersions,
  oldVersions,
  type Version,
  type VersionWords,
  versionColumns,
} from './versions.js'

/** How an engine whose nodes are transactions changes a history. */
export interface VersionStatements {
  statement(sql: string, note: string, counts?: Counted): Statement
  /** Keeps the rows of a SELECT until the end of the transaction; says what has to stand before. */
  keep(input: ApplyInput, change: Version, rows: { readonly into: string; readonly select: string }): Statement
  /** Drops them, where they do not end with the transaction. */
  drop(relation: string): readonly Statement[]
}

/** Everything about histories, for such an engine. */
export function versionChanges(words: VersionWords, { statement, keep, drop }: VersionStatements) {
  const matchOf = ({ targetColumns }: ApplyInput, { key, nullSafe, names }: Version) => {
    const columns = targetColumns.filter(({ name }) => key.includes(name))
    return `${words.match(columns, 'target', 'delta', nullSafe)} and ${equal([names.validFrom], 'target', 'delta', false)}`
  }
  return {
    firstVersions: (input: ApplyInput, change: Version): Sql =>
      text(firstVersions(words, input, change, relation(input.staging))),
    versionViews: (input: ApplyInput, change: Version): { readonly current: Sql; readonly history: Sql } => {
      const { current, history } = versionViews(words, input, change, relation(input.target))
      return { current: text(current), history: text(history) }
    },
    pruneVersions: (input: ApplyInput, change: Version, count: number): readonly Statement[] => {
      const target = relation(input.target)
      const old = oldVersions(words, change, { target, keep: count })
      const sql = `delete from ${target} as target using (${old}) as delta where ${matchOf(input, change)}`
      return [statement(sql, `delete all but the last ${count} versions of a key`, 'deleted')]
    },
    /** Finds what has to change of the history, takes the old rows of it out and puts the new ones in. */
    version: (input: ApplyInput, change: Version): readonly Statement[] => {
      const [target, staging] = [relation(input.target), relation(input.staging)]
      const changed = relation(input.scratch('changed'))
      const columns = list(versionColumns(input, change))
      const remove = (action: string) =>
        `delete from ${target} as target using ${changed} as delta where ${matchOf(input, change)} and delta.${actionColumn} = '${action}'`
      const insert = `insert into ${target} (${columns}) select ${columns} from ${changed} where ${actionColumn} <> 'delete'`
      const gone = statement(remove('delete'), 'delete versions that are none', 'deleted')
      return [
        keep(input, change, { into: changed, select: changedVersions(words, input, change, { staging, target }) }),
        ...(change.compared === undefined ? [] : [gone]),
        statement(remove('update'), 'delete the versions to update', 'updated'),
        statement(insert, 'insert versions that are new or differ', 'written'),
        ...drop(changed),
      ]
    },
  }
}
