import { canonicalType, parseType } from './type-names.js'

const others: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamp',
  'timestamp without time zone': 'timestamp_ntz',
  timestamptz: 'timestamp',
  datetime: 'timestamp',
  'double precision': 'double',
  'character varying': 'string',
  hugeint: 'decimal(38,0)',
  blob: 'binary',
  bytea: 'binary',
  json: 'string',
  uuid: 'string',
}

/** The engine's type for a name that another engine has for it too: `VARCHAR` and `TEXT` are `string`. */
export function seedType(name: string): string {
  const known = others[name.trim().toLowerCase()]
  if (known !== undefined) return known
  const { name: base, numbers } = parseType(name)
  const needsLength = base === 'varchar' || base === 'char'
  return needsLength && numbers.length === 0 ? 'string' : canonicalType(name)
}
