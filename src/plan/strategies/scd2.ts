import { sameName } from '../../core/index.js'
import type { Strategy, StrategyInput } from './strategy.js'

/** A row for each version of a key, valid from one instant until the next. */
export const scd2: Strategy = {
  needs: ['unique_key', 'updated_at or check_cols'],
  takes: ['late_rows', 'check_cols', 'hard_deletes', 'history_names', 'views'],
  allowsDuplicates: false,
  filtersByUpdatedAt: false,
  isDated: false,
  hasWindows: false,
  hasVersions: true,
  hasEvents: false,
  change: (input) => {
    const { config, key, updatedAt, now } = input
    const compared = comparedColumns(input)
    const { deletions = 'ignore', names } = config.versions ?? {}
    if (names === undefined) throw new Error('a history without names: this is a bug in fft')
    const { isDeleted, ...others } = names
    return {
      kind: 'version',
      key,
      nullSafe: config.onNullKeys === 'match',
      ...(updatedAt === undefined ? {} : { updatedAt }),
      now,
      ...(compared === undefined ? {} : { compared }),
      deletions,
      names: deletions === 'new_record' ? { ...others, isDeleted } : others,
    }
  },
}

/** As the delta spells them. */
function comparedColumns({ config, columns, key, updatedAt }: StrategyInput): readonly string[] | undefined {
  const compared = config.versions?.compared
  if (compared === undefined) return undefined
  const others = columns.filter((name) => !key.includes(name) && name !== updatedAt)
  return compared === 'all' ? others : columns.filter((name) => compared.some((each) => sameName(each, name)))
}
