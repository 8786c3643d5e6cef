import { ProjectError } from '../core/index.js'
import { checkListKeys, listNodes } from '../graph/index.js'
import { writeManifest } from './artifacts.js'
import { loadGraph } from './load-graph.js'
import type { AppContext, LsOptions } from './options.js'
import { selectNodes } from './select-nodes.js'

/** `fft ls`: the selected nodes, one a line, and nothing else on standard output. */
export async function lsCommand(options: LsOptions, app: AppContext): Promise<number> {
  const wrongKeys = checkListKeys(options.outputKeys)
  if (wrongKeys.length > 0) throw new ProjectError(wrongKeys)
  const graph = await loadGraph(options, app)
  const ids = await selectNodes(graph, options, ['model', 'seed', 'snapshot', 'source', 'test'], app)
  const keys = options.outputKeys.length === 0 ? {} : { keys: options.outputKeys }
  const lines = listNodes(graph.dag, ids, { output: options.output, ...keys })
  if (lines.length > 0) app.out(`${lines.join('\n')}\n`)
  await writeManifest(graph, undefined, app)
  return 0
}
