import type { Relation, RelationKind, Sql, StringRules } from '../core/index.js'
import type { Attaching, ContractTypes } from './attach-types.js'
import type { ApplyInput, Change, LateInput, RowNote, Statement, WindowFilter } from './change-types.js'
import type { EventSql, PackedEventSql } from './event-types.js'
import type { Column, RelationState, SchemaName } from './relation-types.js'
import type { Commits, RunRecords, StateRecord, StateTable } from './state-types.js'

/** The key checks of a staged relation, as one query and what follows from it. */
export interface KeyCheck {
  /** One row, one column: `unique`, `duplicates` or `null_keys` (the worse wins). */
  readonly verdict: Sql
  /** Up to five rows at fault. */
  readonly nullKeyRows: Sql
  readonly duplicateRows: Sql
}

export interface KeyCheckInput {
  readonly relation: Relation
  readonly key: readonly string[]
  /** Whether NULL in a key counts as `null_keys`. */
  readonly refuseNulls: boolean
  /** Whether a key in two rows counts as `duplicates`. */
  readonly refuseDuplicates: boolean
  /** An expression that has to agree as well for two rows to have one key. */
  readonly bucket?: string | undefined
}

/** The statements about late rows. */
export interface LateRows {
  /**
   * Whether `apply.upsert` counts late rows itself, among the rows that it writes: it has found out already which ones are
   * new or changed, which is most of the work.
   */
  inUpsert(change: Extract<Change, { kind: 'upsert' }>): boolean
  /** `true` or `false`: whether any row is below the watermark, which is cheap to see. */
  some(input: LateInput): { readonly sql: Sql; readonly note: string }
  count(input: LateInput): Statement
  /** Up to five of them. */
  rows(input: LateInput): Sql
  /** Writes them down, each once. */
  note(input: LateInput, into: Relation, note: RowNote): Statement
  /** Takes them out of the delta. */
  remove(input: LateInput): Statement
}

/** Which row of a key stays. */
export interface KeepOne {
  readonly key: readonly string[]
  /** The column whose newest value decides (NULL oldest); undefined: any row. */
  readonly newestBy: string | undefined
  /** All columns of the rows. */
  readonly columns: readonly Column[]
  /** An expression that has to agree as well for two rows to have one key. */
  readonly bucket?: string | undefined
}

/** Rows of a relation among which some are too many. */
export interface DuplicateRows {
  readonly relation: Relation
  readonly columns: readonly Column[]
  readonly key: readonly string[]
  /** Which row of a key stays; undefined: of rows that are equal in every column, one. */
  readonly keep?: KeepOne
}

/** Further checks of staged rows; each query returns what is at fault, and nothing when all is well. */
export interface RowChecks {
  /** Up to five rows of the delta (alias `delta`) that a condition is not true of. */
  failing(delta: Relation, condition: string): Sql
  /** Up to five rows of the delta whose key is in the target, but in no row that the condition on both is true of. */
  outside(
    delta: Relation,
    target: Relation,
    match: { readonly key: readonly Column[]; readonly nullSafe: boolean },
    condition: string,
  ): Sql
  /** `true` or `false`: whether the relation has rows in a window. */
  anyInWindow(relation: Relation, window: WindowFilter): Sql
  /** One row when the delta has none, but the target some. */
  empty(delta: Relation, target: Relation): Sql
  /** One row when a column does not have exactly one value in all rows. */
  severalValues(relation: Relation, column: string): Sql
}

/** Files that a source reads in place of a table. */
export interface ExternalFiles {
  /** An absolute path or glob, or a URL. */
  readonly location: string
  /** `csv`, `parquet`, `json`; undefined: by the ending. */
  readonly format: string | undefined
  readonly options: Readonly<Record<string, unknown>>
}

/** The engine's SQL, as pure functions. Nothing outside the engine's folder writes engine SQL. */
export interface Dialect extends StringRules {
  readonly engine: string
  /** Names that a profile or an `engines` list may use for it. */
  readonly aliases: readonly string[]
  /** Whether two column names that differ in case are the same column. */
  readonly ignoresCase: boolean
  /** How many bytes of UTF-8 a name may have before the engine cuts it; undefined: it cuts none. */
  readonly longestName?: number
  readonly commits: Commits
  /** What a run locks against another: `database`: opening it does; `relation`: each node's transaction does. */
  readonly locks: 'database' | 'relation' | 'none'
  /** From how many rows on reading them out of the engine is worth a warning; undefined: it costs little. */
  readonly costlyPullRows?: number
  /** Whether a seed is loaded in the transaction that publishes it, or before: then it may read its file twice. */
  readonly loadsSeeds: 'in_transaction' | 'before'

