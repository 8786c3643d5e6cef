import { join } from 'node:path'
import { toDot, toHtml, toMermaid, toTerminalTree } from '../graph/index.js'
import { writeManifest } from './artifacts.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, DagOptions } from './options.js'
import { selectNodes } from './select-nodes.js'
import { writeWhole } from './write-whole.js'

/** `fft dag`: the graph as text, Mermaid, DOT or one HTML file. */
export async function dagCommand(options: DagOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app)
  const ids = await selectNodes(graph, options, ['model', 'seed', 'snapshot', 'source'], app)
  await writeManifest(graph, undefined, app)
  const drawn = draw(options.format, graph, ids, app)
  const path = options.outPath ?? (options.format === 'html' ? join(graph.targetDir, 'dag.html') : undefined)
  if (path === undefined) {
    app.out(drawn.endsWith('\n') ? drawn : `${drawn}\n`)
    return 0
  }
  await writeWhole(path, drawn)
  app.emit({ type: 'notice', message: `wrote ${path}` })
  return 0
}

function draw(
  format: DagOptions['format'],
  { dag, name }: LoadedGraph,
  ids: Parameters<typeof toDot>[1],
  app: AppContext,
): string {
  switch (format) {
    case 'mermaid':
      return toMermaid(dag, ids)
    case 'dot':
      return toDot(dag, ids)
    case 'html':
      return toHtml(dag, ids, { title: name })
    case 'text':
      return toTerminalTree(dag, ids, { color: app.outStyle.color, width: app.outStyle.columns })
  }
}
