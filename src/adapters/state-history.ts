import { type Sql, text } from '../core/index.js'

const own = { watermarks: 'column_name, value', intervals: 'starts_at, ends_at, status' } as const

/** Everything that a table of the state holds. */
export function stateHistory(table: string, kind: keyof typeof own): Sql {
  return text(`select relation, version, model, run_id, action, recorded_at, ${own[kind]} from ${table}`)
}
