const modelBrand: unique symbol = Symbol.for('fastflowtransform.model')
const sqlBrand: unique symbol = Symbol.for('fastflowtransform.sql')

/** An engine's name in `only` and `engines`; names that fft does not speak are allowed. */
export type EngineName = 'duckdb' | 'postgres' | 'databricks' | 'databricks_spark' | (string & {})

/** The key of an input: the dependency's name without `.ff`. */
export type InputName<Dep extends string> = Dep extends `${infer Name}.ff` ? Name : Dep

/** One handle for each name in `deps`. */
export type Inputs<Deps extends readonly string[] = readonly string[]> = {
  readonly [Dep in Deps[number] as InputName<Dep>]: InputHandle
}

/** A row as an object. Integers of 64 bits are bigint, decimals text, timestamps ISO text with microseconds. */
export type Row = Record<string, unknown>

/** Rows column by column; every list of `values` has the same length. */
export interface ColumnBatch {
  readonly columns: readonly string[]
  readonly values: readonly ArrayLike<unknown>[]
}

/** Rows of an input, read while they are asked for. */
export interface Rows<R = Row> extends AsyncIterable<R> {
  /** Reads everything into memory. */
  toArray(): Promise<R[]>
}

/** Column batches of an input, read while they are asked for. */
export interface ColumnBatches extends AsyncIterable<ColumnBatch> {
  /** Reads everything into memory. */
  toArray(): Promise<ColumnBatch[]>
}

/** What a model gets for each of its `deps`. */
export interface InputHandle {
  readonly name: string
  /** Names and engine types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** The relation, for use inside `` sql`…` ``; the handle itself works there too. */
  readonly sql: SqlFragment
  rows<R = Row>(): Rows<R>
  batches(): ColumnBatches
  /** Everything as one Arrow table; needs the package `apache-arrow` in the project. */
  arrow<Table = unknown>(): Promise<Table>
}

/** The relation that the model fills. */
export interface RelationHandle {
  readonly database?: string
  readonly schema: string
  readonly identifier: string
  readonly sql: SqlFragment
  toString(): string
}

/** A stretch of windows: UTC, without its end. Missing windows that follow one another are one stretch. */
export interface ModelBatch {
  readonly start: Date
  readonly end: Date
  /** The window's name, such as `20240131`; a function that reads it is called for each window by itself. */
  readonly id: string
}

/** What a model knows of the run that it is part of. */
export interface ModelContext {
  readonly engine: string
  /** The environment's name, such as `dev`. */
  readonly env: string
  /** Process environment over the `.env` files. */
  readonly environment: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, unknown>>
  /** A variable; throws when it has no value and no default is given. */
  var<T = unknown>(name: string, ...fallback: readonly [T?]): T
  /** The run's clock; `FFT_NOW` replaces it. */
  readonly now: Date
  readonly isIncremental: boolean
  readonly isFullRefresh: boolean
  /** The stored watermark of a column as text; null when there is none. */
  watermark(column: string): string | null
  readonly relation: RelationHandle
  /** The windows that the rows are for, in a model with `strategy: 'time_range'`. */
  readonly batch: ModelBatch | undefined
  readonly target: Readonly<Record<string, unknown>>
  log(message: string): void
  /** Aborted when the run is cancelled; hand it to `fetch` and the like. */
  readonly signal: AbortSignal
}

/** Everything that a model may return. */
export type ModelResult =
  | SqlFragment
  | InputHandle
  | ColumnBatch
  | ArrowTable
  | Iterable<object>
  | AsyncIterable<object>

/** The part of an Arrow table that fft reads. */
export interface ArrowTable {
  readonly schema: { readonly fields: readonly { readonly name: string }[] }
  readonly batches: readonly object[]
}

/** The function that makes a model's rows. */
export type Build<Deps extends readonly string[] = readonly string[]> = (
  inputs: Inputs<Deps>,
  context: ModelContext,
) => ModelResult | Promise<ModelResult>

type Names = string | readonly string[]
type Data = Readonly<Record<string, unknown>>

/** The options of a model: its name, inputs and column types, and every key of a model's configuration. */
export interface ModelOptions<Deps extends readonly string[] = readonly string[]> {
  /** Default: the file name without `.ff.ts`. */
  readonly name?: string
  /** Models, seeds and snapshots that are read; with or without `.ff`. */
  readonly deps?: Deps
  /** Engines that the model exists for; the same as `engines`. */
  readonly only?: EngineName | readonly EngineName[]
  /** Types of returned columns: `{ amount: 'decimal(38,9)' }`. */
  readonly columns?: Readonly<Record<string, string>>

