import type { Profile } from '../config/index.js'
import type { Relation, Sql } from '../core/index.js'
import type { Counted } from './change-types.js'
import type { Dialect } from './dialect-types.js'
import type { Column, ColumnBatch, RelationState, SchemaName, TextRow } from './relation-types.js'
import type { StateRecord } from './state-types.js'

export interface QueryResult {
  readonly columns: readonly Column[]
  readonly rows: readonly TextRow[]
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
  /** Columns of `columnTypes` that the file need not have: those that are said of a whole folder of seeds. */
  readonly sharedTypes?: readonly string[]
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
  /**
   * Relations of the schemas with columns and kinds, in at most two queries. Schemas that do not exist give nothing.
   * Engines that tell columns only one relation at a time leave out those of relations that need none.
   */
  relations(
    schemas: readonly SchemaName[],
    needsColumns?: (relation: Relation) => boolean,
  ): Promise<readonly RelationState[]>
  /**
   * What the tables' own commits say was recorded last, for engines whose commits carry it: a run that was killed
   * between a commit and its record leaves the state tables behind.
   */
  committedRecords?(relations: readonly Relation[]): Promise<readonly StateRecord[]>
  /** Facts for `fft debug`: version, path, rights; each a line. */
  facts(): Promise<readonly Fact[]>
  /** Cancels whatever runs on any connection. */
  cancelAll(): Promise<void>
  close(): Promise<void>
}

/** A line of `fft debug`. */
export interface Fact {
  readonly name: string
  readonly value: string
  /** Set when it keeps fft from working: what to do. */
  readonly fix?: string
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
  /** For engines where it can be proved that rows are unchanged. */
  readonly data?: {
    /** A text that differs when anybody wrote to the database since; undefined when that cannot be told. */
    mark(profile: Profile): Promise<string | undefined>
    /** Whether a SELECT may read more than rows of the database: files, the clock, chance. */
    readsMore(sql: string): boolean
  }
}
