import type { Column, ColumnBatch, Connection, Dialect, SeedRequest, Warehouse } from '../adapters/index.js'
import type { Emit, Failure, NodeRef, NodeStatus, RowCounts, SourceSpan, Sql, UniqueId } from '../core/index.js'
import type { CodeBatch, NodePlan, Plan } from '../plan/index.js'

/** What a `.ff.ts` model gave: SQL that stays in the engine, or rows. */
export type CodeResult =
  | { readonly kind: 'sql'; readonly sql: Sql }
  | {
      readonly kind: 'rows'
      readonly columns: readonly Column[]
      /** Whether there is no row, so that the columns are only what they would be. */
      readonly isEmpty: boolean
      readonly batches: AsyncIterable<ColumnBatch>
      /** Ends the function and its reading. Never throws. */
      close(): Promise<void>
    }

/** What execution asks of the stages above it. */
export interface NodeHooks {
  describe(plan: NodePlan): NodeRef
  /** The place that stands for the node when an error has none of its own. */
  placeOf(plan: NodePlan): Promise<SourceSpan>
  /** The plan again with what only execution can tell (`run_query`); the plan itself when there is nothing. */
  prepare(plan: NodePlan, connect: () => Promise<Connection>): Promise<NodePlan>
  /** The plan made again from what the warehouse holds now: another run has written while this one waited. */
  replan(plan: NodePlan, connect: () => Promise<Connection>): Promise<NodePlan>
  /** `existing`: columns of rows that the result goes to, beyond those of the target. */
  runCode(
    plan: NodePlan,
    connect: () => Promise<Connection>,
    call: { readonly batch?: CodeBatch; readonly existing?: readonly Column[] },
  ): Promise<CodeResult>
  seed(plan: NodePlan): SeedRequest
  /** Called when a node was built, on what it came to; what it throws makes the node an error. */
  built?(plan: NodePlan, outcome: Partial<NodeResult>, connect: () => Promise<Connection>): Promise<void>
  /** Whether what depends on the node runs although it failed. */
  goesOn?(id: UniqueId): boolean
  /** Told how a node ended, before its children are prepared. */
  finished(result: NodeResult): void
  /** Nodes that must end well before this one may start. */
  parents(id: UniqueId): readonly UniqueId[]
}

export interface ExecuteInput {
  readonly plan: Plan
  readonly warehouse: Warehouse
  readonly dialect: Dialect
  readonly hooks: NodeHooks
  readonly jobs: number
  readonly failFast: boolean
  readonly waitLockMs: number
  readonly signal: AbortSignal
  readonly emit: Emit
}

/** How one node ended. Times are milliseconds since 1970. */
export interface NodeResult {
  readonly id: UniqueId
  readonly status: NodeStatus
  readonly startedMs: number
  readonly endedMs: number
  readonly counts?: RowCounts
  readonly rowsAffected?: number
  readonly detail?: string
  readonly failure?: Failure
  /** Rows that a test found. */
  readonly failures?: number
}
