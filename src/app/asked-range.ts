import type { UniqueId } from '../core/index.js'
import { isModelNode } from '../graph/index.js'
import type { AskedRange } from '../plan/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext, RunOptions } from './options.js'

/** `--start` and `--end`; the command line has checked them. */
export function askedRange({ start, end }: RunOptions): AskedRange {
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) }
}

/** Only models with windows know what a range of time is. */
export function tellOfRange(
  { start, end }: RunOptions,
  graph: LoadedGraph,
  ids: readonly UniqueId[],
  app: AppContext,
): void {
  if (start === undefined && end === undefined) return
  const others = ids.flatMap((id) => {
    const node = graph.dag.nodes.get(id)
    return isModelNode(node) && node.config.incremental?.strategy !== 'time_range' ? [node.name] : []
  })
  if (others.length === 0) return
  const shown = others.length > 5 ? [...others.slice(0, 5), `${others.length - 5} more`] : others
  const message = `--start and --end are for models with strategy='time_range'; ${shown.join(', ')} ${others.length === 1 ? 'runs' : 'run'} as ever`
  app.emit({ type: 'notice', message })
}
