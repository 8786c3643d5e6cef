/** A type as the protocol tells it: the number in `pg_type` and the modifier (length, precision). */
export interface TypeId {
  readonly oid: number
  readonly modifier: number
}

const plain: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  18: '"char"',
  19: 'name',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  26: 'oid',
  114: 'json',
  142: 'xml',
  650: 'cidr',
  700: 'real',
  701: 'double precision',
  790: 'money',
  829: 'macaddr',
  869: 'inet',
  1082: 'date',
  2950: 'uuid',
  3802: 'jsonb',
}

/** Types with a precision, a length or both, by their number. */
const modified: Readonly<Record<number, (modifier: number) => string>> = {
  1042: (modifier) => (modifier < 4 ? 'bpchar' : `character(${modifier - 4})`),
  1043: (modifier) => (modifier < 4 ? 'character varying' : `character varying(${modifier - 4})`),
  1083: (modifier) => `time${precision(modifier)} without time zone`,
  1114: (modifier) => `timestamp${precision(modifier)} without time zone`,
  1184: (modifier) => `timestamp${precision(modifier)} with time zone`,
  1266: (modifier) => `time${precision(modifier)} with time zone`,
  1560: (modifier) => (modifier < 0 ? 'bit' : `bit(${modifier})`),
  1562: (modifier) => (modifier < 0 ? 'bit varying' : `bit varying(${modifier})`),
  1700: numeric,
}

const elements: Readonly<Record<number, number>> = {
  199: 114,
  1000: 16,
  1001: 17,
  1005: 21,
  1007: 23,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1231: 1700,
  1270: 1266,
  1561: 1560,
  1563: 1562,
  2951: 2950,
  3807: 3802,
}

function precision(modifier: number): string {
  return modifier < 0 ? '' : `(${modifier})`
}

function numeric(modifier: number): string {
  if (modifier < 4) return 'numeric'
  const packed = modifier - 4
  // The scale may be negative since version 15.
  const scale = ((packed & 0x7ff) ^ 0x400) - 0x400
  return `numeric(${(packed >> 16) & 0xffff},${scale})`
}

/** The number of an array type's element; undefined for other types and for arrays that are not built in. */
export function elementOf(oid: number): number | undefined {
  return elements[oid]
}

/** What `format_type` gives for a built-in type; undefined for others, which only the server can name. */
export function builtInName({ oid, modifier }: TypeId): string | undefined {
  const name = plain[oid] ?? modified[oid]?.(modifier)
  if (name !== undefined) return name
  // An interval's modifier is a bit field of units, which is rare enough to ask for.
  if (oid === 1186) return modifier === -1 ? 'interval' : undefined
  const element = elements[oid]
  const elementName = element === undefined ? undefined : builtInName({ oid: element, modifier })
  return elementName === undefined ? undefined : `${elementName}[]`
}
