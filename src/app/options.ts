import type { Emit } from '../core/index.js'
import type { CheckFormat } from '../report/index.js'

/** Options that every command takes, as the command line gives them. */
export interface GlobalOptions {
  /** Absolute project folder. */
  readonly projectDir: string
  readonly env?: string
  readonly engine?: string
  readonly vars: Readonly<Record<string, unknown>>
  readonly profilesDir?: string
  /** Absolute, or undefined for the project's own. */
  readonly targetPath?: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Whether standard input and output are terminals, for questions. */
  readonly interactive: boolean
}

export interface SelectionOptions {
  /** One list of words per `--select` flag; flags are combined with AND, words with OR. */
  readonly select: readonly (readonly string[])[]
  readonly exclude: readonly (readonly string[])[]
  readonly selector?: string
  readonly resourceTypes: readonly string[]
  readonly indirectSelection?: 'eager' | 'cautious' | 'buildable' | 'empty'
  readonly allowEmpty: boolean
  readonly withParents: boolean
  /** Whether `{% snapshot %}` blocks are left out: `run` builds models. */
  readonly skipsSnapshotBlocks?: true
  /** Absolute folder with artifacts of an earlier run; undefined: the project's own target folder. */
  readonly stateDir?: string
}

export interface RunOptions extends GlobalOptions, SelectionOptions {
  readonly fullRefresh: boolean
  /** `auto` or a number ≥ 1. */
  readonly jobs: number | 'auto'
  readonly failFast: boolean
  readonly cache: 'rw' | 'ro' | 'wo' | 'off'
  readonly rebuild: boolean
  readonly waitLockMs: number
  readonly dryRun: boolean
  readonly backfillColumns: boolean
  /** How many versions of a key stay in a snapshot; undefined: all. */
  readonly keepLast?: number
  /** `--start` and `--end`: milliseconds since 1970, UTC. */
  readonly start?: number
  readonly end?: number
  /** Windows one by one. */
  readonly batches: boolean
  /** What is not there is read from where the manifest of `--state` has it. */
  readonly defer: boolean
  /** Nothing is read of parents. */
  readonly empty: boolean
  /** Of parents with `event_time` this window is read. */
  readonly sample?: SampleWindow
  readonly storeFailures: boolean
  /** `junit=FILE`, repeatable. */
  readonly reports: readonly string[]
}

/** A length that ends now, or two ends (ISO 8601, UTC); without `end` it ends now. */
export type SampleWindow =
  | { readonly count: number; readonly unit: SampleUnit }
  | { readonly start: string; readonly end?: string }

export type SampleUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

export interface PlanOptions extends RunOptions {
  readonly json: boolean
  /** Exit 2 when there is something to do. */
  readonly detailedExitCode: boolean
}

export interface CompileOptions extends GlobalOptions, SelectionOptions {}

export interface SyncOptions extends CompileOptions {
  /** Whether the statements are printed and not sent. */
  readonly dryRun: boolean
}

export interface ServeOptions extends CompileOptions {
  /** 0: any that is free. */
  readonly port: number
}

export interface CiCheckOptions extends CompileOptions {
  readonly format: CheckFormat
  /** Absolute; undefined: standard output. */
  readonly outputPath?: string
}

export interface ShowOptions extends GlobalOptions, SelectionOptions {
  /** 0: every row. */
  readonly limit: number
  /** A SELECT given on the command line instead of a node. */
  readonly inline?: string
  readonly output: 'table' | 'json'
}

export interface LsOptions extends GlobalOptions, SelectionOptions {
  readonly output: 'selector' | 'name' | 'path' | 'json'
  /** Keys of `--output json`; empty: the usual ones. */
  readonly outputKeys: readonly string[]
}

export interface DagOptions extends GlobalOptions, SelectionOptions {
  readonly format: 'text' | 'mermaid' | 'dot' | 'html'
  /** Absolute file or folder; undefined: standard output (`html`: a file in the target folder). */
  readonly outPath?: string
}

export type StateOptions = GlobalOptions &
  (
    | { readonly action: 'show'; readonly models: readonly string[]; readonly json: boolean }
    | {
        readonly action: 'set'
        readonly model: string
        readonly values: readonly { readonly column: string; readonly value: string }[]
      }
    | { readonly action: 'reset'; readonly models: readonly string[]; readonly yes: boolean }
  )

export interface StateGapsOptions extends GlobalOptions {
  /** Empty: all. */
  readonly models: readonly string[]
  readonly json: boolean
  /** Exit 1 when there is a gap. */
  readonly fail: boolean
}

export interface StateHistoryOptions extends GlobalOptions {
  /** Empty: all. */
  readonly models: readonly string[]
  readonly json: boolean
  /** Undefined: everything. */
  readonly limit?: number
  /** What runs did, in place of what they recorded. */
  readonly runs: boolean
}

export interface OperationOptions extends GlobalOptions {
  readonly macro: string
  readonly args: Readonly<Record<string, unknown>>
}

export interface InitOptions {
  /** Absolute folder to create. */
  readonly directory: string
  /** The project's name; undefined: the folder's. */
  readonly name?: string
  readonly template?: string
  readonly engine?: string
  readonly interactive: boolean
}

/** What the command line gives to every command beside its options. */
export interface AppContext {
  readonly emit: Emit
  /** Writes results to standard output; the caller ends its lines. */
  readonly out: (text: string) => void
  /** How standard output may look. */
  readonly outStyle: { readonly color: boolean; readonly columns: number }
  /** Asks yes or no; false without a terminal. */
  readonly ask: (question: string) => Promise<boolean>
  /** Aborted by Ctrl-C: cancel statements, roll back, return. */
  readonly signal: AbortSignal
  /** `FFT_NOW` or the real clock. */
  readonly clock: () => Date
  /** Set when FFT_NOW replaces the clock; ISO 8601. */
  readonly now?: string
  readonly invocationId: string
  /** fft's own version. */
  readonly version: string
  /** Values that must never be printed from here on. */
  readonly hideSecrets: (values: readonly string[]) => void
  /** A text as it may be written into a file: without those values. */
  readonly withoutSecrets: (text: string) => string
  /** Told where the events of this invocation are to be kept. */
  readonly keepEvents?: (targetDir: string) => void
}
