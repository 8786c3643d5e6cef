import type { IncrementalConfig } from '../config/index.js'
import { type Diagnostic, parseInstant, type StringRules, sameName } from '../core/index.js'
import type { ModelNode } from '../parse/index.js'
import { checkVersions } from './check-versions.js'
import { namesOf, normalizedCondition } from './conditions.js'
import { planDiagnostic } from './diagnostics.js'
import { checkEventConfig } from './events/check-events.js'
import { type NeededKey, type Strategy, strategiesWith, strategyName, type TakenKey } from './strategies/index.js'

/** Whether a model's configuration is what its strategy needs and knows. */
export function checkStrategy(
  node: ModelNode,
  config: IncrementalConfig,
  strategy: Strategy,
  rules: StringRules,
): readonly Diagnostic[] {
  return [
    ...checkNeeds(node, config, strategy),
    ...checkTakes(node, config, strategy),
    ...checkColumns(node, config),
    ...checkLate(node, config),
    ...checkDuplicates(node, config),
    ...checkDeletes(node, config),
    ...checkDated(node, config, strategy),
    ...(strategy.hasWindows ? checkWindows(node, config) : []),
    ...checkRemembers(node, config),
    ...checkVersions(node, config),
    ...(strategy.hasEvents ? checkEventConfig(node, config) : []),
    ...conditionKeys.flatMap((key) => checkConditions(node, config, key, rules)),
  ]
}

function checkNeeds(node: ModelNode, config: IncrementalConfig, strategy: Strategy): readonly Diagnostic[] {
  // A snapshot that says how it tells changes needs what that looks at: `checkVersions`.
  const isSaid = node.config.snapshot?.strategy !== undefined
  const missing = strategy.needs.filter(
    (key) => !isThere(config, key) && !(isSaid && key === 'updated_at or check_cols'),
  )
  if (missing.length === 0) return []
  const params = { strategy: strategyName(config), needs: missing.join(', ') }
  return [planDiagnostic('strategy-needs', params, node.placed.placeOf('strategy'))]
}

function isThere(config: IncrementalConfig, key: NeededKey): boolean {
  switch (key) {
    case 'unique_key':
      return config.uniqueKey.length > 0
    case 'partition_by':
      return config.partitionBy.length > 0
    case 'history_columns':
      return config.remembers.length > 0
    case 'event_time':
      return config.eventTime !== undefined
    case 'updated_at or check_cols':
      return config.updatedAt !== undefined || config.versions?.compared !== undefined
    case 'cdc':
      return config.cdc !== undefined
    case 'begin':
      return config.begin !== undefined
    case 'batch_size':
      return config.batchSize !== undefined
  }
}

function checkTakes(node: ModelNode, config: IncrementalConfig, strategy: Strategy): readonly Diagnostic[] {
  const asked: readonly (readonly [TakenKey, boolean])[] = [
    ['predicates', config.predicates.length > 0],
    ['update_columns', config.updateColumns !== undefined],
    ['exclude_columns', config.excludeColumns !== undefined],
    ['update_when', config.updateWhen !== undefined],
    ['deletes', config.deletes !== undefined],
    ['history_columns', config.remembers.length > 0],
    ['late_rows', config.lateRows !== 'merge'],
    ['check_cols', 'check_cols' in config.history],
    ['hard_deletes', 'hard_deletes' in config.history || 'invalidate_hard_deletes' in config.history],
    ['history_names', 'history_names' in config.history],
    ['views', 'views' in config.history],
    ['duplicate_rows', config.duplicateRows === 'quarantine'],
    ['concurrent_batches', config.concurrentBatches === true],
    ['cdc', config.cdc !== undefined],
  ]
  return asked
    .filter(([key, isSet]) => isSet && !strategy.takes.includes(key))
    .map(([key]) => {
      const params = { key, strategy: strategyName(config), known: strategiesWith(key) }
      return planDiagnostic('not-of-strategy', params, node.placed.placeOf(key))
    })
}

