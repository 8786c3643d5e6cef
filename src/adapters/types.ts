import type { Profile } from '../config/index.js'
import type { Relation, RelationKind, Sql } from '../core/index.js'

/** One column as the engine describes it. */
export interface Column {
  readonly name: string
  /** The engine's own spelling, complete: `DECIMAL(18,3)`, `TIMESTAMP WITH TIME ZONE`. */
  readonly type: string
}

/** What is known of one relation in the warehouse. */
export interface RelationState {
  readonly relation: Relation
  readonly kind: RelationKind
  readonly columns: readonly Column[]
  /** Columns of each unique index or key. */
  readonly uniqueKeys: readonly (readonly string[])[]
  /** What has to outlive a swap; undefined where the engine has no such things or there are none. */
  readonly attachments?: Attachments
}

/** What hangs at a relation or reads it, and must still be there when another relation has taken its place. */
export interface Attachments {
  /** Views that read it, directly or through others: each comes before what it reads, which is the order to drop them. */
  readonly dependents: readonly Dependent[]
  /** Statements that give a relation of that name its owner, grants, comments and indexes again. */
  readonly restore: readonly string[]
  /** In words, what reads it and cannot be made again: `materialized view public.totals`. */
  readonly blockers: readonly string[]
}

/** A view on a relation that is swapped: dropped before, made again after. */
export interface Dependent {
  readonly relation: Relation
  readonly drop: string
  /** The view itself and what hangs at it. */
  readonly restore: readonly string[]
  /** This run builds it anew afterwards, so it may be left away when it does not fit any more. */
  readonly isRebuilt?: boolean
}

/** A value in rows that travel as text: lossless, as the engine prints it; null is NULL. */
export type TextRow = readonly (string | null)[]

export interface QueryResult {
  readonly columns: readonly Column[]
  readonly rows: readonly TextRow[]
}

