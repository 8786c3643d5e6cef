/** A type's name in Postgres' own spelling (`format_type`): aliases replaced, lower case, numeric with its scale. */
export function canonicalType(type: string): string {
  const words = type.match(/"(?:[^"]|"")*"|[A-Za-z_][A-Za-z0-9_]*|-?\d+|\S/g) ?? []
  const joined = words.map((word) => (word.startsWith('"') ? word : word.toLowerCase())).join(' ')
  return spellings.reduce((text, [pattern, spelling]) => text.replace(pattern, spelling), joined)
}

const precision = '( \\( \\d \\))?'

// Applied in order, to words separated by single spaces.
const spellings: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^timestamptz${precision}`), 'timestamp$1 with time zone'],
  [new RegExp(`^timestamp${precision}(?= \\[|$)`), 'timestamp$1 without time zone'],
  [new RegExp(`^timetz${precision}`), 'time$1 with time zone'],
  [new RegExp(`^time${precision}(?= \\[|$)`), 'time$1 without time zone'],
  [/^(?:int4|int|serial4|serial)\b/, 'integer'],
  [/^(?:int8|bigserial|serial8)\b/, 'bigint'],
  [/^(?:int2|smallserial|serial2)\b/, 'smallint'],
  [/^float8\b/, 'double precision'],
  [/^float \( (\d+) \)/, 'float_$1'],
  [/^float(?= \[|$)/, 'double precision'],
  [/^float_(?:[1-9]|1\d|2[0-4])\b/, 'real'],
  [/^float_\d+\b/, 'double precision'],
  [/^float4\b/, 'real'],
  [/^bool\b/, 'boolean'],
  [/^(?:decimal|dec)\b/, 'numeric'],
  [/^numeric \( (\d+) \)/, 'numeric ( $1 , 0 )'],
  [/^varchar\b/, 'character varying'],
  [/^(?:char|character)(?= \[|$)/, 'character ( 1 )'],
  [/^(?:char|bpchar) \(/, 'character ('],
  [/^varbit\b/, 'bit varying'],
  [/^bit(?= \[|$)/, 'bit ( 1 )'],
  [/\[ \d+ \]/g, '[ ]'],
  [/ ?([()[\],]) ?/g, '$1'],
  [/\)(?=[a-z])/g, ') '],
]

/** Precision and scale of a canonical numeric that has both; undefined for other types. */
export function numericParts(canonical: string): { readonly precision: number; readonly scale: number } | undefined {
  const match = /^numeric\((\d+),(-?\d+)\)$/.exec(canonical)
  return match === null ? undefined : { precision: Number(match[1]), scale: Number(match[2]) }
}

/** Bits of the integer types, by canonical name. */
export const integerBits: Readonly<Record<string, number>> = { smallint: 16, integer: 32, bigint: 64 }

/** Digits behind the seconds of a canonical type of time; 6 when it names none. Undefined for other types. */
export function secondDigits(canonical: string): { readonly kind: string; readonly digits: number } | undefined {
  const match = /^(timestamp|time)(?:\((\d)\))? (with|without) time zone$/.exec(canonical)
  if (match === null) return undefined
  return { kind: `${match[1]} ${match[3]} time zone`, digits: Number(match[2] ?? 6) }
}
