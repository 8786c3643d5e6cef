import { equal, names, qualified, quote } from '../names.js'
import { versionChanges } from '../version-changes.js'
import type { VersionWords } from '../versions.js'
import { statement } from './insert.js'
import { canonicalType } from './type-names.js'

const words: VersionWords = {
  quote,
  readsTarget: true,
  match: (key, a, b, nullSafe) => equal(names(key), a, b, nullSafe),
  same: (columns, a, b) => (columns.length === 0 ? 'true' : equal(names(columns), a, b, true)),
  equalTo: (_, a, b) => `${a} is not distinct from ${b}`,
  time: ({ name, type }, alias) =>
    canonicalType(type) === 'DATE' ? `cast(${qualified(name, alias)} as timestamp)` : qualified(name, alias),
  semi: (rows, others, on) => `from ${rows} where exists (select 1 from ${others} where ${on})`,
  anti: (rows, others, on) => `from ${rows} where not exists (select 1 from ${others} where ${on})`,
  hash: (expressions) => `md5(concat_ws('|', ${expressions.map((each) => `cast(${each} as varchar)`).join(', ')}))`,
}

export const { firstVersions, versionViews, pruneVersions, version } = versionChanges(words, {
  statement,
  keep: (_input, _change, { into, select }) =>
    statement(`create temp table ${into} as ${select}`, 'find versions that are new, end elsewhere or are gone'),
  drop: (relation) => [statement(`drop table ${relation}`, 'drop what was found')],
})
