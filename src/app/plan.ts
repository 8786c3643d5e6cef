import type { Manifest } from '../compile/index.js'
import type { Plan, PlanInput } from '../plan/index.js'
import { writeManifest } from './artifacts.js'
import { compileSelection } from './compile-nodes.js'
import { DataCache } from './data-cache.js'
import { describePlan, planObject } from './describe-plan.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext, PlanOptions } from './options.js'
import { deferOf, planNodes, skipsUnchanged } from './run-nodes.js'
import { sampleOf } from './sample.js'
import { withConnection, withWarehouse } from './warehouse.js'

/** `fft plan`: what run would do, why, and the exact statements. */
export async function planCommand(options: PlanOptions, app: AppContext): Promise<number> {
  const models: PlanOptions = { ...options, skipsSnapshotBlocks: true }
  const { graph, ids, selected, manifest } = await compileSelection(models, ['model', 'snapshot'], app, {
    sample: sampleOf(options, app),
    defer: deferOf(options, app),
  })
  await writeManifest(graph, manifest, app)
  if (ids.length === 0) return 0
  return withWarehouse(graph, options.waitLockMs, app, async (warehouse) => {
    const { plan: whole, input } = await planNodes({ graph, manifest, ids, selected, options, warehouse, app })
    const plan = skipsUnchanged(options) ? await withoutUnchanged(whole, { graph, manifest, input, app }) : whole
    await withConnection(warehouse, async (connection) => {
      if (options.json) app.out(`${JSON.stringify(await planObject(plan, input, connection))}\n`)
      else app.out(await describePlan(plan, input, connection))
    })
    return options.detailedExitCode && plan.nodes.some((node) => node.transactions.length > 0) ? 2 : 0
  })
}

interface Planned {
  readonly graph: LoadedGraph
  readonly manifest: Manifest
  readonly input: PlanInput
  readonly app: AppContext
}

/** The plan as run would find it: a node whose parents are built anew is not unchanged. */
async function withoutUnchanged(plan: Plan, { graph, manifest, input, app }: Planned): Promise<Plan> {
  const cache = await DataCache.open(graph, manifest, app.invocationId)
  if (cache === undefined) return plan
  const nodes = plan.nodes.map((node) => {
    const wanted = cache.skip(node, input.state)
    cache.finished(node.id, { status: wanted.action === 'skip' ? 'no-op' : 'success' })
    return wanted
  })
  return { ...plan, nodes }
}
