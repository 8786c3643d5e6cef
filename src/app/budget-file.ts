import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { NodeResult } from '../execute/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext } from './options.js'

const names = ['budgets.yml', 'budgets.yaml']

/** Whether a run took more than `budgets.yml` allows; a project without it loads nothing for that. */
export async function exceedsBudgets(
  results: readonly NodeResult[],
  graph: LoadedGraph,
  app: AppContext,
): Promise<boolean> {
  for (const name of names) {
    const isThere = await stat(join(graph.dir, name)).then(
      (found) => found.isFile(),
      () => false,
    )
    if (isThere) return (await import('./budgets.js')).checkBudgets(name, results, graph, app)
  }
  return false
}
