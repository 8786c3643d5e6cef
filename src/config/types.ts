import type { Position, SourceSpan } from '../core/index.js'
import type { CdcConfig } from './cdc-config.js'
import type { HistoryConfig } from './history-config.js'
import type { EngineName } from './profile-schema.js'

/** Path of a value inside a file: keys and list indexes. */
export type ValuePath = readonly (string | number)[]

/** A YAML file as plain values that know their places. */
export interface YamlFile {
  /** Path from the project folder, forward slashes. */
  readonly file: string
  /** Plain data: maps as objects, YAML 1.1 integers (`5_000_000`) as numbers. Null for an empty file. */
  readonly value: unknown
  /** The place of a value, or of its key; the nearest enclosing thing when the path does not exist. */
  placeOf(path: ValuePath, which?: 'key' | 'value'): SourceSpan
  /** A string scalar as text with its places in the file (block scalars line by line); undefined when it is none. */
  textAt(path: ValuePath): PlacedText | undefined
  /** A scalar as it stands in the file, before it became a number or a boolean; undefined when it is none. */
  sourceAt(path: ValuePath): string | undefined
}

/** Text that is rendered as a template and knows where each of its offsets stands in the user's file. */
export interface PlacedText {
  readonly file: string
  readonly text: string
  readonly origin: (offset: number) => Position
}

export const materializations = ['view', 'table', 'incremental', 'ephemeral', 'snapshot'] as const
export type Materialization = (typeof materializations)[number]

export const strategies = [
  'merge',
  'append',
  'delete+insert',
  'insert_overwrite',
  'time_range',
  'snapshot_date',
  'scd3',
  'cdc',
  'scd2',
] as const
export type StrategyName = (typeof strategies)[number]

export type SchemaChangeMode = 'fail' | 'ignore' | 'append_new_columns' | 'sync_all_columns'

/** Everything that `incremental.md` §1 lists, spelt the one way (aliases folded). */
export interface IncrementalConfig {
  /** Undefined: `merge` with a key, else `append`. */
  readonly strategy?: StrategyName
  /** Empty: none. Duplicates removed. */
  readonly uniqueKey: readonly string[]
  readonly updatedAt?: string
  readonly eventTime?: string
  readonly delta?: DeltaConfig
  readonly onSchemaChange: SchemaChangeMode
  readonly onDuplicateKeys?: 'error' | 'latest' | 'any'
  /** What happens to rows that are too many: nothing more, or they are written down. */
  readonly duplicateRows: 'drop' | 'quarantine'
  readonly onNullKeys: 'error' | 'match' | 'drop'
  /** A duration (`'3 days'`) as written, or a number. */
  readonly lookback?: string | number
  readonly lateRows: 'merge' | 'quarantine' | 'ignore' | 'fail'
  readonly watermarkSource: 'checked' | 'state'
  readonly partitionBy: readonly string[]
  readonly begin?: string
  readonly batchSize?: string
  readonly concurrentBatches?: boolean
  readonly predicates: readonly string[]
  readonly updateColumns?: readonly string[]
  readonly excludeColumns?: readonly string[]
  readonly updateWhen?: string
  readonly fullRefresh?: boolean
  readonly deletes?: { readonly when?: string; readonly missing?: boolean; readonly allowEmpty?: boolean }
  /** `history_columns`: columns and those that hold what they were before their last change. */
  readonly remembers: readonly { readonly column: string; readonly previous: string }[]
  readonly cdc?: CdcConfig
  readonly protected: boolean
  /** `check_cols`, `hard_deletes`, `history_names`, `views`, where set. */
  readonly history: Readonly<Record<string, unknown>>
  /** What they come to; set when the model keeps versions of its rows. */
  readonly versions?: HistoryConfig
}

/** What a model with `materialized='snapshot'` says of its history. */
export interface SnapshotConfig {
  readonly strategy?: 'timestamp' | 'check'
  readonly uniqueKey: readonly string[]
  readonly updatedAt?: string
  /** `check_cols`, `hard_deletes`, `history_names`, `views`, where set. */
  readonly history: Readonly<Record<string, unknown>>
}