  quote(identifier: string): string
  /** What the engine makes of a name that is not in quotes. */
  unquoted(identifier: string): string
  relation(relation: Relation): string
  /** A text value as a literal of a type: what `watermark()` prints. */
  literal(value: string, type: string): string
  /** The smallest value of a type, as a literal. */
  minimum(type: string): string
  /** A JavaScript value as a literal: strings, numbers, booleans, null. */
  value(value: unknown): string
  /** A text cell as a JavaScript value: numbers (bigint where they are large), booleans; everything else stays text. */
  hostValue(cell: string, type: string): unknown
  /** `literal - lookback`, for a duration or a number; undefined when the type cannot take it. */
  minus(literal: string, type: string, lookback: string | number): string | undefined
  sameType(a: string, b: string): boolean
  /** Whether every value of `from` is a value of `to`. */
  widens(from: string, to: string): boolean
  /** The type of a column of JavaScript values, or undefined when they have none in common. */
  inferColumn(values: readonly unknown[]): string

  /** The template library's `ff_date_trunc`, `ff_date_add`, `ff_safe_cast`. */
  dateTrunc(expression: string, part: string): string
  dateAdd(expression: string, part: string, count: string): string
  safeCast(expression: string, type: string): string

  createSchema(schema: SchemaName): Statement
  drop(relation: Relation, kind: RelationKind): Statement
  createView(view: Relation, select: Sql, present: RelationState | undefined): readonly Statement[]
  /** A temporary relation from a SELECT. */
  stage(staging: Relation, select: Sql): Statement
  /** An empty relation with those columns, temporary or to be published. */
  createEmpty(relation: Relation, columns: readonly Column[], as: 'staging' | 'aside'): Statement
  /** Drops it, where it does not end with the transaction. */
  unstage?(staging: Relation): Statement
  /** A new relation from a SELECT, beside the target, to be checked and then published. */
  buildAside(aside: Relation, select: Sql): Statement
  /** Adds the rows of a SELECT to a relation that has those columns. */
  insertSelect(into: Relation, columns: readonly Column[], select: Sql): Statement
  /**
   * Waits until no other transaction that asked for it writes the target. Where it is there, batches of one relation may
   * run at once: each waits for its turn when its rows are staged.
   */
  takeTurn?(target: Relation): Statement
  /** Puts `aside` in the target's place; readers see the old rows until commit. */
  publish(aside: Relation, target: Relation, present: RelationState | undefined): readonly Statement[]
  /**
   * Builds a table and puts it in the target's place in one atomic statement, where the engine has one; undefined where
   * what stands there has to go first, which is to be done only when the new rows are there.
   */
  replaceTable?(
    present: RelationState | undefined,
  ): ((target: Relation, select: Sql) => readonly Statement[]) | undefined
  /** Puts the rows of `from` in the place of the target's rows; both have those columns. */
  replaceRows(from: Relation, target: Relation, columns: readonly Column[]): readonly Statement[]
  /** The temporary relation, or the one beside the target, of that name. */
  stagingRelation(target: Relation, name: string): Relation
  asideRelation(target: Relation, name: string): Relation

  /** The user's SELECT with a filter around it; a trailing comment never swallows the wrapper. */
  filtered(select: Sql, filter: { readonly column: string; readonly from: string }): Sql
  /** The rows of the user's SELECT in a window, and those without a time. */
  inWindow(select: Sql, window: WindowFilter): Sql
  /** An instant (milliseconds since 1970, UTC) as a literal of a date or time type; undefined for other types. */
  instant(ms: number, type: string): string | undefined
  /** Which keys are at fault, as one query and the rows behind it. */
  keyCheck(input: KeyCheckInput): KeyCheck
  /** Removes rows with NULL in a key. */
  dropNullKeys(relation: Relation, key: readonly string[]): Statement
  /** Collapses rows that are equal in every column. */
  collapse(relation: Relation, columns: readonly Column[]): Statement
  /** Keeps one row a key: the newest by a column (NULL oldest), or any. */
  keepOne(relation: Relation, rows: KeepOne): Statement
  /** Writes down the rows that `collapse` (without `keep`) or `keepOne` takes out next. */
  noteDuplicates(rows: DuplicateRows, into: Relation, note: RowNote): Statement
  readonly rowChecks: RowChecks
  readonly lateRows: LateRows
  /** Removes the rows (alias `delta`) that a condition is true of. */
  dropRows(relation: Relation, condition: string): Statement
  /** Rows of keys whose newest rows are equal in `newestBy` but differ elsewhere; up to five. */
  ties(relation: Relation, key: readonly string[], newestBy: string, bucket?: string): Sql

  addColumn(target: Relation, column: Column): Statement
  dropColumn(target: Relation, column: string): Statement
  retypeColumn(target: Relation, column: Column): Statement
  /** `update target set new = full.new from full where key`: fills new columns of existing rows. */
  backfill(target: Relation, from: Relation, key: readonly string[], columns: readonly string[]): Statement

  /** The versions that staged rows alone tell, with the columns of a history. */
  firstVersions(input: ApplyInput, change: Extract<Change, { kind: 'version' }>): Sql
  /** The SELECTs of the views of a history: the versions that are valid now, and all, equal neighbours as one. */
  versionViews(
    input: ApplyInput,
    change: Extract<Change, { kind: 'version' }>,
  ): { readonly current: Sql; readonly history: Sql }
  /** Deletes the oldest versions of each key, so that so many stay. */
  pruneVersions(input: ApplyInput, change: Extract<Change, { kind: 'version' }>, keep: number): readonly Statement[]

