import type { UniqueId } from '../../core/index.js'
import type { Dag } from '../types.js'
import { type DrawnNode, drawnGraph, kindOf, labelOf } from './drawn-graph.js'

/** The graph as a Mermaid flowchart; dashed arrows lead over nodes that are not shown. */
export function toMermaid(dag: Dag, ids: Iterable<UniqueId>): string {
  const { nodes, edges } = drawnGraph(dag, ids)
  const nameOf = new Map(nodes.map((node, i) => [node.uniqueId, `n${i}`]))
  const kinds = [...new Set(nodes.map(kindOf))].sort()
  const lines = [
    'flowchart LR',
    ...nodes.map((node) => `  ${nameOf.get(node.uniqueId)}${shape(node)}:::${kindOf(node)}`),
    ...edges.map(
      ({ from, to, isIndirect }) => `  ${nameOf.get(from)} ${isIndirect ? '-.->' : '-->'} ${nameOf.get(to)}`,
    ),
    ...kinds.map((kind) => `  classDef ${kind} ${styles[kind] ?? styles.table}`),
  ]
  return `${lines.join('\n')}\n`
}

function shape(node: DrawnNode): string {
  const label = `"${labelOf(node).replaceAll('"', '#quot;')}"`
  if (node.resourceType === 'source') return `[(${label})]`
  if (node.resourceType === 'seed') return `[/${label}/]`
  return kindOf(node) === 'ephemeral' ? `(${label})` : `[${label}]`
}

const styles: Readonly<Record<string, string>> = {
  source: 'fill:#e7f4ec,stroke:#2f855a,color:#14301f',
  seed: 'fill:#faf1dc,stroke:#a16d0b,color:#3a2a08',
  view: 'fill:#e6effc,stroke:#2f6fd0,color:#10264a',
  table: 'fill:#eceef2,stroke:#5f6b7e,color:#1d232e',
  incremental: 'fill:#f0e9fb,stroke:#7a4fc4,color:#2b1a4d',
  snapshot: 'fill:#e2f3f3,stroke:#1b8080,color:#0b2f2f',
  ephemeral: 'fill:#ffffff,stroke:#98a1b0,color:#3d4553,stroke-dasharray:4 3',
}
