import { type Sql, text } from '../../core/index.js'
import { equal, list, names, qualified, quote, relation } from '../names.js'
import type { ApplyInput, Statement } from '../types.js'
import {
  actionColumn,
  changedVersions,
  firstVersions as first,
  type Version,
  type VersionWords,
  versionColumns,
} from '../versions.js'
import { statement } from './insert.js'
import { canonicalType } from './type-names.js'

const words: VersionWords = {
  quote,
  match: (key, a, b, nullSafe) => equal(names(key), a, b, nullSafe),
  same: (columns, a, b) => (columns.length === 0 ? 'true' : equal(names(columns), a, b, true)),
  equalTo: (_, a, b) => `${a} is not distinct from ${b}`,
  time: ({ name, type }, alias) =>
    canonicalType(type) === 'DATE' ? `cast(${qualified(name, alias)} as timestamp)` : qualified(name, alias),
  semi: (rows, others, on) => `from ${rows} where exists (select 1 from ${others} where ${on})`,
  anti: (rows, others, on) => `from ${rows} where not exists (select 1 from ${others} where ${on})`,
  hash: (expressions) => `md5(concat_ws('|', ${expressions.map((each) => `cast(${each} as varchar)`).join(', ')}))`,
}

export function firstVersions(input: ApplyInput, change: Version): Sql {
  return text(first(words, input, change, relation(input.staging)))
}

/** Finds what has to change of the history, takes the old rows of it out and puts the new ones in. */
export function version(input: ApplyInput, change: Version): readonly Statement[] {
  const [target, staging, changed] = [
    relation(input.target),
    relation(input.staging),
    relation(input.scratch('changed')),
  ]
  const columns = versionColumns(input, change)
  const key = input.targetColumns.filter(({ name }) => change.key.includes(name))
  const match = [
    words.match(key, 'target', 'delta', change.nullSafe),
    equal([change.names.validFrom], 'target', 'delta', false),
  ].join(' and ')
  const remove = (action: string) =>
    `delete from ${target} as target using ${changed} as delta where ${match} and delta.${actionColumn} = '${action}'`
  return [
    statement(
      `create temp table ${changed} as ${changedVersions(words, input, change, { staging, target })}`,
      'find versions that are new, end elsewhere or are gone',
    ),
    ...(change.compared === undefined ? [] : [statement(remove('delete'), 'delete versions that are none', 'deleted')]),
    statement(remove('update'), 'delete the versions to update', 'updated'),
    statement(
      `insert into ${target} (${list(columns)}) select ${list(columns)} from ${changed} where ${actionColumn} <> 'delete'`,
      'insert versions that are new or differ',
      'written',
    ),
    statement(`drop table ${changed}`, 'drop what was found'),
  ]
}
