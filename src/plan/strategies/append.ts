import type { Strategy } from './strategy.js'

/**
 * Inserts. Rows that are there already are known by their key; without one, with a watermark, as a multiset over the
 * rows in its range; without both the delta is trusted to be new.
 */
export const append: Strategy = {
  needs: [],
  takes: ['late_rows', 'duplicate_rows'],
  allowsDuplicates: false,
  filtersByUpdatedAt: true,
  isDated: false,
  hasWindows: false,
  hasVersions: false,
  hasEvents: false,
  change: ({ key, updatedAt, range, config }) => {
    if (key.length > 0) return { kind: 'insert', existing: { by: 'key', key, nullSafe: config.onNullKeys === 'match' } }
    if (updatedAt === undefined && range === undefined) return { kind: 'insert', existing: { by: 'nothing' } }
    return { kind: 'insert', existing: { by: 'rows', ...(range === undefined ? {} : { range }) } }
  },
}
