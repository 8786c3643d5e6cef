const types: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'smallint',
  UTINYINT: 'smallint',
  SMALLINT: 'smallint',
  USMALLINT: 'integer',
  INTEGER: 'integer',
  UINTEGER: 'bigint',
  BIGINT: 'bigint',
  UBIGINT: 'numeric(20,0)',
  HUGEINT: 'numeric(39,0)',
  UHUGEINT: 'numeric(39,0)',
  FLOAT: 'real',
  DOUBLE: 'double precision',
  DATE: 'date',
  TIME: 'time without time zone',
  TIMESTAMP: 'timestamp without time zone',
  TIMESTAMP_S: 'timestamp without time zone',
  TIMESTAMP_MS: 'timestamp without time zone',
  TIMESTAMP_NS: 'timestamp without time zone',
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
  INTERVAL: 'interval',
  BLOB: 'bytea',
  UUID: 'uuid',
  JSON: 'jsonb',
}

/** The type for what a seed's values were found to be; nested values become jsonb, lists of plain values arrays. */
export function seedType(found: string): string {
  const decimal = /^DECIMAL(\(\d+,\d+\))$/.exec(found)
  if (decimal !== null) return `numeric${decimal[1]}`
  if (/^(?:STRUCT|MAP)\b/.test(found)) return 'jsonb'
  const list = /^([\s\S]*)\[\d*\]$/.exec(found)
  if (list !== null) {
    const element = seedType(list[1] ?? '')
    return element === 'jsonb' || element.endsWith('[]') ? 'jsonb' : `${element}[]`
  }
  return types[found] ?? 'text'
}
