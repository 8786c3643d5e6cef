import type { Sample } from '../compile/index.js'
import { type Diagnostic, ProjectError, relationName, type UniqueId } from '../core/index.js'
import { isModelNode } from '../graph/index.js'
import { storageOf, type WarehouseState } from '../plan/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext, RunOptions, SampleUnit } from './options.js'

/** What `--empty` and `--sample` leave of what models read; undefined: everything. */
export function sampleOf({ empty, sample }: Pick<RunOptions, 'empty' | 'sample'>, app: AppContext): Sample | undefined {
  if (empty) return { kind: 'empty' }
  if (sample === undefined) return undefined
  const now = app.clock()
  if ('start' in sample) return { kind: 'window', from: sample.start, to: sample.end ?? now.toISOString() }
  return { kind: 'window', from: before(now, sample.count, sample.unit).toISOString(), to: now.toISOString() }
}

const milliseconds: Partial<Record<SampleUnit, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
}

function before(end: Date, count: number, unit: SampleUnit): Date {
  const length = milliseconds[unit]
  if (length !== undefined) return new Date(end.getTime() - count * length)
  const months = unit === 'year' ? 12 * count : count
  const start = new Date(end)
  start.setUTCMonth(end.getUTCMonth() - months)
  // 31 May less three months is no 31 February, but its last day.
  if (start.getUTCDate() !== end.getUTCDate()) start.setUTCDate(0)
  return start
}

/**
 * Refuses a sample where it would be applied to an incremental table, or take its place: its watermark would move over
 * rows that were never read. Throws ProjectError with every such model.
 */
export function refuseSampled(ids: readonly UniqueId[], graph: LoadedGraph, state: WarehouseState, flag: string): void {
  const faults = ids.flatMap((id): Diagnostic[] => {
    const node = graph.dag.nodes.get(id)
    const named = graph.relations.get(id)
    if (!isModelNode(node)) return []
    const relation = named && storageOf(node, named)
    const keepsHistory = node.config.incremental !== undefined || node.config.materialized === 'snapshot'
    if (!keepsHistory || relation === undefined || state.find(relation)?.kind !== 'table') return []
    return [
      {
        code: 'sample-refused',
        severity: 'error',
        message: `${flag} would move the watermark of '${node.name}': ${relationName(relation)} is there already`,
        hint: `use another target (--env), or leave it out: --exclude ${node.name}`,
        span: node.placed.placeOf('materialized'),
      },
    ]
  })
  if (faults.length > 0) throw new ProjectError(faults)
}
