import { qualified, quote } from '../names.js'
import { versionChanges } from '../version-changes.js'
import type { VersionWords } from '../versions.js'
import { canonicalType } from './canonical-type.js'
import { beforeJoin, statement } from './changes.js'
import { differs, isComparable, joined } from './comparison.js'

const words: VersionWords = {
  quote,
  readsTarget: true,
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

export const { firstVersions, versionViews, pruneVersions, version } = versionChanges(words, {
  statement: (sql, note, counts) => statement(sql, note, counts),
  keep: (input, change, { into, select }) =>
    statement(
      [...beforeJoin(input, change.key), `create temp table ${into} on commit drop as ${select}`],
      'find versions that are new, end elsewhere or are gone',
    ),
  drop: () => [],
})
