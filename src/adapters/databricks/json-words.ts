import type { JsonWords } from '../packed-events.js'
import { quote, relation, value } from './names.js'
import { stage } from './statements.js'

/** How Spark reads JSON: as a variant. */
export const jsonWords: JsonWords = {
  quote,
  relation,
  value,
  textType: 'string',
  integerType: 'bigint',
  prepare: [],
  fence: '',
  stage,
  parse: (expression) => `try_parse_json(cast(${expression} as string))`,
  known: (expression) => `parse_json(${expression})`,
  objectAt: (json, ...path) =>
    `case when schema_of_variant(${at(json, path)}) like 'OBJECT%' then ${at(json, path)} end`,
  textAt: (json, ...path) => at(json, path, 'string'),
  has: (json, key) => `${at(json, [key])} is not null`,
  print: (json) => `to_json(${json})`,
  cast: (expression, type) => `try_cast(${expression} as ${type})`,
  fields: (from, column) => {
    const type = 'schema_of_variant(field.value)'
    const kind = `case when ${type} = 'BIGINT' then 'integer' when ${type} = 'BOOLEAN' then 'boolean' when ${type} = 'STRING' then 'text' when ${type} = 'VOID' then 'null' when ${type} like 'OBJECT%' or ${type} like 'ARRAY%' then 'json' else 'number' end`
    return `select field.key as field, ${kind} as kind, field.pos as place from ${relation(from)} as events, lateral variant_explode(parse_json(events.${column})) as field`
  },
}

function at(json: string, path: readonly string[], type?: string): string {
  const steps = path.map((key) => `['${key.replaceAll("'", "\\'")}']`).join('')
  return `try_variant_get(${[json, value(`$${steps}`), ...(type === undefined ? [] : [value(type)])].join(', ')})`
}
