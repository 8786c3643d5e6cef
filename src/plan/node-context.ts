import type { Dialect, RelationState, SchemaName } from '../adapters/index.js'
import type { CompiledNode } from '../compile/index.js'
import { type Relation, relationName, type UniqueId } from '../core/index.js'
import type { ModelNode } from '../parse/index.js'
import type { WarehouseState } from './warehouse-state.js'
import type { AskedRange } from './windows/choose-windows.js'
import type { Stretch } from './windows/stretch.js'

export interface PlanFlags {
  readonly fullRefresh: boolean
  /** Nodes that the selection names one by one. */
  readonly named: ReadonlySet<UniqueId>
  readonly backfillColumns: boolean
  /** `--start` and `--end`. */
  readonly asked: AskedRange
  /** Whether windows are done one by one. */
  readonly batches: boolean
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
  /** Names of the relations that this run builds, in `relationName`'s form. */
  readonly builds: ReadonlySet<string>
}

/** One model's part of it. */
export interface NodeContext extends PlanContext {
  readonly node: ModelNode
  readonly compiled: CompiledNode
  readonly target: Relation
  /** The node's number in the run; part of the names of its temporary relations. */
  readonly index: number
  /** The windows that these steps are of; undefined: all rows. */
  readonly stretch?: Stretch
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

/** What is at a relation's name now; dependents that this run builds anew are marked. */
export function presentOf(
  { state, builds }: Pick<PlanContext, 'state' | 'builds'>,
  relation: Relation,
): RelationState | undefined {
  const present = state.find(relation)
  if (present?.attachments === undefined) return present
  const dependents = present.attachments.dependents.map((dependent) => ({
    ...dependent,
    isRebuilt: builds.has(relationName(dependent.relation)),
  }))
  return { ...present, attachments: { ...present.attachments, dependents } }
}
