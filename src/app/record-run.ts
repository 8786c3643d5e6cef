import type { NodeRunRecord, RunRecord, Warehouse } from '../adapters/index.js'
import { FftError, hasFailed, relationName } from '../core/index.js'
import type { NodeResult } from '../execute/index.js'
import { isModelNode } from '../graph/index.js'
import { storageOf } from '../plan/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext } from './options.js'
import { executeTogether, withConnection } from './warehouse.js'

/** A run that has ended. */
export interface EndedRun {
  readonly command: string
  readonly graph: LoadedGraph
  readonly results: readonly NodeResult[]
  readonly elapsedMs: number
}

const keptDays = 180

/**
 * Writes down what a run did to the incremental models, where the engine takes that in little time. A run is not worse
 * for not being written down, so a failure is a warning.
 */
export async function recordRun(warehouse: Warehouse, run: EndedRun, app: AppContext): Promise<void> {
  const { runs } = warehouse.dialect
  const nodes = nodeRuns(run, app)
  if (runs === undefined || nodes.length === 0 || app.signal.aborted) return
  const now = app.clock()
  const keepFrom = new Date(now.getTime() - keptDays * 86_400_000).toISOString()
  const statements = runs.record(run.graph.stateSchema, recordOf(run, nodes, now, app), keepFrom)
  try {
    await withConnection(warehouse, (connection) => executeTogether(connection, statements))
  } catch (error) {
    if (!(error instanceof FftError)) throw error
    const message = `the run is not written down: ${error.message}`
    app.emit({ type: 'diagnostic', diagnostic: { code: 'run-not-recorded', severity: 'warning', message } })
  }
}

function recordOf(
  { command, graph, results, elapsedMs }: EndedRun,
  nodes: readonly NodeRunRecord[],
  now: Date,
  app: AppContext,
): RunRecord {
  return {
    runId: app.invocationId,
    command,
    environment: graph.profile.env,
    version: app.version,
    status: results.some(({ status }) => hasFailed(status)) ? 'error' : 'success',
    startedAt: new Date(now.getTime() - elapsedMs).toISOString(),
    finishedAt: now.toISOString(),
    nodes,
  }
}

/** Of the models that keep a state: what the others hold, each run says anew. */
function nodeRuns({ graph, results }: EndedRun, app: AppContext): readonly NodeRunRecord[] {
  return results.flatMap((result): NodeRunRecord[] => {
    const [node, relation] = [graph.dag.nodes.get(result.id), graph.relations.get(result.id)]
    if (!isModelNode(node) || node.config.incremental === undefined || relation === undefined) return []
    return [
      {
        relation: relationName(storageOf(node, relation)),
        model: node.name,
        status: result.status,
        // By the run's clock, which FFT_NOW may have set.
        startedAt: new Date(app.clock().getTime() - (Date.now() - result.startedMs)).toISOString(),
        milliseconds: Math.round(result.endedMs - result.startedMs),
        counts: result.counts,
      },
    ]
  })
}
