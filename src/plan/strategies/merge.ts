import type { Strategy } from './strategy.js'

/** Updates rows that match and differ, inserts the rest; against a filtered delta the newer row stays. */
export const merge: Strategy = {
  needsKey: true,
  allowsDuplicates: false,
  change: ({ key, updatedAt, isFiltered, config }) => ({
    kind: 'upsert',
    key,
    ...(updatedAt === undefined ? {} : { updatedAt }),
    newestWins: updatedAt !== undefined && isFiltered,
    nullSafe: config.onNullKeys === 'match',
  }),
}
