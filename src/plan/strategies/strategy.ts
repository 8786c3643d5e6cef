import type { Change, WindowFilter } from '../../adapters/index.js'
import type { IncrementalConfig } from '../../config/index.js'
import type { StringRules } from '../../core/index.js'

/** Keys of the configuration that only some strategies know, or that some cannot do without. */
export type NeededKey =
  | 'updated_at or check_cols'
  | 'unique_key'
  | 'partition_by'
  | 'history_columns'
  | 'event_time'
  | 'begin'
  | 'batch_size'
  | 'cdc'
export type TakenKey =
  | 'predicates'
  | 'update_columns'
  | 'exclude_columns'
  | 'update_when'
  | 'deletes'
  | 'history_columns'
  | 'late_rows'
  | 'check_cols'
  | 'hard_deletes'
  | 'history_names'
  | 'views'
  | 'duplicate_rows'
  | 'concurrent_batches'
  | 'cdc'

/** What a strategy may look at; columns are spelt as the target spells them. */
export interface StrategyInput {
  readonly config: IncrementalConfig
  /** How the engine reads the conditions in it. */
  readonly rules: StringRules
  readonly key: readonly string[]
  readonly partitionBy: readonly string[]
  readonly updatedAt: string | undefined
  /** Whether the delta is filtered, by the user or by fft; else it is the whole SELECT. */
  readonly isFiltered: boolean
  /** For `append`: the filter that fft puts around the delta. */
  readonly range: { readonly column: string; readonly from: string } | undefined
  /** The stretch of time that the delta is of. */
  readonly window: WindowFilter | undefined
  /** Columns that a row that is there takes over; undefined: all. */
  readonly updates: readonly string[] | undefined
  /** All columns of the delta. */
  readonly columns: readonly string[]
  /** The start of the run, a literal of the type of `updated_at` if that is one of times. */
  readonly now: string
  /** Of change events: what tells that the delta's comes after the target's, rows of the storage. */
  readonly laterEvent?: {
    /** A condition on `delta` and `target`. */
    readonly sql: string
    readonly columns: readonly string[]
  }
}

/** A strategy as a result: what must be true of the target afterwards. Dialects know the statements. */
export interface Strategy {
  readonly needs: readonly NeededKey[]
  readonly takes: readonly TakenKey[]
  /** Whether a key may stand in several rows. */
  readonly allowsDuplicates: boolean
  /** Whether only rows past the watermark of `updated_at` are new, so that fft filters every delta by it. */
  readonly filtersByUpdatedAt: boolean
  /** Whether each run has to see the whole SELECT, of a single day. */
  readonly isDated: boolean
  /** Whether a run does windows of time, by a ledger of those that are done. */
  readonly hasWindows: boolean
  /** Whether a key has a row for each of its versions, with the time that it was valid. */
  readonly hasVersions: boolean
  /** Whether the rows are change events, which are kept in a table beside the view of what they leave alive. */
  readonly hasEvents: boolean
  change(input: StrategyInput): Change
}
