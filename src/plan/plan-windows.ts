import type { RelationState } from '../adapters/index.js'
import { displaySql, holesOf, parseInstant, wrappable } from '../core/index.js'
import { deltaSteps } from './apply-delta.js'
import { rebuildSteps } from './build.js'
import type { NodeContext } from './node-context.js'
import { transaction } from './steps.js'
import { formatNotices } from './table-format.js'
import type { Action, Refusal, Step, Transaction } from './types.js'
import { type Window, windowName, windowStart } from './windows/calendar.js'
import { allWindows, chooseWindows, describeWindows, stretches } from './windows/choose-windows.js'
import { ledgerNow } from './windows/ledger-now.js'
import { openWindowStart, type Stretch, type WindowSettings } from './windows/stretch.js'
import { isFilter, windowFilter } from './windows/window-rows.js'

/** What a model with windows does in a run. */
export interface WindowPlan {
  readonly action: Action
  readonly reason: string
  readonly notices: readonly string[]
  readonly transactions: readonly Transaction[]
}

/** Plans the windows of a `time_range` model: all of them at first, later those that the ledger does not have. */
export function planWindows(context: NodeContext, settings: WindowSettings): WindowPlan {
  const present = context.state.find(context.target)
  const { asked } = context.flags
  const isAsked = asked.start !== undefined || asked.end !== undefined
  if (present === undefined) return planBuild(context, settings, { action: 'create', because: 'first run' })
  if (present.kind === 'view') return planBuild(context, settings, { action: 'replace', because: 'it is a view now' })
  // Asked for a part, a full refresh does that part again and leaves the rest.
  if (context.flags.fullRefresh && !isAsked)
    return planBuild(context, settings, { action: 'replace', because: '--full-refresh' })
  return planMissing(context, settings, present)
}

function nowOf({ now }: NodeContext): number {
  return parseInstant(now) ?? 0
}

function planBuild(
  context: NodeContext,
  settings: WindowSettings,
  { action, because }: { readonly action: Action; readonly because: string },
): WindowPlan {
  const now = nowOf(context)
  const windows = allWindows({ ...settings, now, asked: context.flags.asked })
  const [first, last] = [windows[0], windows.at(-1)]
  const whole = first === undefined || last === undefined ? nothing(settings) : { from: first.from, to: last.to }
  const named = first === undefined || last === undefined ? 'no window yet' : nameOf(settings, whole, windows.length)
  const reason = `${because}: ${named}`
  if (context.flags.batches && action === 'create') return planBatchByBatch(context, settings, { reason, windows })
  const stretch = stretchOf(settings, whole, now)
  const parts =
    context.flags.batches || usesBatchId(context) ? windows.map((each) => stretchOf(settings, each, now)) : []
  const steps = rebuildSteps({ ...context, stretch: parts.length > 1 ? { ...stretch, parts } : stretch })
  return { action, reason, notices: [], transactions: [transaction(context.dialect, context.target, steps)] }
}

/** An empty table first, then one transaction for each window. */
function planBatchByBatch(
  context: NodeContext,
  settings: WindowSettings,
  { reason, windows }: { readonly reason: string; readonly windows: readonly Window[] },
): WindowPlan {
  const empty = rebuildSteps({ ...context, stretch: stretchOf(settings, nothing(settings), nowOf(context)) })
  const made: RelationState = { relation: context.target, kind: 'table', columns: [], uniqueKeys: [] }
  const groups = windows.map((window) => [window])
  const batches = batchesOf(context, settings, { groups, present: made })
  const transactions = [transaction(context.dialect, context.target, empty), ...batches.transactions]
  return { action: 'create', reason: `${reason}${batches.said}`, notices: [], transactions }
}

function planMissing(context: NodeContext, settings: WindowSettings, present: RelationState): WindowPlan {
  const { ledger, notice } = ledgerNow(context.target, settings, context.state)
  const chosen = chooseWindows({ ...settings, now: nowOf(context), ledger, asked: context.flags.asked })
  const isOneByOne = context.flags.batches || usesBatchId(context) || isAskedAtOnce(context)
  const groups = isOneByOne ? chosen.map((window) => [window]) : stretches(chosen)
  const batches = batchesOf(context, settings, { groups, present })
  return {
    action: 'apply',
    reason: `${describeWindows(settings.size, chosen)}${batches.said}${readsWhole(context)}`,
    notices: [...formatNotices(context, present), ...(notice === undefined ? [] : [notice])],
    transactions: batches.transactions,
  }
}

