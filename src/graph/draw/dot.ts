import type { UniqueId } from '../../core/index.js'
import type { Dag } from '../types.js'
import { type DrawnNode, drawnGraph, kindOf, labelOf } from './drawn-graph.js'

/** The graph in Graphviz' DOT language; dashed edges lead over nodes that are not shown. */
export function toDot(dag: Dag, ids: Iterable<UniqueId>): string {
  const { nodes, edges } = drawnGraph(dag, ids)
  const lines = [
    `digraph ${quote(dag.project.projectName)} {`,
    '  rankdir=LR',
    '  node [shape=box style="rounded,filled" fillcolor="#eceef2" color="#5f6b7e" fontname="Helvetica" fontsize=11]',
    '  edge [color="#98a1b0" arrowsize=0.7]',
    ...nodes.map((node) => `  ${quote(node.uniqueId)} [label=${quote(labelOf(node))}${looks(node)}]`),
    ...edges.map(
      ({ from, to, isIndirect }) => `  ${quote(from)} -> ${quote(to)}${isIndirect ? ' [style=dashed]' : ''}`,
    ),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

function looks(node: DrawnNode): string {
  const look = styles[kindOf(node)]
  return look === undefined ? '' : ` ${look}`
}

const styles: Readonly<Record<string, string>> = {
  source: 'shape=cylinder style=filled fillcolor="#e7f4ec" color="#2f855a"',
  seed: 'fillcolor="#faf1dc" color="#a16d0b"',
  view: 'fillcolor="#e6effc" color="#2f6fd0"',
  incremental: 'fillcolor="#f0e9fb" color="#7a4fc4"',
  snapshot: 'fillcolor="#e2f3f3" color="#1b8080"',
  ephemeral: 'style="rounded,dashed" color="#98a1b0"',
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
