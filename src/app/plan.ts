import type { Plan, PlanInput } from '../plan/index.js'
import { writeManifest } from './artifacts.js'
import { compileSelection } from './compile-nodes.js'
import { describePlan, planObject } from './describe-plan.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext, PlanOptions } from './options.js'
import { planNodes } from './run-nodes.js'
import { withConnection, withWarehouse } from './warehouse.js'

/** `fft plan`: what run would do, why, and the exact statements. */
export async function planCommand(options: PlanOptions, app: AppContext): Promise<number> {
  const { graph, ids, manifest } = await compileSelection(options, ['model', 'snapshot'], app)
  await writeManifest(graph, manifest, app)
  if (ids.length === 0) return 0
  return withWarehouse(graph, options.waitLockMs, app, async (warehouse) => {
    const { plan, input } = await planNodes({ graph, manifest, ids, options, warehouse, app })
    await withConnection(warehouse, async (connection) => {
      if (options.json) app.out(`${JSON.stringify(await planObject(plan, input, connection))}\n`)
      else app.out(await describePlan(plan, input, connection))
    })
    return options.detailedExitCode && hasWork(plan, graph, input) ? 2 : 0
  })
}

function hasWork(plan: Plan, _graph: LoadedGraph, _input: PlanInput): boolean {
  return plan.nodes.some((node) => node.transactions.length > 0)
}
