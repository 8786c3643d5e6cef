import { type Relation, type Sql, text } from '../core/index.js'
import type { RowNote } from './types.js'

/** How an engine says what rows that are written down need. */
export interface NoteWords {
  quote(identifier: string): string
  relation(relation: Relation): string
  value(text: string): string
  /** JSON text of those columns of `delta`, and of the whole row. */
  keyJson(key: readonly string[]): string
  rowJson(columns: readonly string[]): string
}

/** Rows under the alias `delta`. */
export interface NotedRows {
  readonly from: string
  readonly where: readonly string[]
  readonly key: readonly string[]
  readonly columns: readonly string[]
}

/** Writes rows down in a table of the state, as JSON; what is there for the same reason already is not repeated. */
export function noteRows(
  { quote, relation, value, keyJson, rowJson }: NoteWords,
  { from, where, key, columns }: NotedRows,
  { into, note }: { readonly into: Relation; readonly note: RowNote },
): Sql {
  const row = rowJson(columns)
  const same = [['relation', note.relation] as const, ['reason', note.reason] as const]
    .map(([column, given]) => `noted.${column} = ${value(given)}`)
    .join(' and ')
  const isNoted = `exists (select 1 from ${relation(into)} as noted where ${same} and noted.row_json = ${row})`
  const values = [
    value(note.relation),
    value(note.model),
    value(note.runId),
    key.length === 0 ? 'null' : keyJson(key),
    row,
    value(note.reason),
    value(note.notedAt),
  ]
  return text(
    `insert into ${relation(into)} (relation, model, run_id, ${quote('key')}, row_json, reason, noted_at)\nselect ${values.join(', ')} from ${from} where ${[...where, `not ${isNoted}`].join(' and ')}`,
  )
}
