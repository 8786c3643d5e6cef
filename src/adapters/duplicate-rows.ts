import { type NoteWords, noteRows } from './note-rows.js'
import type { Column, Dialect, KeepOne } from './types.js'

/** How an engine says which rows are too many. */
export interface DuplicateWords extends NoteWords {
  /** A FROM clause with all rows but the first one of each group, under the alias `delta`. */
  surplus(relation: Parameters<Dialect['collapse']>[0], groups: { readonly by: string; readonly order: string }): string
  /** What two rows are equal in: all of those columns. */
  all(columns: readonly Column[]): string
  /** The groups of `keepOne`, and the order in which it takes the first row. */
  keys(rows: KeepOne): { readonly by: string; readonly order: string }
}

/** Writes down which rows `collapse` or `keepOne` takes out of a relation next. */
export function duplicateRows(words: DuplicateWords): Dialect['noteDuplicates'] {
  return ({ relation, columns, key, keep }, into, note) => {
    const all = words.all(columns)
    const groups = keep === undefined ? { by: all, order: all } : words.keys(keep)
    const rows = { from: words.surplus(relation, groups), where: [], key, columns: columns.map(({ name }) => name) }
    return { sql: noteRows(words, rows, { into, note }), note: 'write duplicate rows down' }
  }
}
