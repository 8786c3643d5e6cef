import type { IncrementalConfig, StrategyName } from '../../config/index.js'
import { append } from './append.js'
import { cdc } from './cdc.js'
import { deleteInsert } from './delete-insert.js'
import { insertOverwrite } from './insert-overwrite.js'
import { merge } from './merge.js'
import { scd2 } from './scd2.js'
import { scd3 } from './scd3.js'
import { snapshotDate } from './snapshot-date.js'
import type { Strategy, TakenKey } from './strategy.js'
import { timeRange } from './time-range.js'

export type { NeededKey, Strategy, StrategyInput, TakenKey } from './strategy.js'

/** Every strategy that the configuration accepts. Add one here and in a file beside. */
const strategies: { readonly [Name in StrategyName]: Strategy } = {
  merge,
  append,
  'delete+insert': deleteInsert,
  insert_overwrite: insertOverwrite,
  time_range: timeRange,
  snapshot_date: snapshotDate,
  scd3,
  cdc,
  scd2,
}

/** The strategy of a configuration, unless it says so: `cdc` with change events, `merge` with a key, else `append`. */
export function strategyName(config: IncrementalConfig): StrategyName {
  if (config.strategy === undefined && config.cdc !== undefined) return 'cdc'
  return config.strategy ?? (config.uniqueKey.length > 0 ? 'merge' : 'append')
}

/** Whether the source no longer holds all that the table holds, so that a rebuild would lose it. */
export function keepsHistory(config: IncrementalConfig): boolean {
  const strategy = strategyOf(config)
  return strategy.isDated || strategy.hasVersions || strategy.hasEvents || config.remembers.length > 0
}

/** Whether a run does windows of time. */
export function hasWindows(config: IncrementalConfig | undefined): boolean {
  return config !== undefined && strategyOf(config).hasWindows === true
}

/** Whether a key has a row for each of its versions. */
export function hasVersions(config: IncrementalConfig | undefined): boolean {
  return config !== undefined && strategyOf(config).hasVersions === true
}

/** Whether the rows are change events. */
export function hasEvents(config: IncrementalConfig | undefined): boolean {
  return config !== undefined && strategyOf(config).hasEvents === true
}

/** Strategies that take a key of the configuration. */
export function strategiesWith(key: TakenKey): readonly string[] {
  return Object.entries(strategies).flatMap(([name, strategy]) => (strategy.takes.includes(key) ? [name] : []))
}

/** The names of all strategies. */
export function strategyNames(): readonly string[] {
  return Object.keys(strategies)
}

/** The strategy of a configuration, as what it does. */
export function strategyOf(config: IncrementalConfig): Strategy {
  return strategies[strategyName(config)]
}
