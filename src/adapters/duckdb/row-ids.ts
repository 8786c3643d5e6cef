import { sameName } from '../names.js'
import type { Column } from '../types.js'

/** Whether `rowid` is the number that DuckDB gives each row: a column of that name hides it. */
export function hasRowIds(columns: readonly Column[]): boolean {
  return !columns.some((column) => sameName(column.name, 'rowid'))
}
