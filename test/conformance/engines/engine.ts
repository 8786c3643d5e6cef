import type { EngineName } from '../../../src/config/index.js'
import type { PromiseName } from '../promises.js'

/** What a case may ask of an engine before it runs there. */
export type Capability =
  /** A node's statements are kept or lost together. */
  | 'transactions'
  /** Several connections write at once. */
  | 'two_connections'
  /** What hangs at a relation (dependent views, grants, comments, indexes) has to be kept over a swap. */
  | 'attachments'
  /** Names longer than some length are cut by the engine. */
  | 'short_names'
  /** Relations may have any name, not of letters, digits and `_` alone. */
  | 'odd_relations'
  /** Timestamps with and without a time zone are two types. */
  | 'timestamptz'
  /** What a run does to a relation waits until another run has done its own. */
  | 'locks'

/** Names of types, as the engine writes them in DDL. */
export interface TypeNames {
  readonly text: string
  /** Without a time zone. */
  readonly timestamp: string
  readonly double: string
}

/** A type with two different values, as SQL. */
export interface TypeSample {
  readonly type: string
  readonly values: readonly [string, string]
}

/** A type of `updated_at` with three values in their order, the last one a little above the second, as SQL. */
export interface TimeSample {
  readonly type: string
  readonly values: readonly [string, string, string]
  /** The second and the third as the state shows them. */
  readonly texts: readonly [string, string]
}

/** A value of a type: as text, and what a `.ff.ts` model must see of it. */
export interface ValueSample {
  readonly type: string
  /** The cell of a query. */
  readonly text: string
  readonly value: unknown
  /** Whether engines print it in other ways than `text`. */
  readonly isShownOtherwise?: boolean
}

/** The SQL that the engines write differently; relations and columns come quoted. */
export interface Words {
  readonly types: TypeNames
  createTable(relation: string, columns: string): string
  createTableAs(relation: string, select: string): string
  /** Puts the rows of a SELECT, which may read the relation itself, in its place. */
  replaceTable(relation: string, select: string): readonly string[]
  addColumn(relation: string, column: string): readonly string[]
  dropColumn(relation: string, column: string): readonly string[]
  /** An item of FROM with a column `i` from `first` up to but not including `end`. */
  range(first: number, end: number): string
  /** A SELECT of one column `id` that keeps the engine busy for minutes and can be cancelled. */
  readonly endless: string
  /** A SELECT of one column `id`, unique, that takes longer than another run needs to start. */
  readonly lasting: string
  /** A query with which a server ends the session that sends it. */
  readonly endSession?: string
  /** Statements that give a relation a comment, a grant and an index; for `attachments`. */
  attach?(relation: string, column: string): readonly string[]
  /** A query that tells of them in one row. */
  attached?(schema: string, identifier: string): string
  /** Something at the second name that reads the first relation and cannot be made again by fft. */
  block?(relation: string, name: string): string
}

/** A database of one test's own. */
export interface Database {
  /** The environment in `profiles.yml`. */
  readonly profile: Readonly<Record<string, unknown>> & { readonly engine: EngineName }
  /** The schema of the models; raw tables are made there too. */
  readonly schema: string
  readonly stateSchema: string
  /** The same again, with everything that is in it, while nobody is connected; undefined: an engine that cannot. */
  copy?(): Promise<Database>
  drop(): Promise<void>
}

/** The engine's section of a database's profile. */
export function settingsOf({ profile }: Pick<Database, 'profile'>): Readonly<Record<string, unknown>> {
  return (profile[profile.engine] ?? {}) as Readonly<Record<string, unknown>>
}

/** How a database may be made. */
export interface DatabaseOptions {
  /** Nothing of it has to outlive the connection. */
  readonly volatile?: boolean
  /** Nothing needs to run at once. */
  readonly quiet?: boolean
}

/** An engine under test. */
export interface Engine {
  readonly name: string
  /** Why it cannot be tested here; undefined: it can. */
  readonly missing: string | undefined
  /**
   * How dear a statement is: a file in this process, a server's milliseconds, a good part of a second. Where it is
   * `slow`, cases with a reason in `slow` are left out, and the crash and law suites take few points.
   */
  readonly speed: 'fast' | 'medium' | 'slow'
  readonly can: ReadonlySet<Capability>
  /** Promises that mean nothing here, each with the reason. */
  readonly without: Readonly<Partial<Record<PromiseName, string>>>
  readonly words: Words
  /** Every type that a column may have, those without order or equality of their own among them. */
  readonly samples: readonly TypeSample[]
  readonly times: Readonly<Record<string, TimeSample>>
  /** Values of the engine's own types that drivers like to lose. */
  readonly values: readonly ValueSample[]
  start(): Promise<void>
  stop(): Promise<void>
  database(options?: DatabaseOptions): Promise<Database>
}
