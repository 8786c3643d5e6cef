import type { StateRecord, WatermarkRecord } from '../adapters/index.js'
import type { NodeContext } from './node-context.js'
import { steps } from './steps.js'
import type { Step } from './types.js'
import type { StoredWatermark, WarehouseState } from './warehouse-state.js'

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
export function moves({ action, target, watermarks }: StateRecord, state: WarehouseState): boolean {
  const stored = state.stored(target)
  return action !== 'run' || !watermarks.every(({ column, value }) => isStored(column, value, stored))
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
  { target, node, runId, now }: NodeContext,
  action: StateRecord['action'],
  watermarks: readonly WatermarkRecord[],
): StateRecord {
  return { target, model: node.name, runId, recordedAt: now, action, watermarks }
}
