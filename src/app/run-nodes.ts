import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Warehouse } from '../adapters/index.js'
import type { Manifest, Sample } from '../compile/index.js'
import {
  FftError,
  hasErrors,
  hasFailed,
  type NodeStatus,
  ProjectError,
  type ResourceType,
  type UniqueId,
} from '../core/index.js'
import { type NodeResult, runPlan } from '../execute/index.js'
import { builtRelations, type NodePlan, type Plan, type PlanInput, planRun, runTagOf } from '../plan/index.js'
import { ExecutedSql, writeArtifacts } from './artifacts.js'
import { askedRange, tellOfRange } from './asked-range.js'
import { exceedsBudgets } from './budget-file.js'
import { type CompileRequest, compileSelection } from './compile-nodes.js'
import { DataCache } from './data-cache.js'
import { EarlyWarehouse } from './early-warehouse.js'
import type { LoadedGraph } from './load-graph.js'
import { withMissingParents } from './missing-parents.js'
import { namedNodes } from './named-nodes.js'
import { describeNode, nodeHooks } from './node-hooks.js'
import type { AppContext, RunOptions } from './options.js'
import { ProjectHooks, type RunFacts } from './project-hooks.js'
import { recordFailure, type Told } from './record-failure.js'
import { recordRun } from './record-run.js'
import { refuseSampled, sampleOf } from './sample.js'
import { storeFailures } from './store-failures.js'
import { readState } from './warehouse.js'

/** Loads, selects, plans and runs nodes of those types; gives the exit code. The road of run, seed, test and build. */
export async function runNodes(
  command: string,
  types: readonly ResourceType[],
  options: RunOptions,
  app: AppContext,
): Promise<number> {
  const early = new EarlyWarehouse()
  try {
    return await recordFailure(command, options, app, (told) =>
      runSelection(command, types, options, { app, early, told }),
    )
  } finally {
    await early.abandon()
  }
}

interface RunParts {
  readonly app: AppContext
  readonly early: EarlyWarehouse
  readonly told: Told
}

async function runSelection(
  command: string,
  types: readonly ResourceType[],
  options: RunOptions,
  { app, early, told }: RunParts,
): Promise<number> {
  const started = performance.now()
  const sample = sampleOf(options, app)
  const onProfile: typeof told.onProfile = (adapter, profile, targetDir) => {
    told.onProfile(adapter, profile, targetDir)
    early.start(adapter, profile)
  }
  const { graph, ids, selected, manifest } = await compileSelection(options, types, app, {
    onProfile,
    sample,
    defer: deferOf(options, app),
  })
  told.onCompiled(graph, manifest)
  if (ids.length === 0) return finishEmpty(command, graph, manifest, app)
  const dataCache =
    options.cache === 'off' || options.defer || sample !== undefined
      ? undefined
      : await DataCache.open(graph, manifest, app.invocationId)
  const run: Run = {
    command,
    graph,
    manifest,
    ids,
    selected,
    options,
    app,
    dataCache,
    sample,
    onResults: told.onResults,
    started,
  }
  const code = await early.use(graph, options.waitLockMs, app, (warehouse) => runWith(warehouse, run))
  // The engine's file is settled only when it is closed.
  if (options.cache === 'rw' || options.cache === 'wo') await dataCache?.save()
  return code
}

interface Run {
  readonly command: string
  readonly graph: LoadedGraph
  readonly manifest: Manifest
  readonly ids: readonly UniqueId[]
  readonly selected: readonly UniqueId[]
  readonly options: RunOptions
  readonly app: AppContext
  readonly dataCache: DataCache | undefined
  readonly sample: Sample | undefined
  readonly onResults: () => void
  /** By `performance.now()`. */
  readonly started: number
}

