import type { Warehouse } from '../../src/adapters/index.js'
import { type CompiledSelection, compileSelection } from '../../src/app/compile-nodes.js'
import { nodeHooks } from '../../src/app/node-hooks.js'
import type { AppContext, RunOptions } from '../../src/app/options.js'
import { planNodes } from '../../src/app/run-nodes.js'
import { type FftEvent, hasErrors, type ResourceType } from '../../src/core/index.js'
import { type NodeResult, runPlan } from '../../src/execute/index.js'
import type { Plan } from '../../src/plan/index.js'

/** How one run ended. */
export interface StagedRun {
  readonly plan: Plan
  readonly results: readonly NodeResult[]
  readonly events: readonly FftEvent[]
}

/** Runs one project again and again on an open warehouse; its files are read and compiled once. */
export interface StageRunner {
  readonly warehouse: Warehouse
  /** `now` stands for the clock. */
  run(flags?: { readonly fullRefresh?: boolean; readonly batches?: boolean; readonly now?: Date }): Promise<StagedRun>
  close(): Promise<void>
}

/** What a runner may do differently. */
export interface RunnerOptions {
  readonly types?: readonly ResourceType[]
  /** Settings of the engine in the place of the profile's: another database of the same schema. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** How long a run waits for a lock: a killed one's may last until the server has noticed. */
  readonly waitLockMs?: number
  readonly decorate?: (warehouse: Warehouse) => Warehouse
}

/** The stages of `fft run` (or of `fft seed`) one after the other, without the command line around them. */
export async function openRunner(dir: string, options: RunnerOptions = {}): Promise<StageRunner> {
  return openCompiled(await compileFolder(dir, options.types), options)
}

/** The same for a project that is compiled already. */
export async function openCompiled(compiled: CompiledSelection, options: RunnerOptions = {}): Promise<StageRunner> {
  const { graph, ids, manifest } = compiled
  const { settings, waitLockMs = 0, decorate = (given) => given } = options
  const profile = settings === undefined ? graph.profile : { ...graph.profile, settings }
  const warehouse = decorate(await graph.adapter.open({ profile, waitLockMs }))
  const run: StageRunner['run'] = async ({ fullRefresh = false, batches = false, now } = {}) => {
    const events: FftEvent[] = []
    const app = appContext(events, now)
    const flags = { ...runOptions(graph.dir), fullRefresh, batches }
    const { plan, input } = await planNodes({ graph, manifest, ids, selected: ids, options: flags, warehouse, app })
    const results = await runPlan({
      plan,
      warehouse,
      dialect: warehouse.dialect,
      hooks: nodeHooks({ graph, manifest, planInput: input, warehouse, app }),
      jobs: 1,
      failFast: false,
      waitLockMs,
      signal: app.signal,
      emit: app.emit,
    })
    return { plan, results, events }
  }
  return { warehouse, run, close: () => warehouse.close() }
}

/** Loads and compiles a project without opening its warehouse; `place` is its environment, when it has several. */
export function compileFolder(
  dir: string,
  types: readonly ResourceType[] = ['model', 'snapshot'],
  place: Partial<Pick<RunOptions, 'env' | 'environment'>> = {},
): Promise<CompiledSelection> {
  return compileSelection({ ...runOptions(dir), ...place }, types, appContext([]))
}

function runOptions(projectDir: string): RunOptions {
  return {
    projectDir,
    vars: {},
    environment: {},
    interactive: false,
    select: [],
    exclude: [],
    resourceTypes: [],
    allowEmpty: false,
    withParents: false,
    fullRefresh: false,
    jobs: 1,
    failFast: false,
    cache: 'off',
    rebuild: false,
    waitLockMs: 0,
    dryRun: false,
    backfillColumns: false,
    batches: false,
    defer: false,
    empty: false,
    storeFailures: false,
    reports: [],
  }
}

/** What the command line gives to the stages; errors of the project are thrown at once. */
function appContext(events: FftEvent[], now?: Date): AppContext {
  return {
    emit: (event) => {
      if (event.type === 'diagnostic' && hasErrors([event.diagnostic])) throw new Error(event.diagnostic.message)
      events.push(event)
    },
    out: () => undefined,
    outStyle: { color: false, columns: 120 },
    ask: async () => false,
    signal: new AbortController().signal,
    clock: () => now ?? new Date(),
    invocationId: crypto.randomUUID(),
    version: '0.0.0',
    hideSecrets: () => undefined,
    withoutSecrets: (text) => text,
  }
}
