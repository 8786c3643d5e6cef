import type { RowCounts } from '../core/index.js'
import type { Action } from '../plan/index.js'
import type { Counts } from './run-steps.js'

/** What a node's statements did to the rows of its relation. */
export function rowCounts(action: Action, counts: Counts): RowCounts {
  const of = (key: Parameters<Counts['get']>[0]) => counts.get(key) ?? 0
  const duplicates = of('duplicates')
  if (action !== 'apply') {
    return {
      inserted: of('staged') - of('dropped') - duplicates,
      updated: 0,
      deleted: 0,
      unchanged: 0,
      duplicates,
      late: 0,
    }
  }
  // Fewer rows are put in than taken out where the table had a key twice.
  const rewritten = Math.min(of('updated'), of('written'))
  return {
    inserted: of('written') - rewritten,
    updated: rewritten + of('filled'),
    deleted: of('deleted') + Math.max(0, Math.max(of('replaced'), of('updated')) - rewritten),
    unchanged: of('unchanged'),
    duplicates,
    late: of('late'),
  }
}

export function rowsAffected({ inserted, updated, deleted }: RowCounts): number {
  return inserted + updated + deleted
}

/** `3 inserted, 1 updated`, `unchanged`, `created`. */
export function describeCounts(action: Action, counts: RowCounts): string {
  if (action !== 'apply') return action === 'create' ? 'created' : 'replaced'
  const parts = [
    [counts.inserted, 'inserted'],
    [counts.updated, 'updated'],
    [counts.deleted, 'deleted'],
    [counts.late, 'late'],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]))
  return parts.length === 0 ? 'unchanged' : parts.join(', ')
}
