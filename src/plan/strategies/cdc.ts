import type { Strategy } from './strategy.js'

/** The last event of each key, whatever the order in which the events come. */
export const cdc: Strategy = {
  needs: ['unique_key', 'cdc'],
  takes: ['cdc'],
  allowsDuplicates: true,
  filtersByUpdatedAt: false,
  isDated: false,
  hasWindows: false,
  hasVersions: false,
  hasEvents: true,
  change: ({ key, config, laterEvent }) => {
    if (laterEvent === undefined) throw new Error('change events without an order: this is a bug in fft')
    return {
      kind: 'upsert',
      key,
      wins: { by: 'condition', sql: laterEvent.sql },
      differsIn: laterEvent.columns,
      nullSafe: config.onNullKeys === 'match',
      remembers: [],
      deletes: { missing: false },
    }
  },
}
