import { snapshotStrategy } from '../config/index.js'
import { type Sql, wrappable } from '../core/index.js'
import { deltaSteps } from './apply-delta.js'
import { attachSteps } from './attach.js'
import { rebuildSteps, tableSteps } from './build.js'
import { underContract } from './contract.js'
import { type NodeContext, presentOf } from './node-context.js'
import { planWindows, type WindowPlan } from './plan-windows.js'
import { forget } from './record.js'
import { steps, transaction } from './steps.js'
import { hasVersions, hasWindows, keepsHistory, strategyName } from './strategies/index.js'
import { formatNotices } from './table-format.js'
import type { Action, NodePlan, Step } from './types.js'
import { currentWatermark, watermarkColumns } from './watermarks.js'
import { windowSettings } from './windows/stretch.js'

/** One model's way from what is there to what must be there. */
export function planModel(context: NodeContext): NodePlan {
  const { node } = context
  if (node.config.materialized === 'view') return planView(context)
  if (node.config.incremental === undefined) return planTable(context)
  return planIncremental(context)
}

function planView(context: NodeContext): NodePlan {
  const { dialect, target, compiled, state } = context
  const present = state.find(target)?.kind
  const create = underContract(context, wrappable(compiled.full ?? [], dialect), 'whole', (select) =>
    steps('publish', ...dialect.createView(target, select, presentOf(context, target))),
  )
  const reason =
    present === undefined ? 'first run' : present === 'table' ? 'it is a table now' : 'views are always set anew'
  return finish(context, present === undefined ? 'create' : 'replace', reason, [...create, ...forget(context)])
}

function planTable(context: NodeContext): NodePlan {
  const present = context.state.find(context.target)?.kind
  const reason = present === undefined ? 'first run' : present === 'view' ? 'it is a view now' : 'tables are built anew'
  return finish(context, present === undefined ? 'create' : 'replace', reason, tableSteps(context))
}

function planIncremental(context: NodeContext): NodePlan {
  const { state, target, flags, node } = context
  const windows = node.config.incremental && windowSettings(node.config.incremental)
  if (windows !== undefined && hasWindows(node.config.incremental))
    return withHooks(context, planWindows(context, windows))
  const present = state.find(target)
  if (present === undefined)
    return finish(context, 'create', 'first run: every row of the full SELECT', rebuildSteps(context))
  if (present.kind === 'view') return finish(context, 'replace', 'it is a view now', rebuildSteps(context))
  const keeps = node.config.incremental !== undefined && keepsHistory(node.config.incremental)
  const isPassedOver = flags.fullRefresh && keeps && node.config.incremental?.fullRefresh !== true
  if (flags.fullRefresh && !isPassedOver) return finish(context, 'replace', '--full-refresh', rebuildSteps(context))
  const passed = `--full-refresh passes ${node.name} over: it keeps a history that its source no longer holds`
  return {
    ...finish(context, 'apply', deltaReason(context), deltaSteps(context, present)),
    notices: [...(isPassedOver ? [passed] : []), ...formatNotices(context, present), ...notices(context)],
  }
}

function deltaReason(context: NodeContext): string {
  const { node, target, state } = context
  const way = node.delta?.way ?? 'whole'
  if (way === 'sql') return 'the delta is its own SQL'
  if (way === 'body') return 'the delta is the body with is_incremental()'
  if (way === 'whole') return 'the whole SELECT is the delta (right, but it reads everything)'
  const column = node.delta?.way === 'watermark' ? node.delta.column : ''
  const { value } = currentWatermark(node, target, column, state)
  if (value === undefined) return `no watermark of ${column} yet: every row`
  const lookback = node.config.incremental?.lookback
  const back = lookback === undefined ? 'no lookback' : `a lookback of ${lookback}`
  return `rows with ${column} from ${value} on, with ${back}: older ones are not looked at`
}

function notices(context: NodeContext): readonly string[] {
  return [...backfillNotice(context), ...watermarkNotices(context)]
}

/** Old rows are known by their key. */
function backfillNotice({ node, flags }: NodeContext): readonly string[] {
  if (!flags.backfillColumns) return []
  if (hasVersions(node.config.incremental))
    return [`--backfill-columns passes ${node.name} over: what old versions had in a new column, nothing tells`]
  if ((node.config.incremental?.uniqueKey.length ?? 0) > 0) return []
  return [`--backfill-columns passes ${node.name} over: without unique_key nothing tells which row is which`]
}

function watermarkNotices(context: NodeContext): readonly string[] {
  const { node, compiled, target, state } = context
  // A whole SELECT as the delta looks at no watermark, so one that is ahead of the table means nothing.
  const isAdopted = state.stored(target).length === 0
  if (node.delta?.way === 'whole' && !isAdopted) return []
  const all = watermarkColumns(node, compiled).flatMap(({ name }) => {
    const { notice } = currentWatermark(node, target, name, state)
    return notice === undefined ? [] : [notice]
  })
  return [...new Set(all)]
}

function finish(context: NodeContext, action: Action, reason: string, body: readonly Step[]): NodePlan {
  const { node, target, compiled } = context
  const all = [
    ...compiled.preHooks.map(hookStep),
    ...body,
    ...attachSteps(node, target, { ...context, shown: compiled.relation }),
    ...compiled.postHooks.map(hookStep),
  ]
  return {
    id: node.uniqueId,
    action,
    kind: kindOf(context),
    relation: compiled.relation ?? target,
    reason,
    notices: [],
    transactions: [transaction(context.dialect, target, all)],
  }
}

/** Hooks of a model with several transactions run in the first and the last one. */
function withHooks(context: NodeContext, { transactions, ...plan }: WindowPlan): NodePlan {
  const { node, target, compiled } = context
  const last = transactions.length - 1
  const attached = attachSteps(node, target, context)
  return {
    ...plan,
    id: node.uniqueId,
    kind: kindOf(context),
    relation: target,
    transactions: [
      ...transactions.map((each, index) => ({
        ...each,
        steps: [
          ...(index === 0 ? compiled.preHooks.map(hookStep) : []),
          ...each.steps,
          ...(index === last ? compiled.postHooks.map(hookStep) : []),
        ],
      })),
      ...(attached.length === 0 ? [] : [transaction(context.dialect, target, attached)]),
    ],
  }
}

function hookStep(sql: Sql): Step {
  return { kind: 'statement', purpose: 'hook', sql, note: 'hook' }
}

/** `incremental merge`, `view`, `table`. */
function kindOf({ node }: NodeContext): string {
  const { materialized, incremental, snapshot } = node.config
  if (snapshot !== undefined) return `${materialized} ${snapshotStrategy(snapshot)}`
  return incremental === undefined ? materialized : `${materialized} ${strategyName(incremental)}`
}