/** A batch of rows, column by column; every column has the same length. */
export interface ColumnBatch {
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

/**
 * One connection to the engine. Statements on it run one after the other. Every method throws FftError with the
 * user's place (from the Sql pieces and the engine's position) when the engine refuses.
 */
export interface Connection {
  /**
   * Runs a statement; gives how many rows it inserted, updated or deleted (created, for `create table as`). `rowsOf` is
   * the relation written, given when the rows are wanted and the engine may tell them only in the table's history.
   */
  execute(sql: Sql, rowsOf?: Relation): Promise<Written>
  /**
   * Runs statements one after the other, sent together where that saves round trips: the error is that of the first
   * that fails, and those behind it do not run.
   */
  executeAll?(statements: readonly Sql[]): Promise<readonly Executed[]>
  /** Runs a query and reads everything as text. */
  query(sql: Sql): Promise<QueryResult>
  /** Columns of a SELECT without running it. */
  describe(select: Sql): Promise<readonly Column[]>
  /** Streams a query's rows in batches; values are lossless JavaScript values (see `lossless values` in adapters). */
  stream(sql: Sql): AsyncIterable<ColumnBatch>
  /** Bulk-loads batches into an existing table, matched by column name; gives the rows loaded. */
  load(into: Relation, columns: readonly Column[], batches: AsyncIterable<ColumnBatch>): Promise<number>
  /** Reads a seed's file into a new relation. Throws `seed-malformed` at the file's physical line. */
  loadSeed(
    request: SeedRequest,
    into: Relation,
  ): Promise<{ readonly rows: number; readonly columns: readonly Column[] }>
  /** Opens a transaction, with a relation's lock where the engine has one; throws `relation-locked` after the wait. */
  begin(lock?: LockRequest): Promise<void>
  /** Throws when the engine kept nothing. */
  commit(): Promise<void>
  /** Never throws; safe to call outside a transaction. */
  rollback(): Promise<void>
  /** Cancels the running statement, if any. */
  cancel(): Promise<void>
  close(): Promise<void>
}

/** How many rows a statement wrote. */
export interface Written {
  readonly rowsAffected: number
  /** Of a statement that does several things at once, which the engine counts apart: rows besides `rowsAffected`. */
  readonly counted?: Readonly<Partial<Record<Counted, number>>>
}

/** The same of one of several statements, with the time that it took. */
export interface Executed extends Written {
  readonly durationMs: number
}

/** A relation that only one run at a time may write; the lock ends with the transaction. */
export interface LockRequest {
  readonly relation: Relation
  readonly waitMs: number
  /** Called once when waiting starts, with who holds it. */
  readonly onWait: (holder: string) => void
}

/** A seed's file and how to read it. */
export interface SeedRequest {
  readonly absolutePath: string
  /** From the project folder; for messages. */
  readonly path: string
  readonly format: 'csv' | 'parquet' | 'json'
  readonly delimiter?: string
  readonly columnTypes: Readonly<Record<string, string>>
  /** Columns that are added to each row, as SQL literals. */
  readonly extraColumns: readonly { readonly name: string; readonly type: string; readonly valueSql: string }[]
}

/** An open engine: gives connections and reads the warehouse's state. */
export interface Warehouse {
  readonly dialect: Dialect
  /** Where unqualified names go. */
  readonly defaults: { readonly database?: string; readonly schema: string }
  /** A connection of its own; the caller closes it. */
  connect(): Promise<Connection>
  /** Relations of the schemas with columns and kinds, in at most two queries. Schemas that do not exist give nothing. */
  relations(schemas: readonly SchemaName[]): Promise<readonly RelationState[]>
  /**
   * What the tables' own commits say was recorded last, for engines whose commits carry it: a run that was killed
   * between a commit and its record leaves the state tables behind.
   */
  committedRecords?(relations: readonly Relation[]): Promise<readonly StateRecord[]>
  /** Facts for `fft debug`: version, path, rights; each a line. */
  facts(): Promise<readonly { readonly name: string; readonly value: string }[]>
  /** Cancels whatever runs on any connection. */
  cancelAll(): Promise<void>
  close(): Promise<void>
}

export interface OpenOptions {
  readonly profile: Profile
  /** How long to wait for another process that holds the database. */
  readonly waitLockMs: number
  /** Called once when waiting starts, with who holds it. */
  readonly onWait?: (holder: string) => void
  readonly readOnly?: boolean
}

/** What an engine's folder gives to the registry. */
export interface Adapter {
  readonly dialect: Dialect
  /** Where unqualified names go, without opening anything. */
  defaults(profile: Profile): SchemaName
  /** Loads the driver and opens the engine. Throws FftError with a hint. */
  open(options: OpenOptions): Promise<Warehouse>
  /** The same for an engine that needs no waiting and creates nothing; undefined when that is not so. */
  openExisting?(options: OpenOptions): Promise<Warehouse> | undefined
  /** A text that differs when anybody wrote to the database since; undefined when that cannot be told. */
  dataMark?(profile: Profile): Promise<string | undefined>
}

/** What must be true of the target after the delta is applied; `pipeline.md` §3. */
export type Change =
  | {
      readonly kind: 'insert'
      /** Which delta rows are already there: none; those with a key of the target; those equal in the watermark's range. */
      readonly existing:
        | { readonly by: 'nothing' }
        | { readonly by: 'key'; readonly key: readonly string[]; readonly nullSafe: boolean }
        | { readonly by: 'rows'; readonly range?: { readonly column: string; readonly from: string } }
    }
  | {
      readonly kind: 'upsert'
      readonly key: readonly string[]
      /** The model's `updated_at`, which lets engines skip old rows when they compare. */
      readonly updatedAt?: string
      /** The newer row by `updatedAt` wins (NULL oldest, equal: the delta); else the delta always does. */
      readonly newestWins: boolean
      /** NULL keys match NULL keys. */
      readonly nullSafe: boolean
    }
  | { readonly kind: 'replace_keys'; readonly key: readonly string[]; readonly nullSafe: boolean }

/** A change of the target with everything that its statements need. */
export interface ApplyInput {
  readonly target: Relation
  readonly staging: Relation
  /** Columns of the delta, in the target's spelling. */
  readonly deltaColumns: readonly Column[]
  /** Columns of the target after any schema change. */
  readonly targetColumns: readonly Column[]
  /** Those of them that this run added: rows that were there before have NULL in them. */
  readonly addedColumns: readonly Column[]
  /** Unique indexes of the target. */
  readonly uniqueKeys: readonly (readonly string[])[]
  /** A name for a further temporary relation of this node. */
  readonly scratch: (suffix: string) => Relation
}

/**
 * What a statement's row count means for the node's counts. `dropped`: staged rows without a key; `updated`: rows that
 * others take the place of, one for one; `replaced`: rows taken out, updated ones among them; `written`: rows put in,
 * updated ones among them; `filled`: rows that got values in new columns.
 */
export type Counted =
  | 'staged'
  | 'dropped'
  | 'duplicates'
  | 'unchanged'
  | 'updated'
  | 'deleted'
  | 'replaced'
  | 'written'
  | 'filled'

/** A statement with what it is for; the plan prints it, execution sends it. */
export interface Statement {
  readonly sql: Sql
  /** What its row count means; `written` is inserted + updated, of which `updated` is told apart. */
  readonly counts?: Counted
  /** Short, for people: `stage the delta`, `delete replaced rows`. */
  readonly note: string
  /** For a statement that makes a relation: the SELECT that its columns come from. */
  readonly select?: Sql
  /** A query of one row and one column, cheaper than the statement, which is needed only when it says `true`. */
  readonly onlyIf?: { readonly sql: Sql; readonly note: string }
  /** For a statement with `counts`: the relation that it writes, where the engine tells the rows in its history. */
  readonly rowsOf?: Relation
}

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
}