function checkLate(node: ModelNode, { lateRows, updatedAt, eventTime }: IncrementalConfig): readonly Diagnostic[] {
  if (lateRows === 'merge' || updatedAt !== undefined || eventTime !== undefined) return []
  return [planDiagnostic('late-needs-time', { mode: lateRows }, node.placed.placeOf('late_rows'))]
}

/** Without a key no row is too many. */
function checkDuplicates(node: ModelNode, { duplicateRows, uniqueKey }: IncrementalConfig): readonly Diagnostic[] {
  if (duplicateRows === 'drop' || uniqueKey.length > 0) return []
  return [planDiagnostic('duplicates-need-key', undefined, node.placed.placeOf('duplicate_rows'))]
}

function checkColumns(node: ModelNode, { updateColumns, excludeColumns }: IncrementalConfig): readonly Diagnostic[] {
  if (updateColumns === undefined || excludeColumns === undefined) return []
  return [planDiagnostic('two-column-lists', undefined, node.placed.placeOf('exclude_columns'))]
}

function checkDeletes(node: ModelNode, { deletes, predicates }: IncrementalConfig): readonly Diagnostic[] {
  if (deletes?.missing !== true) return []
  const place = node.placed.placeOf('deletes')
  if (predicates.length > 0) return [planDiagnostic('missing-with-predicates', undefined, place)]
  const way = node.delta?.way ?? 'whole'
  return way === 'whole' ? [] : [planDiagnostic('missing-needs-whole', undefined, place)]
}

/** The rows of a day are the whole SELECT, so nothing may filter them. */
function checkDated(node: ModelNode, config: IncrementalConfig, { isDated }: Strategy): readonly Diagnostic[] {
  if (!isDated) return []
  const needs = 'exactly one column in partition_by'
  const several = planDiagnostic(
    'strategy-needs',
    { strategy: strategyName(config), needs },
    node.placed.placeOf('partition_by'),
  )
  const filtered = planDiagnostic('dated-with-delta', undefined, node.placed.placeOf('delta'))
  return [
    ...(config.partitionBy.length > 1 ? [several] : []),
    ...(node.delta?.way === 'sql' || node.delta?.way === 'watermark' ? [filtered] : []),
  ]
}

function checkWindows(node: ModelNode, { begin, lookback }: IncrementalConfig): readonly Diagnostic[] {
  const { placed } = node
  const isWrongBegin = begin !== undefined && parseInstant(begin) === undefined
  const isWrongLookback = lookback !== undefined && !(Number.isInteger(lookback) && Number(lookback) >= 0)
  const isFiltered = node.delta?.way === 'watermark'
  return [
    ...(isWrongBegin ? [planDiagnostic('begin-invalid', { begin }, placed.placeOf('begin'))] : []),
    ...(isWrongLookback
      ? [planDiagnostic('lookback-windows', { lookback: String(lookback) }, placed.placeOf('lookback'))]
      : []),
    ...(isFiltered ? [planDiagnostic('windows-with-watermark', undefined, placed.placeOf('delta'))] : []),
  ]
}

function checkRemembers(node: ModelNode, { remembers }: IncrementalConfig): readonly Diagnostic[] {
  const isAgain = (name: string, index: number) => remembers.findIndex((each) => sameName(each.previous, name)) < index
  const twice = remembers.find(({ previous }, index) => isAgain(previous, index))
  if (twice === undefined) return []
  return [planDiagnostic('previous-column-twice', { name: twice.previous }, node.placed.placeOf('history_columns'))]
}

const conditionKeys = ['predicates', 'update_when'] as const

function checkConditions(
  node: ModelNode,
  config: IncrementalConfig,
  key: (typeof conditionKeys)[number],
  rules: StringRules,
): readonly Diagnostic[] {
  const conditions =
    key === 'predicates' ? config.predicates : config.updateWhen === undefined ? [] : [config.updateWhen]
  return conditions.flatMap((condition) => {
    const { bare, unknown } = namesOf(normalizedCondition(condition, rules), rules)
    const place = node.placed.placeOf(key)
    return [
      ...[...new Set(bare)].map((name) => planDiagnostic('condition-bare-name', { key, name }, place)),
      ...[...new Set(unknown)].map((name) => planDiagnostic('condition-alias', { key, name }, place)),
    ]
  })
}
