import { within } from '../conditions.js'
import type { Strategy } from './strategy.js'

/** Replaces the set of rows of every key that is in the delta. */
export const deleteInsert: Strategy = {
  needs: ['unique_key'],
  takes: ['predicates'],
  allowsDuplicates: true,
  filtersByUpdatedAt: false,
  isDated: false,
  hasWindows: false,
  hasVersions: false,
  hasEvents: false,
  change: ({ key, config, rules }) => ({
    kind: 'replace_keys',
    key,
    nullSafe: config.onNullKeys === 'match',
    ...within(config.predicates, rules),
  }),
}
