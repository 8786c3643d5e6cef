import type { IntervalRecord, StateRecord, WatermarkRecord } from '../adapters/index.js'
import type { NodeContext } from './node-context.js'
import { steps } from './steps.js'
import type { Step } from './types.js'
import type { StoredWatermark, WarehouseState } from './warehouse-state.js'
import { stretchRecords } from './windows/stretch.js'

/**
 * The steps that change the target, with the record of what they bring: in the same transaction; or, where each
 * statement is kept alone, carried by the commit itself and written behind it, so that it is never ahead of the rows.
 */
export function recorded(
  context: NodeContext,
  action: StateRecord['action'],
  watermarks: readonly WatermarkRecord[],
  change: readonly Step[],
): readonly Step[] {
  const { commits } = context.dialect
  // The change takes equal rows out of the staged relation, so the record reads it before.
  if (commits.by === 'transaction') return [...record(context, action, watermarks), ...change]
  const carry = (known: readonly WatermarkRecord[]) => carried(context, { action, watermarks: known }, change)
  if (watermarks.length === 0) return carry([])
  return [
    {
      kind: 'ask',
      sql: commits.watermarks(watermarks),
      note: 'read the watermarks of the staged rows',
      then: ([values = []]) =>
        carry(
          watermarks.map(({ column }, index) => ({ column, value: { kind: 'text', text: values[index] ?? null } })),
        ),
    },
  ]
}

function carried(
  context: NodeContext,
  { action, watermarks }: Pick<StateRecord, 'action' | 'watermarks'>,
  change: readonly Step[],
): readonly Step[] {
  const { commits } = context.dialect
  const carried = stateRecord(context, action, watermarks)
  const tag = commits.by === 'statement' ? commits.tag(carried) : undefined
  if (tag === undefined) return [...change, ...record(context, action, watermarks)]
  const tagged: Step = { kind: 'within', before: tag.before, steps: change, after: tag.after }
  // A commit carries one stretch of windows, so the next one may not come before this one is written down.
  if (carried.intervals.length > 0) return [tagged, ...record(context, action, watermarks)]
  return watermarks.length === 0 ? [tagged] : [tagged, { kind: 'record_later', record: carried }]
}

/** Records a version of the node's watermarks. */
export function record(
  context: NodeContext,
  action: StateRecord['action'],
  watermarks: readonly WatermarkRecord[],
): readonly Step[] {
  const { dialect, stateSchema } = context
  return steps('record', ...dialect.recordState(stateSchema, stateRecord(context, action, watermarks)))
}

/** Whether a record says something that is not recorded already; a plain run in which no value moved leaves no trace. */
export function moves({ action, target, watermarks, intervals }: StateRecord, state: WarehouseState): boolean {
  const stored = state.stored(target)
  return (
    action !== 'run' ||
    intervals.length > 0 ||
    !watermarks.every(({ column, value }) => isStored(column, value, stored))
  )
}

function isStored(column: string, value: WatermarkRecord['value'], stored: readonly StoredWatermark[]): boolean {
  return stored.some((row) => row.column === column && value.kind === 'text' && row.value === value.text)
}

/** State of an earlier life of the relation goes with it. */
export function forget(context: NodeContext): readonly Step[] {
  return record(context, 'forget', forgotten(context))
}

/** The recorded watermarks of an earlier life of the relation, as records without a value. */
export function forgotten({ state, target }: NodeContext): readonly WatermarkRecord[] {
  return state.stored(target).map(({ column }) => ({ column, value: { kind: 'text', text: null } }))
}

function stateRecord(
  context: NodeContext,
  action: StateRecord['action'],
  watermarks: readonly WatermarkRecord[],
): StateRecord {
  const { target, node, runId, now } = context
  const intervals = intervalsOf(context, action)
  return { target, model: node.name, runId, recordedAt: now, action, watermarks, intervals }
}

/** The windows that the steps are of; what is built anew or no longer has windows forgets those that it had. */
function intervalsOf(
  { stretch, state, target }: NodeContext,
  action: StateRecord['action'],
): readonly IntervalRecord[] {
  const isCleared = action !== 'run' && state.intervals(target).length > 0
  const clear: IntervalRecord = { from: '', to: '', status: 'clear' }
  return [...(isCleared ? [clear] : []), ...(stretch === undefined ? [] : stretchRecords(stretch))]
}
