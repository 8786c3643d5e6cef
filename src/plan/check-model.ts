import type { Diagnostic } from '../core/index.js'
import { checkStrategy } from './check-strategy.js'
import { planDiagnostic } from './diagnostics.js'
import { longName } from './long-name.js'
import type { NodeContext } from './node-context.js'
import { hasWindows, keepsHistory, strategyOf } from './strategies/index.js'

/** What is wrong with running this model at all; known before anything runs. */
export function checkModel(context: NodeContext): readonly Diagnostic[] {
  return [...checkName(context), ...checkConfig(context)]
}

/** The engine would cut the name, and two that begin alike would be one. */
function checkName({ node, target, dialect }: NodeContext): readonly Diagnostic[] {
  const long = longName(target, dialect)
  if (long === undefined) return []
  const key = long.name === target.identifier ? 'alias' : 'schema'
  return [planDiagnostic('name-too-long', { model: node.name, ...long }, node.placed.placeOf(key))]
}

function checkConfig(context: NodeContext): readonly Diagnostic[] {
  const { node, dialect } = context
  const config = node.config.incremental
  if (config === undefined) return checkKind(context)
  const latest = config.onDuplicateKeys === 'latest' && config.updatedAt === undefined
  return [
    ...checkStrategy(node, config, strategyOf(config), dialect),
    ...(latest ? [planDiagnostic('latest-needs-updated-at', undefined, node.placed.placeOf('on_duplicate_keys'))] : []),
    ...checkLookback(context),
    ...checkRefresh(context),
    ...checkKind(context),
  ]
}

function checkLookback({ node, dialect, state, target }: NodeContext): readonly Diagnostic[] {
  const config = node.config.incremental
  // Of a model with windows it counts windows.
  const lookback = hasWindows(config) ? undefined : config?.lookback
  const name = node.delta?.way === 'watermark' ? node.delta.column : config?.updatedAt
  if (lookback === undefined || name === undefined) return []
  const column = state.find(target)?.columns.find((present) => present.name.toLowerCase() === name.toLowerCase())
  if (column === undefined || dialect.minus(dialect.minimum(column.type), column.type, lookback) !== undefined)
    return []
  const params = { lookback: String(lookback), type: column.type }
  return [planDiagnostic('lookback-invalid', params, node.placed.placeOf('lookback'))]
}

function checkRefresh(context: NodeContext): readonly Diagnostic[] {
  const { node, flags } = context
  const why = flags.fullRefresh ? refreshRefused(context) : flags.rebuild === true ? protection(context) : undefined
  if (why === undefined) return []
  const flag = flags.fullRefresh ? '--full-refresh' : '--rebuild'
  const params = { model: node.name, why: why.reason, flag }
  return [planDiagnostic('full-refresh-refused', params, node.placed.placeOf(why.key))]
}

interface Objection {
  readonly key: string
  readonly reason: string
}

function protection({ node }: NodeContext): Objection | undefined {
  return node.config.incremental?.protected === true ? { key: 'protected', reason: 'it is protected' } : undefined
}

function refreshRefused(context: NodeContext): Objection | undefined {
  const { node, flags } = context
  const config = node.config.incremental
  if (config === undefined) return undefined
  if (config.protected) return protection(context)
  if (config.fullRefresh === false) return { key: 'full_refresh', reason: 'it sets full_refresh=False' }
  if (!keepsHistory(config) || config.fullRefresh === true || !flags.named.has(node.uniqueId)) return undefined
  return {
    key: 'strategy',
    reason: 'it keeps a history that its source no longer holds (full_refresh=True allows it)',
  }
}

function checkKind({ node, state, target }: NodeContext): readonly Diagnostic[] {
  const isProtected = node.config.incremental?.protected ?? node.config.other['protected'] === true
  const present = state.find(target)
  const wanted = node.config.materialized === 'view' ? 'view' : 'table'
  if (!isProtected || present === undefined || present.kind === wanted) return []
  const params = { model: node.name, from: present.kind, to: wanted }
  return [planDiagnostic('kind-change-refused', params, node.placed.placeOf('protected'))]
}