/** One watermark to record. */
export interface WatermarkRecord {
  readonly column: string
  readonly value:
    | { readonly kind: 'text'; readonly text: string | null }
    /** The larger of the rows' maximum in `column` and `current` (text of that type), which NULLs do not count in. */
    | { readonly kind: 'maximum'; readonly of: Relation; readonly type: string; readonly current?: string }
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
}

/** A schema and the database that it is in. */
export interface SchemaName {
  readonly database?: string
  readonly schema: string
}

/** The engine's SQL, as pure functions. Nothing outside the engine's folder writes engine SQL. */
export interface Dialect {
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
  /** Puts `aside` in the target's place; readers see the old rows until commit. */
  publish(aside: Relation, target: Relation, present: RelationState | undefined): readonly Statement[]
  /** Builds a table and puts it in the target's place in one atomic statement, where the engine has one. */
  replaceTable?(target: Relation, select: Sql, present: RelationState | undefined): readonly Statement[]
  /** Puts the rows of `from` in the place of the target's rows; both have those columns. */
  replaceRows(from: Relation, target: Relation, columns: readonly Column[]): readonly Statement[]
  /** The temporary relation, or the one beside the target, of that name. */
  stagingRelation(target: Relation, name: string): Relation
  asideRelation(target: Relation, name: string): Relation

  /** The user's SELECT with a filter around it; a trailing comment never swallows the wrapper. */
  filtered(select: Sql, filter: { readonly column: string; readonly from: string }): Sql
  /** Which keys are at fault, as one query and the rows behind it. */
  keyCheck(input: KeyCheckInput): KeyCheck
  /** Removes rows with NULL in a key. */
  dropNullKeys(relation: Relation, key: readonly string[]): Statement
  /** Collapses rows that are equal in every column. */
  collapse(relation: Relation, columns: readonly Column[]): Statement
  /** Keeps one row a key: the newest by a column (NULL oldest), or any. */
  keepOne(
    relation: Relation,
    key: readonly string[],
    newestBy: string | undefined,
    columns: readonly Column[],
  ): Statement
  /** Rows of keys whose newest rows are equal in `newestBy` but differ elsewhere; up to five. */
  ties(relation: Relation, key: readonly string[], newestBy: string): Sql

  addColumn(target: Relation, column: Column): Statement
  dropColumn(target: Relation, column: string): Statement
  retypeColumn(target: Relation, column: Column): Statement
  /** `update target set new = full.new from full where key`: fills new columns of existing rows. */
  backfill(target: Relation, from: Relation, key: readonly string[], columns: readonly string[]): Statement

  apply: {
    readonly [Kind in Change['kind']]: (input: ApplyInput, change: Change & { kind: Kind }) => readonly Statement[]
  }

  /** Creates what is missing of the state schema and its tables. */
  stateTables(schema: SchemaName): readonly Statement[]
  recordState(stateSchema: SchemaName, record: StateRecord): readonly Statement[]
  /** The newest version of every relation: relation, model, column_name, value, run_id, action, recorded_at. */
  readWatermarks(stateSchema: SchemaName): Sql
  /**
   * For each column asked for, its number `n`, its maximum as text, and `true` when `stored` is ahead of it (or the
   * table is empty).
   */
  readMaxima(
    asked: readonly { readonly relation: Relation; readonly column: Column; readonly stored: string | undefined }[],
  ): Sql

  /** A SELECT of the first rows; `limit` undefined: all. */
  limited(select: Sql, limit: number | undefined): Sql
  tests: TestDialect
}

/** The data tests' queries; each returns the rows at fault. */
export interface TestDialect {
  unique(from: Sql, column: string): Sql
  notNull(from: Sql, column: string): Sql
  acceptedValues(from: Sql, column: string, values: readonly unknown[], quote: boolean): Sql
  relationships(from: Sql, column: string, to: Sql, field: string): Sql
  /** One row with a column for each query: how many rows it gives. */
  counts(failures: readonly Sql[]): Sql
}
