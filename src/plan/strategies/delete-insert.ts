import type { Strategy } from './strategy.js'

/** Replaces the set of rows of every key that is in the delta. */
export const deleteInsert: Strategy = {
  needsKey: true,
  allowsDuplicates: true,
  change: ({ key, config }) => ({ kind: 'replace_keys', key, nullSafe: config.onNullKeys === 'match' }),
}