async function runWith(warehouse: Warehouse, run: Run): Promise<number> {
  const { command, graph, manifest, options, app } = run
  const projectHooks = command === 'run' || command === 'build' ? new ProjectHooks(graph, app) : undefined
  const connect = () => warehouse.connect()
  const planned = await planNodes({ ...run, warehouse })
  emitStarted(command, graph, withoutInlined(planned.plan), app)
  tellOfRange(options, graph, run.ids, app)
  await projectHooks?.run('on_run_start', { status: 'running' }, connect)
  // What a hook has made or taken away is seen by the plan.
  const { plan, input } = projectHooks?.has('on_run_start') ? await planNodes({ ...run, warehouse }) : planned
  const executed = new ExecutedSql()
  const ran = await executePlan(plan, { ...run, warehouse, input, projectHooks, executed })
  run.onResults()
  const { results, relations: stored } = await storeFailures(ran, { graph, manifest, warehouse, options, app })
  await executed.write(graph, app)
  const failure = await failureOf(projectHooks?.run('on_run_end', runFacts(results), connect))
  const elapsedMs = performance.now() - run.started
  await recordRun(warehouse, { command, graph, results, elapsedMs }, app)
  await writeArtifacts({ command, graph, manifest, results, stored, elapsedMs, options, app })
  const code = finish(command, { graph, plan, results, elapsedMs }, app)
  const isOver = await exceedsBudgets(results, graph, app)
  if (failure !== undefined) throw failure
  return isOver ? 1 : code
}

function withoutInlined({ nodes }: Plan): readonly NodePlan[] {
  return nodes.filter((node) => node.action !== 'inline')
}

interface Execution extends Run {
  readonly warehouse: Warehouse
  readonly input: PlanInput
  readonly projectHooks: ProjectHooks | undefined
  readonly executed: ExecutedSql
}

function executePlan(plan: Plan, execution: Execution): Promise<readonly NodeResult[]> {
  const { graph, warehouse, options, app, executed, input, ...parts } = execution
  const hooks = nodeHooks({ ...parts, graph, warehouse, app, planInput: input, skips: skipsUnchanged(options) })
  return runPlan({
    plan: { ...plan, nodes: withoutInlined(plan) },
    warehouse,
    dialect: warehouse.dialect,
    hooks,
    jobs: jobsOf(options, graph),
    failFast: options.failFast,
    waitLockMs: options.waitLockMs,
    signal: app.signal,
    emit: (event) => {
      if (event.type === 'statement') executed.note(event.node, event.sql)
      app.emit(event)
    },
  })
}

/** What the hooks at the end may ask: how the nodes went. */
function runFacts(results: readonly NodeResult[]): RunFacts {
  const failed = results.find(({ status }) => hasFailed(status))
  const rowCount = results.reduce((sum, { rowsAffected = 0 }) => sum + rowsAffected, 0)
  if (failed === undefined) return { status: 'success', rowCount }
  return { status: 'error', rowCount, ...(failed.failure === undefined ? {} : { error: failed.failure.message }) }
}

/** An error that is told later; bugs are thrown at once. */
async function failureOf(work: Promise<void> | undefined): Promise<FftError | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (error instanceof FftError) return error
    throw error
  }
}

/** What `--defer` does with the graph. */
export function deferOf(options: RunOptions, app: AppContext): CompileRequest['defer'] {
  if (!options.defer) return undefined
  return async (graph, ids) => (await import('./defer.js')).deferred(graph, ids, options, app)
}

/** Whether `--cache` and the other flags let nodes be skipped that are proved unchanged. */
export function skipsUnchanged(options: RunOptions): boolean {
  const { cache, rebuild, fullRefresh, backfillColumns, empty, sample, defer, keepLast } = options
  const isWhole = !empty && sample === undefined && !defer && keepLast === undefined
  return (
    (cache === 'rw' || cache === 'ro') &&
    isWhole &&
    !rebuild &&
    !fullRefresh &&
    !backfillColumns &&
    keepLast === undefined
  )
}

