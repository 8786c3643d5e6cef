import type {
  ColumnProperties,
  GroupProperties,
  ModelConfig,
  PlacedModelConfig,
  SourceProperties,
  TableConstraint,
  TestConfig,
} from '../config/index.js'
import type { SourceSpan, UniqueId } from '../core/index.js'
import type { SeedFile } from '../project/index.js'
import type { Template } from '../template/index.js'

/** A `ref()` as the first rendering saw it. */
export interface RefCall {
  readonly package?: string
  /** Where the package is named. */
  readonly packageSpan?: SourceSpan
  /** Without a trailing `.ff`. */
  readonly name: string
  readonly span: SourceSpan
}

export interface SourceCall {
  readonly source: string
  readonly table: string
  readonly span: SourceSpan
  /** Where the table is named, when that is known apart from the source. */
  readonly tableSpan?: SourceSpan
}

interface NodeBase {
  readonly uniqueId: UniqueId
  readonly name: string
  readonly packageName: string
  /** dbt's fqn: project, folders below the models folder, name. */
  readonly fqn: readonly string[]
  /** Path of the file that defines it, from the project folder. */
  readonly path: string
  readonly tags: readonly string[]
  readonly description: string
  readonly meta: Readonly<Record<string, unknown>>
  /** The place that stands for the node in messages. */
  readonly span: SourceSpan
}

/** How a model's delta is found; `incremental.md` §2. */
export type DeltaSource =
  | { readonly way: 'sql'; readonly template: Template }
  | { readonly way: 'body' }
  | { readonly way: 'watermark'; readonly column: string }
  | { readonly way: 'whole' }

export interface ModelNode extends NodeBase {
  readonly resourceType: 'model' | 'snapshot'
  /** A `{% snapshot %}` block, which `run` passes over. */
  readonly isBlock?: true
  readonly language: 'sql' | 'typescript'
  readonly config: ModelConfig
  readonly placed: PlacedModelConfig
  readonly columns: readonly ColumnProperties[]
  /** Of the whole relation, for its contract. */
  readonly constraints: readonly TableConstraint[]
  readonly refs: readonly RefCall[]
  readonly sources: readonly SourceCall[]
  /** The body; undefined for `.ff.ts`. */
  readonly template?: Template
  /** Set when the model is incremental. */
  readonly delta?: DeltaSource
  /** Columns named in `watermark()` calls, with the call's place. */
  readonly watermarks: readonly { readonly column: string; readonly span: SourceSpan }[]
  readonly usesRunQuery: boolean
  /** The whole source text; for `raw_code` and fingerprints. */
  readonly rawCode: string
  readonly checksum: string
  /** `.ff.ts` only: declared column types. */
  readonly columnTypes?: Readonly<Record<string, string>>
}

export interface SeedNode extends NodeBase {
  readonly resourceType: 'seed'
  readonly config: ModelConfig
  readonly columns: readonly ColumnProperties[]
  readonly file: SeedFile
  readonly delimiter?: string
  /** Declared column types, strongest layer first merged. */
  readonly columnTypes: Readonly<Record<string, string>>
  /** Columns of `columnTypes` that the file need not have: project.yml says them of whole folders. */
  readonly sharedTypes: readonly string[]
  readonly metaColumns: boolean
  /** Overrides of upstream's `seeds/schema.yml` targets. */
  readonly target?: { readonly schema?: string; readonly table?: string }
}

export interface SourceNode extends NodeBase {
  readonly resourceType: 'source'
  readonly source: SourceProperties
  /** SQL of its rows in a FROM clause when they are in files that the engine reads. */
  readonly files?: string
  readonly columns: readonly ColumnProperties[]
}

/** A data test: generic (on a node, perhaps one column) or singular (a SQL file that returns the failures). */
export interface TestNode extends NodeBase {
  readonly resourceType: 'test'
  readonly test:
    | {
        readonly kind: 'generic'
        readonly config: TestConfig
        readonly attachedTo: UniqueId
        readonly column?: string
        /** The parent that `relationships` looks into: a name as in ref(), or a source's table. */
        readonly to?: RefCall | SourceCall
        readonly alias: string
      }
    | { readonly kind: 'singular'; readonly template: Template; readonly rawCode: string }
  readonly severity: 'error' | 'warn'
  readonly enabled: boolean
  readonly refs: readonly RefCall[]
  readonly sources: readonly SourceCall[]
}

export type Node = ModelNode | SeedNode | SourceNode | TestNode

/** What the parse stage gives to the graph: nodes with unresolved references. */
export interface ParsedProject {
  readonly projectName: string
  readonly groups: readonly GroupProperties[]
  readonly nodes: readonly Node[]
  /** Models that exist for other engines only: out of the DAG, named in messages. */
  /** Models that say `enabled: false`; named in messages. */
  readonly disabled: readonly string[]
  readonly otherEngines: readonly {
    readonly name: string
    readonly engines: readonly string[]
    readonly span: SourceSpan
  }[]
}
