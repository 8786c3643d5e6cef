/** A row of the small world that the laws are tried in; NULL is null. `extra` comes with schema growth. */
export interface Row {
  readonly id: number | null
  readonly v: number | null
  /** Hours since the beginning; how it is written is the subject's business. */
  readonly t: number | null
  readonly extra: string | null
}

/** The type of column `t`. */
export type TimeType = 'integer' | 'timestamp' | 'date'

const began = Date.UTC(2024, 0, 1)

/** `t` as an SQL literal. */
export function timeLiteral(t: number | null, type: TimeType): string {
  if (t === null) return `cast(null as ${type})`
  return type === 'integer' ? String(t) : `${type} '${timeText(t, type)}'`
}

/** `t` as the engine prints it. Timestamps differ in their microseconds alone, which drivers like to lose. */
export function timeText(t: number | null, type: TimeType): string | null {
  if (t === null) return null
  if (type === 'integer') return String(t)
  if (type === 'date') return new Date(began + t * 86_400_000).toISOString().slice(0, 10)
  return `2024-01-01 00:00:00.${String(100_000 + t)
    .padStart(6, '0')
    .replace(/0+$/, '')}`
}

/** A row as text, to compare and to sort by. */
export function rowText(row: Row, type: TimeType): string {
  return JSON.stringify(
    [row.id, row.v, timeText(row.t, type), row.extra].map((cell) => (cell === null ? null : String(cell))),
  )
}

/** Rows as sorted texts: two lists are equal when the multisets are. */
export function texts(rows: readonly Row[], type: TimeType): readonly string[] {
  return rows.map((row) => rowText(row, type)).sort()
}
