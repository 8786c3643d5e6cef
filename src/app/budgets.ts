import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Budget, readBudgets, readYaml } from '../config/index.js'
import type { NodeResult } from '../execute/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext } from './options.js'

/** Compares what a run took with `budgets.yml`, and tells what is over; true when a limit that is an error is. */
export async function checkBudgets(
  file: string,
  results: readonly NodeResult[],
  graph: LoadedGraph,
  app: AppContext,
): Promise<boolean> {
  const over = (await budgetsOf(graph.dir, file)).flatMap((budget) => {
    const spent = spentOf(budget, results, graph)
    return spent > budget.most ? [{ budget, spent }] : []
  })
  for (const { budget, spent } of over) {
    const severity = budget.level === 'error' ? ('error' as const) : ('warning' as const)
    const message = `${nameOf(budget)}: ${shown(spent, budget)}, more than ${shown(budget.most, budget)}`
    app.emit({ type: 'diagnostic', diagnostic: { code: 'budget-exceeded', severity, message, span: budget.span } })
  }
  return over.some(({ budget }) => budget.level === 'error')
}

/** The file was checked when the project was loaded. */
async function budgetsOf(dir: string, file: string): Promise<readonly Budget[]> {
  const { yaml } = readYaml(file, await readFile(join(dir, file), 'utf8'))
  return yaml === undefined ? [] : readBudgets(yaml).budgets
}

/** What the nodes of a budget took together; nodes that were skipped took nothing. */
function spentOf({ of, measure }: Budget, results: readonly NodeResult[], { dag }: LoadedGraph): number {
  const isMeant = ({ id }: NodeResult) => {
    const node = dag.nodes.get(id)
    if (node === undefined || node.resourceType === 'test') return of.kind === 'total' && measure !== 'rows'
    return of.kind === 'total' || (of.kind === 'model' ? node.name === of.name : node.tags.includes(of.name))
  }
  return results
    .filter(isMeant)
    .reduce((sum, each) => sum + (measure === 'rows' ? (each.rowsAffected ?? 0) : each.endedMs - each.startedMs), 0)
}

function nameOf({ of }: Budget): string {
  if (of.kind === 'total') return 'the budget of the run is exceeded'
  return `the budget of the ${of.kind} '${of.name}' is exceeded`
}

function shown(amount: number, { measure }: Budget): string {
  return measure === 'rows' ? `${amount} ${amount === 1 ? 'row' : 'rows'}` : `${Math.round(amount)} ms`
}