export interface PlannedNodes {
  readonly plan: Plan
  readonly input: PlanInput
}

/** Reads the warehouse's state and plans. Throws ProjectError with everything that may not run. */
export async function planNodes(from: {
  graph: LoadedGraph
  manifest: Manifest
  ids: readonly UniqueId[]
  selected: readonly UniqueId[]
  options: RunOptions
  warehouse: Warehouse
  app: AppContext
}): Promise<PlannedNodes> {
  const { graph, manifest, selected, options, warehouse, app } = from
  const state = await readState(warehouse, graph, manifest, from.ids)
  const ids = options.withParents ? withMissingParents(graph, selected, from.ids, state) : from.ids
  if (options.empty || options.sample !== undefined)
    refuseSampled(ids, graph, state, options.empty ? '--empty' : '--sample')
  const input: PlanInput = {
    manifest,
    ids,
    state,
    dialect: warehouse.dialect,
    stateSchema: graph.stateSchema,
    flags: {
      fullRefresh: options.fullRefresh,
      named: options.fullRefresh ? namedNodes(options, graph.dag.nodes.values()) : new Set(),
      backfillColumns: options.backfillColumns,
      ...(options.keepLast === undefined ? {} : { keepLast: options.keepLast }),
      rebuild: options.rebuild,
      asked: askedRange(options),
      batches: options.batches,
    },
    runId: app.invocationId,
    runTag: runTagOf(Date.now(), createHash('md5').update(app.invocationId).digest('hex').slice(0, 8)),
    now: app.clock().toISOString(),
    builds: builtRelations(ids, manifest),
  }
  const { plan, diagnostics } = planRun(input)
  if (hasErrors(diagnostics)) throw new ProjectError(diagnostics)
  return { plan, input }
}

function jobsOf(options: RunOptions, graph: LoadedGraph): number {
  if (options.jobs !== 'auto') return options.jobs
  return graph.profile.threads ?? Math.min(4, Math.max(1, availableParallelism()))
}

function emitStarted(command: string, graph: LoadedGraph, plans: readonly NodePlan[], app: AppContext): void {
  const nodes = plans.map((plan) => describeNode(plan, graph))
  const longest = (texts: readonly string[]) =>
    texts.reduce((best, each) => (each.length > best.length ? each : best), '')
  app.emit({
    type: 'run_started',
    command,
    version: app.version,
    project: graph.name,
    env: graph.profile.env,
    engine: graph.profile.engine,
    invocationId: app.invocationId,
    nodes: nodes.length,
    longest: {
      kind: longest(nodes.map((node) => node.kind)),
      name: longest(nodes.map((node) => node.relation ?? node.name)),
    },
    ...(app.now === undefined ? {} : { now: app.now }),
  })
}

async function finishEmpty(command: string, graph: LoadedGraph, manifest: Manifest, app: AppContext): Promise<number> {
  await writeArtifacts({ command, graph, manifest, results: [], elapsedMs: 0, app })
  return 0
}

interface Finished {
  readonly graph: LoadedGraph
  readonly plan: Plan
  readonly results: readonly NodeResult[]
  readonly elapsedMs: number
}

function finish(command: string, { graph, plan, results, elapsedMs }: Finished, app: AppContext): number {
  const counts: Partial<Record<NodeStatus, number>> = {}
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1
  const plans = new Map(plan.nodes.map((node) => [node.id, node]))
  const failures = results.flatMap(({ id, status, failure }) => {
    const node = plans.get(id)
    return failure === undefined || node === undefined ? [] : [{ node: describeNode(node, graph), status, failure }]
  })
  app.emit({ type: 'run_finished', command, durationMs: elapsedMs, counts, failures })
  if (app.signal.aborted) app.emit({ type: 'cancelled' })
  const isBad = results.some(({ status }) => hasFailed(status) || status === 'skipped')
  return isBad ? 1 : 0
}