  readonly events: EventSql
  readonly packedEvents: PackedEventSql

  /**
   * How a table takes a delta whose format is another one than that of new tables and needs other statements, and what to
   * tell of it; undefined for tables that take the usual ones.
   */
  over?(present: RelationState): { readonly dialect: Dialect; readonly notice: string } | undefined

  apply: {
    readonly [Kind in Change['kind']]: (input: ApplyInput, change: Change & { kind: Kind }) => readonly Statement[]
  }

  readonly attach: Attaching
  readonly contract: ContractTypes

  /** Creates what is missing of the state schema and of those tables in it. */
  stateTables(schema: SchemaName, tables: readonly StateTable[]): readonly Statement[]
  recordState(stateSchema: SchemaName, record: StateRecord): readonly Statement[]
  /** Recorded windows in the order of their recording: relation, starts_at, ends_at, status. */
  readIntervals(stateSchema: SchemaName): Sql
  /** The newest version of every relation: relation, model, column_name, value, run_id, action, recorded_at. */
  readWatermarks(stateSchema: SchemaName): Sql
  /**
   * Every version ever recorded: relation, version, model, run_id, action, recorded_at, then column_name and value of
   * watermarks, or starts_at, ends_at and status of windows.
   */
  readHistory(stateSchema: SchemaName, table: 'watermarks' | 'intervals'): Sql
  /** Undefined where a record would cost more than the run: there the tables' own history tells. */
  readonly runs?: RunRecords
  /**
   * For each column asked for, its number `n`, its maximum as text, and `true` when `stored` is ahead of it (or the
   * table is empty).
   */
  readMaxima(
    asked: readonly { readonly relation: Relation; readonly column: Column; readonly stored: string | undefined }[],
  ): Sql

  /** The rows of files in a FROM clause, where the engine reads files. */
  files?(files: ExternalFiles): string

  /** A SELECT of the first rows; `limit` undefined: all. */
  limited(select: Sql, limit: number | undefined): Sql
  tests: TestDialect
}

/** Buckets of time, in UTC: weeks begin on Monday, months and years by the calendar; several at once at multiples. */
export interface Every {
  readonly count: number
  readonly unit: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'
}

/** How far apart the values of a column without gaps are. */
export type Spacing =
  | { readonly kind: 'numbers'; readonly step: number }
  /** `until`: an expression; buckets that end before it have to be there too. */
  | { readonly kind: 'times'; readonly every: Every; readonly until?: string }

/** The data tests' queries; each returns the rows at fault. */
export interface TestDialect extends GapDialect, MeasureDialect {
  unique(from: Sql, column: string): Sql
  notNull(from: Sql, column: string): Sql
  acceptedValues(from: Sql, column: string, values: readonly unknown[], quote: boolean): Sql
  relationships(from: Sql, column: string, to: Sql, field: string): Sql
  /** One row with a column for each query: how many rows it gives. */
  counts(failures: readonly Sql[]): Sql
}

/** One side that is measured: rows, and an expression that gives one value of them. */
export interface MeasuredSide {
  readonly rows: Sql
  readonly expression: string
}

/** The queries that measure a relation, or two that have to agree. */
export interface MeasureDialect {
  greaterEqual(from: Sql, column: string, threshold: number): Sql
  nonNegativeSum(from: Sql, column: string): Sql
  rowCountBetween(from: Sql, rows: { readonly min: number; readonly max: number | undefined }): Sql
  /** One row when the newest value is older than a literal, or there is none. */
  newerThan(from: Sql, column: string, oldest: string): Sql
  /** One row when both values do not agree: within a tolerance, a ratio of left to right, or a difference. */
  reconcile(
    left: MeasuredSide,
    right: MeasuredSide,
    within:
      | { readonly by: 'equality'; readonly absolute: number | undefined; readonly percent: number | undefined }
      | { readonly by: 'ratio'; readonly least: number | undefined; readonly most: number | undefined }
      | { readonly by: 'difference'; readonly most: number },
  ): Sql
  /** Keys of the source that the target does not have; NULL is had by none. */
  coverage(
    source: { readonly rows: Sql; readonly key: string },
    target: { readonly rows: Sql; readonly key: string },
  ): Sql
}

/** The columns of a history; `mayEnd`: whether a key may have no version for a while, or any more. */
export interface HistoryShape {
  readonly key: readonly string[]
  readonly validFrom: string
  readonly validTo: string
  readonly mayEnd: boolean
}

/** The queries about what is not there. */
export interface GapDialect {
  /** The versions that make a history untrue: an overlap, a gap, an empty period, a key without exactly one open version. */
  validHistory(from: Sql, history: HistoryShape): Sql
  /** Stretches without a value, half open: gap_start, gap_end. NULL is no value. */
  noGaps(from: Sql, column: string, spacing: Spacing): Sql
  /**
   * One row when the number of rows differs from the one that `expected` (a SELECT of one value) gives by more than so
   * many percent (a decimal number), or when that is NULL: actual, expected, difference_percent, direction.
   */
  completeWithin(from: Sql, expected: Sql, percent: string): Sql
}
