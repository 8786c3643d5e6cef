import type { Wins } from '../../adapters/index.js'
import { normalizedCondition, within } from '../conditions.js'
import type { Strategy, StrategyInput } from './strategy.js'

/** Updates rows that match and differ, inserts the rest; against a filtered delta the newer row stays. */
export const merge: Strategy = {
  needs: ['unique_key'],
  takes: [
    'predicates',
    'update_columns',
    'exclude_columns',
    'update_when',
    'deletes',
    'history_columns',
    'late_rows',
    'duplicate_rows',
  ],
  allowsDuplicates: false,
  filtersByUpdatedAt: false,
  isDated: false,
  hasWindows: false,
  hasVersions: false,
  hasEvents: false,
  change: (input) => {
    const { key, updatedAt, updates, config, rules } = input
    const flagged = config.deletes?.when
    return {
      kind: 'upsert',
      key,
      ...(updatedAt === undefined ? {} : { updatedAt }),
      wins: winsOf(input),
      nullSafe: config.onNullKeys === 'match',
      ...within(config.predicates, rules),
      ...(updates === undefined ? {} : { updates }),
      remembers: config.remembers.map(({ column, previous }) => ({ column, previous })),
      deletes: {
        ...(flagged === undefined ? {} : { flagged: normalizedCondition(flagged, rules) }),
        missing: config.deletes?.missing === true,
      },
    }
  },
}

function winsOf({ config, updatedAt, isFiltered, rules }: StrategyInput): Wins {
  if (config.updateWhen !== undefined) return { by: 'condition', sql: normalizedCondition(config.updateWhen, rules) }
  return updatedAt !== undefined && isFiltered ? { by: 'newest' } : { by: 'delta' }
}
