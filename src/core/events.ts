import type { Diagnostic } from './diagnostics.js'
import type { ResourceType, UniqueId } from './ids.js'
import type { SourceSpan } from './span.js'

/** dbt's words for how a node ended; `no-op`: nothing to do, proved unchanged; `partial success`: some windows failed. */
export type NodeStatus = 'success' | 'partial success' | 'error' | 'skipped' | 'no-op' | 'pass' | 'fail' | 'warn'

/** Whether a node did not do what it should; its children cannot go on. */
export function hasFailed(status: NodeStatus): boolean {
  return status === 'error' || status === 'fail' || status === 'partial success'
}

/** A failure as it is shown: from a Diagnostic, an FftError or a thrown exception. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly span?: SourceSpan
  readonly related?: readonly { readonly message: string; readonly span: SourceSpan }[]
  /** The statement that failed. */
  readonly statement?: string
  /** Sample rows: the keys at fault, the rows a test returned. */
  readonly rows?: { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] }
}

export interface NodeRef {
  readonly uniqueId: UniqueId
  readonly resourceType: ResourceType
  readonly name: string
  /** `table`, `view`, `incremental merge`, `seed`, `test`. */
  readonly kind: string
  readonly span?: SourceSpan
  /** Full relation name, when the node has one. */
  readonly relation?: string
}

/** Rows that a node inserted, updated, deleted and found equal. Undefined where the engine does not tell. */
export interface RowCounts {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  readonly unchanged: number
  readonly duplicates: number
  readonly late: number
}

/** What the stages say while they work; renderers are functions of these. */
export type FftEvent =
  | {
      readonly type: 'run_started'
      readonly command: string
      readonly version: string
      readonly project: string
      readonly env: string
      readonly engine: string
      readonly invocationId: string
      /** Set when FFT_NOW replaces the clock. */
      readonly now?: string
      readonly nodes: number
      /** The longest kind and name of the nodes, so that lines can be aligned from the first one on. */
      readonly longest?: { readonly kind: string; readonly name: string }
    }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly type: 'notice'; readonly message: string; readonly node?: UniqueId }
  | { readonly type: 'waiting_for_lock'; readonly holder: string; readonly waitMs: number }
  | { readonly type: 'node_started'; readonly node: NodeRef; readonly index: number; readonly total: number }
  | {
      readonly type: 'node_finished'
      readonly node: NodeRef
      readonly index: number
      readonly total: number
      readonly status: NodeStatus
      readonly durationMs: number
      /** Inserted + updated + deleted. */
      readonly rowsAffected?: number
      readonly counts?: RowCounts
      /** `created`, `replaced`, `3 inserted, 1 updated`, `unchanged`, `skipped: parent x failed`, `2 failures`. */
      readonly detail?: string
      readonly failure?: Failure
    }
  | {
      readonly type: 'statement'
      readonly node: UniqueId
      readonly purpose: string
      readonly sql: string
      readonly durationMs: number
    }
  | { readonly type: 'command_failed'; readonly failure: Failure }
  | { readonly type: 'cancelled' }
  | {
      readonly type: 'run_finished'
      readonly command: string
      readonly durationMs: number
      readonly counts: Readonly<Partial<Record<NodeStatus, number>>>
      /** All failures of nodes, in the order they happened. */
      readonly failures: readonly { readonly node: NodeRef; readonly status: NodeStatus; readonly failure: Failure }[]
    }

export type Emit = (event: FftEvent) => void
