/** A type's name in DuckDB's own spelling: aliases replaced, upper case, `DECIMAL` with width and scale. */
export function canonicalType(type: string): string {
  const words = type.match(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_]*|\d+|\S/g) ?? []
  const joined = words.map((word) => (/^["'\d]/.test(word) ? word : word.toUpperCase())).join(' ')
  return spellings.reduce((text, [pattern, spelling]) => text.replace(pattern, spelling), joined)
}

// Applied in order, to words separated by single spaces.
const spellings: readonly (readonly [RegExp, string])[] = [
  [/\b(?:TIMESTAMP|DATETIME) WITH TIME ZONE\b|\bTIMESTAMPTZ\b/g, 'TIMESTAMP_TZ'],
  [/\bTIMESTAMP WITHOUT TIME ZONE\b|\bDATETIME\b|\bTIMESTAMP_US\b/g, 'TIMESTAMP'],
  [/\bTIME WITH TIME ZONE\b|\bTIMETZ\b/g, 'TIME_TZ'],
  [/\bTIME WITHOUT TIME ZONE\b/g, 'TIME'],
  [/\bDOUBLE PRECISION\b|\bFLOAT8\b/g, 'DOUBLE'],
  [/\b(?:REAL|FLOAT4)\b/g, 'FLOAT'],
  [/\b(?:CHARACTER VARYING|TEXT|STRING|CHAR|BPCHAR|NVARCHAR)\b/g, 'VARCHAR'],
  [/\bVARCHAR \( \d+ \)/g, 'VARCHAR'],
  [/\b(?:NUMERIC|DEC)\b/g, 'DECIMAL'],
  [/\bDECIMAL \( (\d+) \)/g, 'DECIMAL ( $1 , 0 )'],
  [/\bDECIMAL(?! \()/g, 'DECIMAL ( 18 , 3 )'],
  [/\b(?:INT|INT4|INT32|SIGNED|INTEGRAL)\b/g, 'INTEGER'],
  [/\b(?:INT8|INT64|LONG)\b/g, 'BIGINT'],
  [/\b(?:INT2|INT16|SHORT)\b/g, 'SMALLINT'],
  [/\bINT1\b/g, 'TINYINT'],
  [/\bINT128\b/g, 'HUGEINT'],
  [/\bUINT8\b/g, 'UTINYINT'],
  [/\bUINT16\b/g, 'USMALLINT'],
  [/\bUINT32\b/g, 'UINTEGER'],
  [/\bUINT64\b/g, 'UBIGINT'],
  [/\bUINT128\b/g, 'UHUGEINT'],
  [/\b(?:BOOL|LOGICAL)\b/g, 'BOOLEAN'],
  [/\b(?:BYTEA|BINARY|VARBINARY)\b/g, 'BLOB'],
  [/\bGUID\b/g, 'UUID'],
  [/\bBITSTRING\b/g, 'BIT'],
  [/\bVARINT\b/g, 'BIGNUM'],
  [/\bTIMESTAMP_TZ\b/g, 'TIMESTAMP WITH TIME ZONE'],
  [/\bTIME_TZ\b/g, 'TIME WITH TIME ZONE'],
  [/ ?([()[\],]) ?/g, '$1'],
]

/** Width and scale of a canonical DECIMAL; undefined for other types. */
export function decimalParts(canonical: string): { readonly width: number; readonly scale: number } | undefined {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(canonical)
  return match === null ? undefined : { width: Number(match[1]), scale: Number(match[2]) }
}

/** Bits and sign of the integer types, by canonical name. */
export const integerTypes: Readonly<Record<string, { readonly bits: number; readonly signed: boolean }>> = {
  TINYINT: { bits: 8, signed: true },
  SMALLINT: { bits: 16, signed: true },
  INTEGER: { bits: 32, signed: true },
  BIGINT: { bits: 64, signed: true },
  HUGEINT: { bits: 128, signed: true },
  UTINYINT: { bits: 8, signed: false },
  USMALLINT: { bits: 16, signed: false },
  UINTEGER: { bits: 32, signed: false },
  UBIGINT: { bits: 64, signed: false },
  UHUGEINT: { bits: 128, signed: false },
}

/** The smallest value of a canonical integer type; undefined for other types. */
export function integerMinimum(canonical: string): bigint | undefined {
  const integer = integerTypes[canonical]
  if (integer === undefined) return undefined
  return integer.signed ? -(2n ** BigInt(integer.bits - 1)) : 0n
}
