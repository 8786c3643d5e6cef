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
  /** How many versions of a key stay in a history; undefined: all. */
  readonly keepLast?: number
  /** Whether everything is built again, unchanged or not. */
  readonly rebuild?: boolean
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
  /** Marks this run's temporary relations: see `runTagOf`. */
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
  /** Whether other windows of the node are done at the same time. */
  readonly isConcurrent?: boolean
}

/** Name of a temporary relation of this node and run; `leftoverName` knows it again. */
export function temporaryName({ runTag, index }: Pick<NodeContext, 'runTag' | 'index'>, role: string): string {
  return `__fft_${role}_${runTag}_${index}`
}

/**
 * Whether a killed run of fft left this relation behind. Where nothing locks relations, a run that lives still may have
 * made it: then only one of a run that began more than a day before this one is.
 */
export function isLeftover(identifier: string, { dialect, runTag }: Pick<PlanContext, 'dialect' | 'runTag'>): boolean {
  const tag = /^__fft_[a-z]+_((?:[0-9a-f]{8}){1,2})_\d+$/.exec(identifier)?.[1]
  if (tag === undefined) return false
  return dialect.locks !== 'none' || tag.length === 8 || beganAt(runTag) - beganAt(tag) > daySeconds
}

const daySeconds = 86_400

/** Marks a run: when it began, in seconds since 1970, and what is its own; sixteen hexadecimal digits. */
export function runTagOf(beganMs: number, own: string): string {
  const seconds = Math.floor(beganMs / 1000)
  return `${seconds.toString(16).padStart(8, '0')}${own}`
}

function beganAt(tag: string): number {
  return Number.parseInt(tag.slice(0, 8), 16)
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
