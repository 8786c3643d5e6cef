import type { Strategy } from './strategy.js'

/** Replaces windows of time; which ones a run does, the ledger of those that are done says. */
export const timeRange: Strategy = {
  needs: ['event_time', 'begin', 'batch_size'],
  takes: ['duplicate_rows', 'concurrent_batches'],
  allowsDuplicates: false,
  filtersByUpdatedAt: false,
  isDated: false,
  hasWindows: true,
  hasVersions: false,
  hasEvents: false,
  change: ({ window, key }) =>
    window === undefined ? { kind: 'insert', existing: { by: 'nothing' } } : { kind: 'replace_window', window, key },
}
