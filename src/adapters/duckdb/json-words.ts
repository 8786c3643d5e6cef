import { quote, relation, value } from '../names.js'
import type { JsonWords } from '../packed-events.js'
import { stage } from './statements.js'
import { canonicalType } from './type-names.js'

/** How DuckDB reads JSON: paths are JSON pointers, in which any key can be written. */
export const jsonWords: JsonWords = {
  quote,
  relation,
  value,
  textType: 'varchar',
  integerType: 'bigint',
  prepare: [],
  fence: '',
  stage,
  parse: (expression) => `try_cast(${expression} as json)`,
  known: (expression) => expression,
  objectAt: (json, ...path) =>
    `case when json_type(${json}, ${pointer(path)}) = 'OBJECT' then json_extract(${json}, ${pointer(path)}) end`,
  textAt: (json, ...path) => `json_extract_string(${json}, ${pointer(path)})`,
  has: (json, key) => `json_exists(${json}, ${pointer([key])})`,
  print: (json) => `cast(${json} as varchar)`,
  cast: (expression, type) =>
    // A cast of `1.5` would round.
    /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/.test(canonicalType(type))
      ? `case when regexp_full_match(${expression}, '[+-]?[0-9]+') then try_cast(${expression} as ${type}) end`
      : `try_cast(${expression} as ${type})`,
  fields: (from, column) =>
    `select field.key as field, case field.type ${kinds} else 'json' end as kind, field.rowid as place from ${relation(from)} as events, json_each(events.${column}) as field`,
}

const kinds = Object.entries({
  UBIGINT: 'integer',
  BIGINT: 'integer',
  DOUBLE: 'number',
  BOOLEAN: 'boolean',
  VARCHAR: 'text',
  NULL: 'null',
})
  .map(([type, kind]) => `when '${type}' then '${kind}'`)
  .join(' ')

function pointer(path: readonly string[]): string {
  return value(path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''))
}
