import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { displaySql, type FftEvent } from '../core/index.js'
import { maskSecrets } from '../report/index.js'
import type { AppContext, PlanOptions, RunOptions } from './options.js'
import { parseTime } from './parse-time.js'

/** What programs say about a project; everything but the folder has the command line's default. */
export interface ProgramOptions {
  /** The project folder; default: the current one. */
  readonly projectDir?: string
  readonly env?: string
  readonly engine?: string
  readonly vars?: Readonly<Record<string, unknown>>
  /** Selectors, combined with OR as the words after one `--select`. */
  readonly select?: readonly string[]
  readonly exclude?: readonly string[]
  readonly fullRefresh?: boolean
  readonly jobs?: number
  readonly signal?: AbortSignal
  /** Told what happens while it happens. */
  readonly onEvent?: (event: FftEvent) => void
}

export interface ProgramResult {
  /** As the command's: 0, or 1 when a node failed. */
  readonly exitCode: number
  readonly events: readonly FftEvent[]
}

/** A node of a project, as `fft ls --output json` tells it. */
export type ListedNode = Readonly<Record<string, unknown>>

/** The nodes of a project. Throws ProjectError with every fault. */
export async function loadProject(options: ProgramOptions = {}): Promise<readonly ListedNode[]> {
  const { lsCommand } = await import('./ls.js')
  const program = programOf(options)
  await lsCommand({ ...program.run, output: 'json', outputKeys: [] }, program.context)
  return program
    .output()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ListedNode)
}

/** The compiled SQL of the selected models and tests by unique id. Throws ProjectError. */
export async function compile(options: ProgramOptions = {}): Promise<Readonly<Record<string, string>>> {
  const { compileSelection } = await import('./compile-nodes.js')
  const program = programOf(options)
  const { manifest } = await compileSelection(program.run, ['model', 'snapshot', 'test'], program.context)
  return Object.fromEntries([...manifest.compiled].map(([id, { full }]) => [id, displaySql(full ?? [])]))
}

/** What `run` would do, as `fft plan --json` prints it. Throws ProjectError and FftError. */
export async function plan(options: ProgramOptions = {}): Promise<unknown> {
  const { planCommand } = await import('./plan.js')
  const program = programOf(options)
  const planOptions: PlanOptions = { ...program.run, json: true, detailedExitCode: false }
  await planCommand(planOptions, program.context)
  return JSON.parse(program.output() || '{"prepare":[],"nodes":[]}')
}

/** Builds the selected models. Throws ProjectError and FftError; a failed node is in the result. */
export async function run(options: ProgramOptions = {}): Promise<ProgramResult> {
  const { runCommand } = await import('./run.js')
  const program = programOf(options)
  const exitCode = await runCommand(program.run, program.context)
  return { exitCode, events: program.events }
}

function programOf(options: ProgramOptions) {
  const events: FftEvent[] = []
  const secrets = new Set<string>()
  const now = parseTime(process.env.FFT_NOW ?? '')
  const printed: string[] = []
  const context: AppContext = {
    emit: (event) => {
      events.push(event)
      options.onEvent?.(event)
    },
    out: (text) => printed.push(text),
    outStyle: { color: false, columns: 120 },
    ask: async () => false,
    signal: options.signal ?? new AbortController().signal,
    clock: () => (now === undefined ? new Date() : new Date(now)),
    ...(now === undefined ? {} : { now: now.toISOString() }),
    invocationId: randomUUID(),
    version: 'library',
    hideSecrets: (values) => {
      for (const value of values) secrets.add(value)
    },
    withoutSecrets: (text) => maskSecrets(text, secrets),
  }
  return { context, events, output: () => printed.join(''), run: runOptions(options) }
}

function runOptions(options: ProgramOptions): RunOptions {
  const words = (list: readonly string[] | undefined) => (list === undefined ? [] : [list])
  return {
    projectDir: resolve(options.projectDir ?? '.'),
    vars: options.vars ?? {},
    environment: process.env,
    interactive: false,
    select: words(options.select),
    exclude: words(options.exclude),
    resourceTypes: [],
    allowEmpty: false,
    withParents: false,
    fullRefresh: options.fullRefresh ?? false,
    jobs: options.jobs ?? 'auto',
    failFast: false,
    cache: 'rw',
    rebuild: false,
    waitLockMs: 60_000,
    dryRun: false,
    backfillColumns: false,
    batches: false,
    defer: false,
    empty: false,
    storeFailures: false,
    reports: [],
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
  }
}
