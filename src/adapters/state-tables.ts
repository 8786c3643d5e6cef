import type { StateTable } from './types.js'

/** The columns of each table of the state, as DDL. `strict`: whether the engine holds `not null`. */
export function stateColumns(
  types: { readonly text: string; readonly strict: boolean },
  quote: (identifier: string) => string,
): Readonly<Record<StateTable, string>> {
  const { text } = types
  const needed = types.strict ? ' not null' : ''
  const run = `run_id ${text}, action ${text}${needed}, recorded_at ${text}${needed}`
  const version = `relation ${text}${needed}, version bigint${needed}, model ${text}`
  const notes = `relation ${text}${needed}, model ${text}, run_id ${text}, ${quote('key')} ${text}, row_json ${text}, reason ${text}, noted_at ${text}`
  return {
    watermarks: `${version}, column_name ${text}${needed}, value ${text}, ${run}`,
    intervals: `${version}, starts_at ${text}, ends_at ${text}, status ${text}${needed}, ${run}`,
    late_rows: notes,
    duplicate_rows: notes,
    runs: `run_id ${text}, command ${text}, environment ${text}, fft_version ${text}, status ${text}, started_at ${text}, finished_at ${text}`,
    node_runs: `run_id ${text}, relation ${text}${needed}, model ${text}, status ${text}, started_at ${text}, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint`,
    dead_letters: `relation ${text}${needed}, model ${text}, run_id ${text}, event_json ${text}, reason ${text}, noted_at ${text}`,
  }
}
