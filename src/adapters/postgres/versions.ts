import { type Sql, text } from '../../core/index.js'
import { equal, list, qualified, quote, relation } from '../names.js'
import type { ApplyInput, Statement } from '../types.js'
import {
  actionColumn,
  changedVersions,
  firstVersions as first,
  type Version,
  type VersionWords,
  versionColumns,
} from '../versions.js'
import { canonicalType } from './canonical-type.js'
import { beforeJoin, statement } from './changes.js'
import { differs, isComparable, joined } from './comparison.js'

const words: VersionWords = {
  quote,
  match: joined,
  same: (columns, a, b) => `not (${differs(columns, a, b)})`,
  equalTo: (column, a, b) => {
    const [left, right] = isComparable(column) ? [a, b] : [`cast(${a} as text)`, `cast(${b} as text)`]
    return `${left} is not distinct from ${right}`
  },
  time: ({ name, type }, alias) =>
    canonicalType(type) === 'date' ? `cast(${qualified(name, alias)} as timestamp)` : qualified(name, alias),
  semi: (rows, others, on) => `from ${rows} where exists (select 1 from ${others} where ${on})`,
  anti: (rows, others, on) => `from ${rows} where not exists (select 1 from ${others} where ${on})`,
  hash: (expressions) => `md5(concat_ws('|', ${expressions.map((each) => `cast(${each} as text)`).join(', ')}))`,
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
    joined(key, 'target', 'delta', change.nullSafe),
    equal([change.names.validFrom], 'target', 'delta', false),
  ].join(' and ')
  const remove = (action: string) =>
    `delete from ${target} as target using ${changed} as delta where ${match} and delta.${actionColumn} = '${action}'`
  const find = `create temp table ${changed} on commit drop as ${changedVersions(words, input, change, { staging, target })}`
  return [
    statement([...beforeJoin(input, change.key), find], 'find versions that are new, end elsewhere or are gone'),
    ...(change.compared === undefined ? [] : [statement(remove('delete'), 'delete versions that are none', 'deleted')]),
    statement(remove('update'), 'delete the versions to update', 'updated'),
    statement(
      `insert into ${target} (${list(columns)}) select ${list(columns)} from ${changed} where ${actionColumn} <> 'delete'`,
      'insert versions that are new or differ',
      'written',
    ),
  ]
}