export type DeltaConfig =
  | { readonly kind: 'sql'; readonly text: PlacedText }
  | { readonly kind: 'watermark'; readonly column: string }

/** A model's configuration after every layer is merged and every value checked. */
export interface ModelConfig {
  readonly materialized: Materialization
  readonly enabled: boolean
  readonly tags: readonly string[]
  /** Engines that the model is limited to (`engines`, `only`); empty: all. `databricks_spark` is `databricks`. */
  readonly engines: readonly string[]
  readonly alias?: string
  readonly schema?: string
  readonly database?: string
  readonly description?: string
  readonly group?: string
  readonly access?: string
  readonly meta: Readonly<Record<string, unknown>>
  readonly preHook: readonly PlacedText[]
  readonly postHook: readonly PlacedText[]
  /** Set when the model is incremental. */
  readonly incremental?: IncrementalConfig
  /** Set when the model is a snapshot. */
  readonly snapshot?: SnapshotConfig
  /**
   * Every other checked key as written: grants, contract, persist_docs, quoting, storage, indexes, docs, on_error, http;
   * of any materialization event_time, begin, batch_size, concurrent_batches, full_refresh, protected; of seeds
   * column_types, delimiter, meta_columns.
   */
  readonly other: Readonly<Record<string, unknown>>
}

/** One layer of a model's configuration: an in-file `config()`, a properties YAML, a folder default of `project.yml`. */
export interface ConfigLayer {
  readonly origin: 'file' | 'properties' | 'project' | 'delta_file'
  /** As written, aliases not folded; `meta` and `incremental` still nested. */
  readonly values: Readonly<Record<string, unknown>>
  placeOf(path: ValuePath, which?: 'key' | 'value'): SourceSpan
  /** A string value as a template text; undefined when it is no literal string. */
  textAt(path: ValuePath): PlacedText | undefined
}

/** A resolved configuration with the place that each canonical key (`unique_key`, `materialized`) came from. */
export interface PlacedModelConfig {
  readonly config: ModelConfig
  /** The value's place; the model file's first character when the key was not set anywhere. */
  placeOf(key: string): SourceSpan
}

/** dbt-style data test as written under `tests:`/`data_tests:`. */
export interface TestConfig {
  /** `unique`, `not_null`, a custom test's name. */
  readonly test: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** A `name:` of the user's own. */
  readonly name?: string
  readonly severity: 'error' | 'warn'
  readonly where?: string
  readonly tags: readonly string[]
  readonly enabled: boolean
  readonly storeFailures?: boolean
  readonly limit?: number
  readonly warnIf?: string
  readonly errorIf?: string
  readonly description?: string
  readonly span: SourceSpan
  /** Where an argument stands; not kept in the cache. */
  placeOf?(argument: string, which?: 'key' | 'value'): SourceSpan
  /** `where`, or an argument that is text, with its places; not kept in the cache. */
  textOf?(key: string): PlacedText | undefined
}

/** An entry of `constraints:`; one of a column names it. */
export interface TableConstraint {
  readonly type: 'not_null' | 'unique' | 'primary_key' | 'check' | 'foreign_key' | 'custom'
  readonly columns: readonly string[]
  readonly expression?: string
  readonly name?: string
  /** `ref('x')` of a foreign key. */
  readonly to?: string
  readonly toColumns?: readonly string[]
  /** Whether nobody is to be told when the engine does not have it. */
  readonly isSilent?: boolean
}

export interface ColumnProperties {
  readonly name: string
  readonly description?: string
  readonly dataType?: string
  readonly quote?: boolean
  /** Undefined: none. */
  readonly constraints?: readonly TableConstraint[]
  readonly tests: readonly TestConfig[]
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, unknown>>
}

/** What a properties YAML says of one model, seed or snapshot. */
export interface ResourceProperties {
  readonly name: string
  readonly description?: string
  readonly columns: readonly ColumnProperties[]
  /** Constraints of the whole relation. */
  readonly constraints: readonly TableConstraint[]
  /** Of a snapshot that is told in YAML: what it is of. */
  readonly relation?: PlacedText
  /** Tests on the whole relation. */
  readonly tests: readonly TestConfig[]
  /** `config:` and the shorthand keys beside it (`tags`, `meta`, …) as one layer. */
  readonly config?: ConfigLayer
  /** The place of `name`'s value. */
  readonly span: SourceSpan
}

