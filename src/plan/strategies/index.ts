import type { IncrementalConfig, StrategyName } from '../../config/index.js'
import { append } from './append.js'
import { deleteInsert } from './delete-insert.js'
import { merge } from './merge.js'
import type { Strategy } from './strategy.js'

export type { Strategy, StrategyInput } from './strategy.js'

/** Every strategy that the configuration accepts; `undefined` is not built yet. Add one here and in a file beside. */
const strategies: { readonly [Name in StrategyName]: Strategy | undefined } = {
  merge,
  append,
  'delete+insert': deleteInsert,
  insert_overwrite: undefined,
  time_range: undefined,
  snapshot_date: undefined,
  cdc: undefined,
  scd2: undefined,
}

/** The strategy of a configuration: `merge` with a key, else `append`, unless it says so. */
export function strategyName(config: IncrementalConfig): StrategyName {
  return config.strategy ?? (config.uniqueKey.length > 0 ? 'merge' : 'append')
}

/** Strategies that can be asked for. */
export function builtStrategies(): readonly string[] {
  return Object.entries(strategies).flatMap(([name, strategy]) => (strategy === undefined ? [] : [name]))
}

export function strategyOf(config: IncrementalConfig): Strategy | undefined {
  return strategies[strategyName(config)]
}
