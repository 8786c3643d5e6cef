import type { Column, Statement, StateRecord, TextRow } from '../adapters/index.js'
import type { Relation, SourceSpan, Sql, UniqueId } from '../core/index.js'

/** Why a statement is sent. */
export type Purpose = 'prepare' | 'hook' | 'stage' | 'check' | 'schema' | 'apply' | 'record' | 'publish' | 'clean'

/** Why a node fails: shown with the first rows at fault. */
export interface Refusal {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly span?: SourceSpan
}

export type Step =
  | ({ readonly kind: 'statement'; readonly purpose: Purpose } & Statement)
  /** A query that must return nothing. */
  | { readonly kind: 'expect'; readonly sql: Sql; readonly note: string; readonly otherwise: Refusal }
  /** A query of one row and one column that names the case to go on with. */
  | {
      readonly kind: 'choose'
      readonly sql: Sql
      readonly note: string
      readonly cases: Readonly<Record<string, readonly Step[]>>
      /** The case that a plan shows as the usual one. */
      readonly usual: string
    }
  /** A query whose rows say how to go on; pure. A plan shows what follows from no row at all, where something does. */
  | {
      readonly kind: 'ask'
      readonly sql: Sql
      readonly note: string
      readonly then: (rows: readonly TextRow[]) => readonly Step[] | Refusal
    }
  /** Steps between statements of which `after` is sent on errors too. */
  | {
      readonly kind: 'within'
      readonly before: readonly Statement[]
      readonly steps: readonly Step[]
      readonly after: readonly Statement[]
    }
  /** The target's commit carries the record already; it is written down with those of the other nodes. */
  | { readonly kind: 'record_later'; readonly record: StateRecord }
  /** Decided when the columns of a relation or SELECT are known; pure. */
  | {
      readonly kind: 'by_columns'
      readonly of: { readonly relation: Relation } | { readonly select: Sql }
      readonly then: (columns: readonly Column[]) => readonly Step[] | Refusal
    }
  /** The rows or the SELECT of a `.ff.ts` model, put into a new relation. */
  | {
      readonly kind: 'run_code'
      readonly into: Relation
      readonly as: 'staging' | 'aside'
      readonly note: string
      /** For a model with windows. */
      readonly batches?: CodeBatches
    }
  /** Data tests that have to hold before the rows are kept. */
  | { readonly kind: 'hold'; readonly tests: readonly HeldTest[] }
  /** A seed's file, read by the engine into a new relation. */
  | { readonly kind: 'load_seed'; readonly into: Relation; readonly note: string }

/** What a function is told of the windows that its rows are for. Milliseconds since 1970, UTC; half open. */
export interface CodeBatch {
  readonly from: number
  readonly to: number
  /** The window's name; undefined for several windows, which have none. */
  readonly id: string | undefined
}

/** The windows of a `.ff.ts` model: all at once, or one by one. */
export interface CodeBatches {
  /** Undefined: only one by one. */
  readonly together: CodeBatch | undefined
  readonly alone: readonly CodeBatch[]
  /** A temporary relation for the rows of one window. */
  readonly part: Relation
}

/** Steps that are kept or lost together. */
export interface Transaction {
  readonly steps: readonly Step[]
  /** The relation that no other run may write meanwhile, where the engine locks relations. */
  readonly locks?: Relation
  /** Windows that fail alone: the others go on. */
  readonly batch?: Batch
  /** Batches that run at once while this transaction holds the lock. */
  readonly together?: readonly Transaction[]
}

/** A transaction of windows. */
export interface Batch {
  /** `2024-01-31`, or `2024-01-01 … 2024-01-31`. */
  readonly name: string
  readonly windows: number
  /** The same windows one by one, tried when they fail together; empty for a single one. */
  readonly alone: readonly Transaction[]
}

/**
 * `create`: nothing was there; `replace`: built anew; `apply`: the delta; `inline`: ephemeral, nothing to do;
 * `skip`: proved unchanged; `refuse`: cannot run; `test`: rows are looked at, nothing is built.
 */
export type Action = 'create' | 'replace' | 'apply' | 'inline' | 'skip' | 'refuse' | 'test'

/** A data test: the rows at fault, and how many of them are too many. */
export interface TestPlan {
  readonly failures: Sql
  /** Tests of one group look at one relation and may be counted in one query; undefined: alone. */
  readonly group?: string
  /** What ends as `fail` or `warn`, decided by the number of failures. */
  readonly verdict: (failures: number) => 'pass' | 'warn' | 'fail'
  readonly sample: Sql
}

/** A test of a model that decides whether its rows are kept. */
export interface HeldTest {
  readonly id: UniqueId
  readonly name: string
  readonly test: TestPlan
}

/** One node's way from what is there to what must be there. */
export interface NodePlan {
  readonly id: UniqueId
  readonly action: Action
  /** Materialization and strategy, for people: `incremental merge`. */
  readonly kind: string
  readonly relation?: Relation
  /** Why this action, in a person's words. */
  readonly reason: string
  /** Said aloud when the node runs: adopted tables, watermarks that are ahead. */
  readonly notices: readonly string[]
  readonly transactions: readonly Transaction[]
  /** Why it cannot run, for `refuse`. */
  readonly refusal?: Refusal
  /** For `test`. */
  readonly test?: TestPlan
}

export interface Plan {
  /** Statements before any node: schemas, state tables, leftovers of killed runs. */
  readonly prepare: readonly Step[]
  /** In run order. */
  readonly nodes: readonly NodePlan[]
  /** Statements after all nodes, for the records that were left for later. */
  readonly recordAll: (records: readonly StateRecord[]) => readonly Step[]
}

export function isRefusal<Result>(result: readonly Result[] | Refusal): result is Refusal {
  return !Array.isArray(result)
}
