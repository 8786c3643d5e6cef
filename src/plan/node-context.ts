import type { Dialect, SchemaName, StateRecord, WatermarkRecord } from '../adapters/index.js'
import type { CompiledNode } from '../compile/index.js'
import type { Relation } from '../core/index.js'
import type { ModelNode } from '../parse/index.js'
import type { Step } from './types.js'
import type { WarehouseState } from './warehouse-state.js'

export interface PlanFlags {
  readonly fullRefresh: boolean
  readonly backfillColumns: boolean
}

/** What every node's plan is made from. */
export interface PlanContext {
  readonly dialect: Dialect
  readonly state: WarehouseState
  readonly stateSchema: SchemaName
  readonly flags: PlanFlags
  readonly runId: string
  /** Eight hexadecimal digits that mark this run's temporary relations. */
  readonly runTag: string
  /** ISO 8601. */
  readonly now: string
}

/** One model's part of it. */
export interface NodeContext extends PlanContext {
  readonly node: ModelNode
  readonly compiled: CompiledNode
  readonly target: Relation
  /** The node's number in the run; part of the names of its temporary relations. */
  readonly index: number
}

/** Name of a temporary relation of this node and run; `leftoverName` knows it again. */
export function temporaryName({ runTag, index }: Pick<NodeContext, 'runTag' | 'index'>, role: string): string {
  return `__fft_${role}_${runTag}_${index}`
}

/** Whether a killed run of fft left this relation behind. */
export function isLeftover(identifier: string): boolean {
  return /^__fft_[a-z]+_[0-9a-f]{8}_\d+$/.test(identifier)
}

export function staging(context: NodeContext): Relation {
  return context.dialect.stagingRelation(context.target, temporaryName(context, 'stage'))
}

export function aside(context: Pick<NodeContext, 'dialect' | 'target' | 'runTag' | 'index'>): Relation {
  return context.dialect.asideRelation(context.target, temporaryName(context, 'aside'))
}

export function scratch(context: NodeContext): (role: string) => Relation {
  return (role) => context.dialect.stagingRelation(context.target, temporaryName(context, role))
}

/** Records a version of the node's watermarks in its transaction. */
export function record(
  context: NodeContext,
  action: StateRecord['action'],
  watermarks: readonly WatermarkRecord[],
): readonly Step[] {
  const { dialect, stateSchema, target, node, runId, now } = context
  return dialect
    .recordState(stateSchema, { target, model: node.name, runId, recordedAt: now, action, watermarks })
    .map((statement) => ({ kind: 'statement', purpose: 'record', ...statement }))
}

/** State of an earlier life of the relation goes with it. */
export function forget(context: NodeContext): readonly Step[] {
  const stale = context.state.stored(context.target)
  return record(
    context,
    'forget',
    stale.map((row) => ({ column: row.column, value: { kind: 'text', text: null } })),
  )
}
