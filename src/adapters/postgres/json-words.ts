import { text } from '../../core/index.js'
import { quote, relation, value } from '../names.js'
import type { JsonWords } from '../packed-events.js'
import { safeCast } from './safe-cast.js'
import { stage } from './statements.js'

const parse = 'pg_temp.__fft_parse_json'

/** How Postgres reads JSON. Before 16 nothing tells whether a text is JSON, so a function of the session tries. */
export const jsonWords: JsonWords = {
  quote,
  relation,
  value,
  textType: 'text',
  integerType: 'bigint',
  prepare: [
    {
      sql: text(
        `create or replace function ${parse}(given text) returns json language plpgsql immutable as $$ begin return cast(given as json); exception when invalid_text_representation then return null; end $$`,
      ),
      note: 'make a function of the session that tries to read JSON',
    },
  ],
  fence: ' offset 0',
  stage,
  parse: (expression) => `${parse}(cast(${expression} as text))`,
  known: (expression) => `cast(${expression} as json)`,
  objectAt: (json, ...path) =>
    `case when json_typeof(${json} #> ${keys(path)}) = 'object' then ${json} #> ${keys(path)} end`,
  textAt: (json, ...path) => `${json} #>> ${keys(path)}`,
  has: (json, key) => `${json} -> ${value(key)} is not null`,
  print: (json) => `cast(${json} as text)`,
  cast: (expression, type) => safeCast(`(${expression})`, type),
  fields: (from, column) => {
    const integer = "field.value::text ~ '^-?[0-9]+$'"
    const kind = `case json_typeof(field.value) when 'number' then case when ${integer} then 'integer' else 'number' end when 'boolean' then 'boolean' when 'string' then 'text' when 'null' then 'null' else 'json' end`
    return `select field.key as field, ${kind} as kind, field.place as place from ${relation(from)} as events, json_each(cast(events.${column} as json)) with ordinality as field(key, value, place)`
  },
}

function keys(path: readonly string[]): string {
  return `array[${path.map(value).join(', ')}]`
}
