import type { Relation, RowCounts, Sql } from '../core/index.js'
import type { Statement } from './change-types.js'
import type { SchemaName } from './relation-types.js'

/**
 * What is kept or lost together: the statements of a transaction, or each statement alone. Then the one statement that
 * writes the target carries what it stands for, between `before` and `after`.
 */
export type Commits =
  | { readonly by: 'transaction' }
  | {
      readonly by: 'statement'
      /** One row with the value of each record as text, to be known before the commit that carries it. */
      readonly watermarks: (records: readonly WatermarkRecord[]) => Sql
      /** Undefined where the session does not let a commit carry anything. */
      readonly tag: (record: StateRecord) => CommitTag | undefined
      /** Records of many relations at once: those that commits carry are written down together when the run ends. */
      readonly recordAll: (stateSchema: SchemaName, records: readonly StateRecord[]) => readonly Statement[]
    }

/** Statements around a commit; `after` runs on errors too. */
export interface CommitTag {
  readonly before: readonly Statement[]
  readonly after: readonly Statement[]
}

/** Tables of the state schema. */
export type StateTable =
  | 'watermarks'
  | 'intervals'
  | 'late_rows'
  | 'duplicate_rows'
  | 'dead_letters'
  | 'runs'
  | 'node_runs'

/** One watermark to record. */
export interface WatermarkRecord {
  readonly column: string
  readonly value:
    | { readonly kind: 'text'; readonly text: string | null }
    /** The largest of the relations' maxima in `column` and `current` (text of that type), which NULLs do not count in. */
    | { readonly kind: 'maximum'; readonly of: readonly Relation[]; readonly type: string; readonly current?: string }
}

/** What one run, `state set` or `state reset` records of a relation: all of its watermarks at once, as one version. */
export interface StateRecord {
  readonly target: Relation
  readonly model: string
  readonly runId: string
  /** ISO 8601. */
  readonly recordedAt: string
  readonly action: 'run' | 'full_refresh' | 'set' | 'reset' | 'forget'
  readonly watermarks: readonly WatermarkRecord[]
  /** The windows that the run did; `clear` ends all that was recorded of the relation before. */
  readonly intervals: readonly IntervalRecord[]
}

/** A stretch of windows, half open, as `2024-01-31 00:00:00` in UTC. */
export interface IntervalRecord {
  readonly from: string
  readonly to: string
  readonly status: 'done' | 'open' | 'clear'
}

/** One run of fft, written down when it ends. */
export interface RunRecord {
  readonly runId: string
  readonly command: string
  readonly environment: string
  readonly version: string
  /** `success`, or `error` when a node failed. */
  readonly status: string
  /** ISO 8601, like all times here. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly nodes: readonly NodeRunRecord[]
}

/** What a run did to one relation. */
export interface NodeRunRecord {
  readonly relation: string
  readonly model: string
  readonly status: string
  readonly startedAt: string
  readonly milliseconds: number
  /** Undefined when the node failed or was passed over. */
  readonly counts: RowCounts | undefined
}

/** The statements about runs. */
export interface RunRecords {
  /** Writes a run down, and forgets those that began before `keepFrom`. */
  record(stateSchema: SchemaName, run: RunRecord, keepFrom: string): readonly Statement[]
  /** Newest first: started_at, model, relation, status, milliseconds, the counts, run_id. */
  read(stateSchema: SchemaName): Sql
}