/**
 * A transaction for each group of windows. Where the engine lets several of them write, all but the first run at once: the
 * first one alone changes the columns.
 */
function batchesOf(
  context: NodeContext,
  settings: WindowSettings,
  { groups, present }: { readonly groups: readonly (readonly Window[])[]; readonly present: RelationState },
): { readonly transactions: readonly Transaction[]; readonly said: string } {
  const { dialect, node, target, compiled } = context
  const asked = node.config.incremental?.concurrentBatches
  const mayBe = asked !== false && groups.length > 2 && (asked === true || !readsItself(context))
  if (!mayBe || dialect.takeTurn === undefined) {
    const said = mayBe && asked === true ? ', one after the other: the engine has one writer' : ''
    return { transactions: groups.map((windows) => batch(context, settings, { windows, present })), said }
  }
  const [first, ...others] = groups.map((windows, index) => {
    const { locks: _, ...free } = batch({ ...context, isConcurrent: true }, settings, { windows, present })
    return index === 0 ? batch(context, settings, { windows, present }) : free
  })
  const together = { ...transaction(dialect, target, []), together: others }
  const last = compiled.postHooks.length > 0 ? [transaction(dialect, target, [])] : []
  return {
    transactions: [...(first === undefined ? [] : [first]), together, ...last],
    said: `, ${others.length} of them at once`,
  }
}

/** Whether windows are to be apart, so that they can run at once. */
function isAskedAtOnce({ node, dialect }: NodeContext): boolean {
  return node.config.incremental?.concurrentBatches === true && dialect.takeTurn !== undefined
}

/** What reads its own rows may need those of the window before. */
function readsItself({ compiled, dialect, target }: NodeContext): boolean {
  return displaySql(wrappable(compiled.delta?.sql ?? [], dialect)).includes(dialect.relation(target))
}

function batch(
  context: NodeContext,
  settings: WindowSettings,
  { windows, present }: { readonly windows: readonly Window[]; readonly present: RelationState },
): Transaction {
  const [from, to] = [windows[0]?.from ?? 0, windows.at(-1)?.to ?? 0]
  const stretch = stretchOf(settings, { from, to }, nowOf(context))
  const then = (columns: RelationState['columns']): readonly Step[] | Refusal => {
    const filter = windowFilter(context, stretch, columns)
    return isFilter(filter) ? deltaSteps({ ...context, stretch }, { ...present, columns }) : filter
  }
  // The one before it may have changed the columns.
  const steps: readonly Step[] = [{ kind: 'by_columns', of: { relation: context.target }, then }]
  const alone =
    windows.length === 1 ? [] : windows.map((each) => batch(context, settings, { windows: [each], present }))
  const name = nameOf(settings, { from, to }, windows.length)
  return { ...transaction(context.dialect, context.target, steps), batch: { name, windows: windows.length, alone } }
}

function stretchOf(settings: WindowSettings, { from, to }: Window, now: number): Stretch {
  return { from, to, settings, openFrom: openWindowStart(settings, now) }
}

function nothing({ begin }: WindowSettings): Window {
  return { from: begin, to: begin }
}

function nameOf({ size }: WindowSettings, { from, to }: Window, count: number): string {
  const first = windowName(size, { from, to })
  return count <= 1 ? first : `${first} … ${windowName(size, { from: windowStart(size, to - 1), to })}`
}

/** A SELECT that names no window gives all its rows each time, of which the window's are taken. */
function readsWhole({ node, compiled, dialect }: NodeContext): string {
  if (node.language === 'typescript') return ''
  const namesWindow = holesOf(wrappable(compiled.delta?.sql ?? [], dialect)).some((hole) => hole.kind === 'batch')
  return namesWindow ? '' : '; the SELECT is read whole: no input has event_time, and batch is not used'
}

/** What differs between windows cannot be asked for several at once. */
function usesBatchId({ compiled, dialect }: NodeContext): boolean {
  const holes = [
    ...holesOf(wrappable(compiled.full ?? [], dialect)),
    ...holesOf(wrappable(compiled.delta?.sql ?? [], dialect)),
  ]
  return holes.some((hole) => hole.kind === 'batch' && hole.part === 'id')
}
