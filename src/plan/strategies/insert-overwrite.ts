import type { Strategy } from './strategy.js'

/** Replaces the partitions that are in the delta; NULL is a partition like any other. */
export const insertOverwrite: Strategy = {
  needs: ['partition_by'],
  takes: ['duplicate_rows'],
  allowsDuplicates: false,
  filtersByUpdatedAt: false,
  isDated: false,
  hasWindows: false,
  hasVersions: false,
  hasEvents: false,
  change: ({ partitionBy }) => ({ kind: 'replace_keys', key: partitionBy, nullSafe: true }),
}
