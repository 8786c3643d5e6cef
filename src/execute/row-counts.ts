import type { RowCounts } from '../core/index.js'
import type { Action } from '../plan/index.js'
import type { Counts } from './run-steps.js'

/** What a node's statements did to the rows of its relation. */
export function rowCounts(action: Action, counts: Counts): RowCounts {
  const of = (key: Parameters<Counts['get']>[0]) => counts.get(key) ?? 0
  const duplicates = of('duplicates')
  if (action !== 'apply') {
    return {
      // A history is built from staged rows, and has as many as are written of them.
      inserted: of('written') > 0 ? of('written') : of('staged') - of('dropped') - duplicates,
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

/** `3 inserted, 1 updated`, `unchanged`, `created, 1 duplicate`. */
export function describeCounts(action: Action, counts: RowCounts): string {
  const { inserted, updated, deleted, late, duplicates } = counts
  const told = (count: number, word: string) => (count === 0 ? [] : [`${count} ${word}`])
  const beside = [...told(late, 'late'), ...told(duplicates, duplicates === 1 ? 'duplicate' : 'duplicates')]
  if (action !== 'apply') return [action === 'create' ? 'created' : 'replaced', ...beside].join(', ')
  const changed = [...told(inserted, 'inserted'), ...told(updated, 'updated'), ...told(deleted, 'deleted')]
  return [...(changed.length === 0 && late === 0 ? ['unchanged'] : changed), ...beside].join(', ')
}
