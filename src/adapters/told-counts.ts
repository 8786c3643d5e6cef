import type { Counted, Written } from './types.js'

/**
 * What a statement that counts by itself tells in its one row: `rows_affected`, and behind it whatever else it counts, by
 * the names of `Counted`. Undefined: it is a query like any other.
 */
export function toldCounts(columns: readonly string[], row: readonly unknown[] | undefined): Written | undefined {
  const [first, ...others] = columns
  if (first !== 'rows_affected' || row === undefined) return undefined
  const counted = others.map((name, index) => [name as Counted, Number(row[index + 1] ?? 0)] as const)
  const rowsAffected = Number(row[0] ?? 0)
  return counted.length === 0 ? { rowsAffected } : { rowsAffected, counted: Object.fromEntries(counted) }
}
