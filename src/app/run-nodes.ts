import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Warehouse } from '../adapters/index.js'
import type { Manifest } from '../compile/index.js'
import { hasErrors, type NodeStatus, ProjectError, type ResourceType, type UniqueId } from '../core/index.js'
import { type NodeResult, runPlan } from '../execute/index.js'
import { builtRelations, type NodePlan, type Plan, type PlanInput, planRun, runTagOf } from '../plan/index.js'
import { ExecutedSql, writeArtifacts } from './artifacts.js'
import { compileSelection } from './compile-nodes.js'
import { DataCache } from './data-cache.js'
import { EarlyWarehouse } from './early-warehouse.js'
import type { LoadedGraph } from './load-graph.js'
import { describeNode, nodeHooks } from './node-hooks.js'
import type { AppContext, RunOptions } from './options.js'
import { recordFailure, type Told } from './record-failure.js'
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
  const { graph, ids, manifest } = await compileSelection(options, types, app, (adapter, profile, targetDir) => {
    told.onProfile(adapter, profile, targetDir)
    early.start(adapter, profile)
  })
  if (ids.length === 0) return finishEmpty(command, graph, manifest, app)
  const dataCache = options.cache === 'off' ? undefined : await DataCache.open(graph, manifest, app.invocationId)
  const code = await early.use(graph, options.waitLockMs, app, async (warehouse) => {
    const { plan, input } = await planNodes({ graph, manifest, ids, options, warehouse, app })
    const ran = plan.nodes.filter((node) => node.action !== 'inline')
    emitStarted(command, graph, ran, app)
    const executed = new ExecutedSql()
    const results = await runPlan({
      plan: { ...plan, nodes: ran },
      warehouse,
      dialect: warehouse.dialect,
      hooks: nodeHooks({
        graph,
        manifest,
        planInput: input,
        warehouse,
        app,
        dataCache,
        skips: skipsUnchanged(options),
      }),
      jobs: jobsOf(options, graph),
      failFast: options.failFast,
      waitLockMs: options.waitLockMs,
      signal: app.signal,
      emit: (event) => {
        if (event.type === 'statement') executed.note(event.node, event.sql)
        app.emit(event)
      },
    })
    told.onResults()
    await executed.write(graph)
    const elapsedMs = performance.now() - started
    await writeArtifacts({ command, graph, manifest, results, elapsedMs, options, app })
    return finish(command, { graph, plan, results, elapsedMs }, app)
  })
  // The engine's file is settled only when it is closed.
  if (options.cache === 'rw' || options.cache === 'wo') await dataCache?.save()
  return code
}

/** Whether `--cache` and the other flags let nodes be skipped that are proved unchanged. */
export function skipsUnchanged(options: RunOptions): boolean {
  const { cache, rebuild, fullRefresh, backfillColumns } = options
  return (cache === 'rw' || cache === 'ro') && !rebuild && !fullRefresh && !backfillColumns
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
  options: RunOptions
  warehouse: Warehouse
  app: AppContext
}): Promise<PlannedNodes> {
  const { graph, manifest, ids, options, warehouse, app } = from
  const state = await readState(warehouse, graph, manifest, ids)
  const input: PlanInput = {
    manifest,
    ids,
    state,
    dialect: warehouse.dialect,
    stateSchema: graph.stateSchema,
    flags: { fullRefresh: options.fullRefresh, backfillColumns: options.backfillColumns },
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
  const isBad = results.some(({ status }) => status === 'error' || status === 'fail' || status === 'skipped')
  return isBad ? 1 : 0
}
