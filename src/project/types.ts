import type {
  GroupProperties,
  Profile,
  ProjectConfig,
  ResourceProperties,
  SourceProperties,
  YamlFile,
} from '../config/index.js'
import type { Diagnostic } from '../core/index.js'

/** A text file of the project. Equal hashes mean equal text. */
export interface ProjectFile {
  /** Path from the project folder, forward slashes. */
  readonly path: string
  readonly text: string
  /** Of a package's file: where it is. */
  readonly absolutePath?: string
  /** Hex digest of the text. */
  readonly hash: string
}

export interface SeedFile {
  readonly path: string
  /** File stem. */
  readonly name: string
  readonly format: 'csv' | 'parquet' | 'json'
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/** What a command line says about the project to load; already parsed. */
export interface LoadOptions {
  /** Absolute project folder. */
  readonly projectDir: string
  /** `--env`; undefined: FFT_ACTIVE_ENV, else `dev`, else the only profile. */
  readonly env?: string
  readonly engine?: string
  readonly profilesDir?: string
  /** `--vars`, parsed. */
  readonly vars: Readonly<Record<string, unknown>>
  /** The process environment; `.env` layers go under it. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Every file of a project folder, read and checked; what later stages need and nothing of the disk after it. */
export interface Project {
  readonly dir: string
  readonly config: ProjectConfig
  readonly profile: Profile
  /** Process environment over the `.env` layers. */
  readonly environment: Readonly<Record<string, string>>
  /** `--vars` over the profile's over `project.yml`'s. */
  readonly vars: Readonly<Record<string, unknown>>
  /** `models/**` + `*.ff.sql`, sorted by path. */
  readonly sqlModels: readonly ProjectFile[]
  /** `models/**` + `*.ff.ts`, sorted by path. */
  readonly codeModels: readonly ProjectFile[]
  /** `macros/**`, `models/macros/**` (`.sql`, `.sql.j2`). */
  readonly macros: readonly ProjectFile[]
  /** `tests/**` (`.sql`, `.ff.sql`), but not `tests/unit`. */
  readonly singularTests: readonly ProjectFile[]
  /** `snapshots/**` + `.sql`: dbt's `{% snapshot %}` blocks. */
  readonly snapshotFiles: readonly ProjectFile[]
  readonly seeds: readonly SeedFile[]
  readonly models: readonly PropertiesEntry[]
  readonly seedProperties: readonly PropertiesEntry[]
  readonly sources: readonly SourceProperties[]
  readonly groups: readonly GroupProperties[]
  readonly packages: readonly ProjectPackage[]
  /** Delta files by path from the project folder. */
  readonly deltaFiles: ReadonlyMap<string, ProjectFile>
  /** `selectors.yml`, as written; the graph stage checks it. */
  readonly selectors?: YamlFile
  /** `seeds/schema.yml` (upstream's seed types and targets). */
  readonly seedSchema?: YamlFile
  /** Text of any file that an `import`, `include` or `extends` may name, by path from the project folder. */
  readonly templates: ReadonlyMap<string, ProjectFile>
  /** Warnings; a project with errors is not returned but thrown as ProjectError. */
  readonly warnings: readonly Diagnostic[]
}

/** A package that the project uses; its models, macros and sources are read with the project's. */
export interface ProjectPackage {
  readonly name: string
  readonly version: string
  /** As `packages.yml` has it. */
  readonly path: string
  /** Absolute. */
  readonly dir: string
  /** What its files' paths begin with: `packages/<name>`. */
  readonly root: string
  /** With the root: `packages/<name>/models`. */
  readonly modelsDir: string
  readonly config: ProjectConfig
}

export interface PropertiesEntry {
  readonly file: string
  readonly properties: ResourceProperties
}
