import { quote } from './names.js'
import { canonicalType, parseType } from './type-names.js'

const others: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamp',
  'timestamp without time zone': 'timestamp_ntz',
  timestamptz: 'timestamp',
  timestamp_s: 'timestamp',
  timestamp_ms: 'timestamp',
  timestamp_ns: 'timestamp',
  datetime: 'timestamp',
  'double precision': 'double',
  'character varying': 'string',
  utinyint: 'smallint',
  usmallint: 'int',
  uinteger: 'bigint',
  ubigint: 'decimal(20,0)',
  hugeint: 'decimal(38,0)',
  uhugeint: 'decimal(38,0)',
  int4: 'int',
  int8: 'bigint',
  float8: 'double',
  blob: 'binary',
  bytea: 'binary',
  json: 'string',
  jsonb: 'string',
  uuid: 'string',
  time: 'string',
  interval: 'string',
}

/** The engine's type for a name that another engine has for it too: `VARCHAR` is `string`, `INTEGER[]` `array<int>`. */
export function seedType(name: string): string {
  const text = name.trim()
  const known = others[text.toLowerCase()]
  if (known !== undefined) return known
  const nested = nestedType(text)
  if (nested !== undefined) return nested
  const { name: base, numbers } = parseType(text)
  const needsLength = base === 'varchar' || base === 'char'
  return needsLength && numbers.length === 0 ? 'string' : canonicalType(text)
}

function nestedType(text: string): string | undefined {
  const list = /^([\s\S]*)\[\d*\]$/.exec(text)?.[1]
  if (list !== undefined) return `array<${seedType(list)}>`
  const [, kind, inner] = /^(STRUCT|MAP)\(([\s\S]*)\)$/i.exec(text) ?? []
  if (kind === undefined || inner === undefined) return undefined
  const parts = partsOf(inner)
  if (kind.toUpperCase() === 'MAP') return `map<${parts.map(seedType).join(',')}>`
  return `struct<${parts.map(field).join(',')}>`
}

function field(text: string): string {
  const [, quoted, plain, type = ''] = /^(?:"((?:[^"]|"")*)"|(\S+))\s+([\s\S]+)$/.exec(text) ?? []
  return `${quote(quoted?.replaceAll('""', '"') ?? plain ?? text)}:${seedType(type)}`
}

/** What stands between the commas outside of brackets and quotes. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = []
  let part = ''
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"]|"")*"|[\s\S]/g)) {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0
    if (token !== ',' || depth > 0) part += token
    else {
      parts.push(part.trim())
      part = ''
    }
  }
  return [...parts, part.trim()]
}