  readonly materialized?: 'table' | 'incremental' | 'snapshot'
  readonly tags?: Names
  readonly engines?: EngineName | readonly EngineName[]
  readonly enabled?: boolean
  readonly alias?: string
  readonly schema?: string
  readonly database?: string
  readonly description?: string
  readonly docs?: Data
  readonly group?: string
  readonly access?: string
  readonly meta?: Data
  readonly pre_hook?: Names | readonly Data[] | Data
  readonly post_hook?: Names | readonly Data[] | Data
  readonly 'pre-hook'?: Names | readonly Data[] | Data
  readonly 'post-hook'?: Names | readonly Data[] | Data
  readonly grants?: Data
  readonly contract?: Data
  readonly persist_docs?: Data
  readonly quoting?: Data
  readonly storage?: Data
  readonly indexes?: readonly Data[]
  readonly on_error?: string
  readonly http?: Data

  readonly incremental?: boolean | Data
  readonly unique_key?: Names
  readonly primary_key?: Names
  readonly updated_at?: string
  readonly updated_at_column?: string
  readonly strategy?: string
  readonly incremental_strategy?: string
  readonly delta?: { readonly sql: string } | { readonly watermark: string }
  readonly delta_sql?: string
  readonly delta_config?: string
  readonly on_schema_change?: 'fail' | 'ignore' | 'append_new_columns' | 'sync_all_columns'
  readonly on_duplicate_keys?: 'error' | 'latest' | 'any'
  readonly duplicate_rows?: 'drop' | 'quarantine'
  readonly on_null_keys?: 'error' | 'match' | 'drop'
  readonly lookback?: string | number
  readonly late_rows?: 'merge' | 'quarantine' | 'ignore' | 'fail'
  readonly watermark_source?: 'checked' | 'state'
  readonly partition_by?: Names
  readonly event_time?: string
  readonly begin?: string
  readonly batch_size?: string
  readonly concurrent_batches?: boolean
  readonly predicates?: Names
  readonly incremental_predicates?: Names
  readonly update_columns?: Names
  readonly merge_update_columns?: Names
  readonly exclude_columns?: Names
  readonly merge_exclude_columns?: Names
  readonly update_when?: string
  readonly full_refresh?: boolean
  readonly deletes?: Data
  readonly cdc?: Data
  readonly protected?: boolean

  readonly snapshot?: Data
  readonly check_cols?: Names
  readonly hard_deletes?: string
  readonly invalidate_hard_deletes?: boolean
  readonly history_names?: string | Data
  readonly snapshot_meta_column_names?: Data
  readonly history_columns?: Data
  readonly views?: boolean | Data
}

/** What `model()` gives: a branded plain object that fft finds as a file's default export. */
export interface CodeModel {
  readonly [modelBrand]: true
  readonly options: unknown
  readonly build: unknown
}

/** A piece of SQL made by `` sql`…` ``. */
export interface SqlFragment {
  readonly [sqlBrand]: true
  readonly parts: readonly SqlPart[]
}

/** One part of a fragment: SQL text (`raw`: as it stands in the file), a name to quote, or a value to print. */
export type SqlPart =
  | { readonly text: string; readonly raw?: string }
  | { readonly identifier: string }
  | { readonly value: unknown }

/** Declares the model of a `.ff.ts` file; the file's default export. */
export function model<const Deps extends readonly string[] = readonly []>(
  options: ModelOptions<Deps>,
  build: Build<Deps>,
): CodeModel {
  return { [modelBrand]: true, options, build }
}

/**
 * SQL that the engine runs itself. Interpolate inputs, other fragments and values: inputs become relations, values
 * become literals, lists become comma-separated literals.
 */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): SqlFragment {
  const parts: SqlPart[] = []
  strings.forEach((text, index) => {
    if (text !== '') parts.push({ text, raw: strings.raw[index] ?? text })
    if (index < values.length) parts.push(...partsOf(values[index], index))
  })
  return { [sqlBrand]: true, parts }
}

/** SQL text taken as it is. Never give it text from outside the project. */
sql.raw = (text: string): SqlFragment => ({ [sqlBrand]: true, parts: [{ text }] })

/** A name that the engine's quotes are put around. */
sql.identifier = (name: string): SqlFragment => ({ [sqlBrand]: true, parts: [{ identifier: name }] })

function partsOf(value: unknown, index: number): readonly SqlPart[] {
  if (isSqlFragment(value)) return value.parts
  if (typeof value === 'object' && value !== null && 'sql' in value && isSqlFragment(value.sql)) return value.sql.parts
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') {
    throw new TypeError(`sql\`…\`: value ${index + 1} is ${value === undefined ? 'undefined' : `a ${typeof value}`}`)
  }
  return [{ value }]
}

/** Whether a value was made by `model()`, by this copy of fft or another. */
export function isCodeModel(value: unknown): value is CodeModel {
  return typeof value === 'object' && value !== null && modelBrand in value
}

/** Whether a value was made by `` sql`…` ``, by this copy of fft or another. */
export function isSqlFragment(value: unknown): value is SqlFragment {
  return typeof value === 'object' && value !== null && sqlBrand in value
}