/** A group of models that private ones are kept to. */
export interface GroupProperties {
  readonly name: string
  readonly description?: string
  /** `name`, `email` and whatever else is said of who owns it. */
  readonly owner: Readonly<Record<string, unknown>>
  readonly span: SourceSpan
}

/** One table of `sources.yml` with its source's defaults and the engine's overrides already merged in. */
export interface SourceProperties {
  readonly sourceName: string
  readonly name: string
  readonly identifier: string
  /** Undefined: the profile's. */
  readonly schema?: string
  readonly database?: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, unknown>>
  readonly columns: readonly ColumnProperties[]
  readonly tests: readonly TestConfig[]
  readonly loadedAtField?: string
  /** `{warn_after?, error_after?, filter?}`, each limit `{count, period}`. */
  readonly freshness?: unknown
  readonly eventTime?: string
  /** `external location` (a file path or URL) and its options. */
  readonly external?: Readonly<Record<string, unknown>>
  readonly span: SourceSpan
}

/** A package that another one needs. */
export interface PackageDependency {
  readonly name: string
  readonly version?: string
  readonly optional: boolean
  readonly span: SourceSpan
}

/** `project.yml`, checked. */
export interface ProjectConfig {
  readonly name: string
  readonly version: string
  readonly modelsDir: string
  readonly vars: Readonly<Record<string, unknown>>
  readonly stateSchema: string
  readonly targetPath?: string
  /** Of a package: what it needs of other packages. */
  readonly dependencies: readonly PackageDependency[]
  /** Tests declared in `project.yml` in upstream's form: `{type, table, column, …}`. */
  readonly tests: readonly ProjectTest[]
  readonly hooks: Readonly<Record<HookEvent, readonly ProjectHook[]>>
  /** Folder defaults and `models.incremental.<model>` for a model, weakest first. `folders`: those below the models folder. */
  modelLayers(folders: readonly string[], name: string): readonly ConfigLayer[]
  seedLayers(folders: readonly string[], name: string): readonly ConfigLayer[]
  snapshotLayers(folders: readonly string[], name: string): readonly ConfigLayer[]
  /** The place of a value of `project.yml`. */
  placeOf(path: ValuePath): SourceSpan
  /** Names under `models.incremental`, with their places; for the warning about models that do not exist. */
  readonly incrementalModels: readonly { readonly name: string; readonly span: SourceSpan }[]
}

export const hookEvents = ['on_run_start', 'on_run_end', 'before_model', 'after_model'] as const
export type HookEvent = (typeof hookEvents)[number]

/** One entry of `hooks:` in `project.yml`; without `sql` it is the file `hooks/**` + `<name>.sql`. */
export interface ProjectHook {
  readonly name?: string
  readonly sql?: PlacedText
  /** Empty: all. */
  readonly select: readonly string[]
  readonly engines: readonly string[]
  readonly envs: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
  readonly span: SourceSpan
}

export interface ProjectTest {
  readonly table: string
  readonly column?: string
  readonly config: TestConfig
}

/** One connection setting and where it came from; `fft debug` shows both. */
export interface ProfileSetting {
  readonly key: string
  readonly value: unknown
  /** `profiles.yml:4:11`, `FF_DUCKDB_PATH (process)`, `FF_DUCKDB_PATH (.env.dev)`, `default`. */
  readonly from: string
  readonly secret: boolean
}

/** The active environment's profile, rendered and checked. */
export interface Profile {
  readonly env: string
  /** Canonical: `duckdb`, `postgres`, `databricks`. */
  readonly engine: EngineName
  /** The engine's section, keys as in the contract (`path`, `schema`, …), overrides of the environment applied. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly sources: readonly ProfileSetting[]
  readonly vars: Readonly<Record<string, unknown>>
  readonly threads?: number
}
