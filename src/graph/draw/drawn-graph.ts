import type { UniqueId } from '../../core/index.js'
import type { Node } from '../../parse/index.js'
import { materializationOf } from '../config-view.js'
import type { Dag } from '../types.js'

/** What is drawn: the chosen nodes without tests, and how they depend on each other. */
export interface DrawnGraph {
  /** In run order. */
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
}

export type DrawnNode = Exclude<Node, { readonly resourceType: 'test' }>

export interface DrawnEdge {
  readonly from: UniqueId
  readonly to: UniqueId
  /** The way leads over nodes that are not drawn. */
  readonly isIndirect: boolean
}

export function drawnGraph(dag: Dag, ids: Iterable<UniqueId>): DrawnGraph {
  const wanted = new Set(ids)
  const nodes = dag.order
    .filter((id) => wanted.has(id))
    .map((id) => dag.nodes.get(id))
    .filter((node) => node !== undefined && node.resourceType !== 'test')
  const drawn = new Set(nodes.map((node) => node.uniqueId))
  const above = drawnAbove(dag, drawn)
  return { nodes, edges: nodes.flatMap((node) => edgesTo(dag, node.uniqueId, drawn, above)) }
}

/** A short name: `source.table` for sources. */
export function labelOf(node: DrawnNode): string {
  return node.resourceType === 'source' ? `${node.source.sourceName}.${node.source.name}` : node.name
}

/** What decides a node's looks: a model's materialization, else its resource type. */
export function kindOf(node: DrawnNode): string {
  return materializationOf(node)
}

/** For each node that is not drawn: the nearest drawn nodes above it. */
function drawnAbove(dag: Dag, drawn: ReadonlySet<UniqueId>): ReadonlyMap<UniqueId, ReadonlySet<UniqueId>> {
  const above = new Map<UniqueId, ReadonlySet<UniqueId>>()
  for (const id of dag.order) {
    if (drawn.has(id)) continue
    const parents = dag.parents.get(id) ?? []
    above.set(id, new Set(parents.flatMap((parent) => (drawn.has(parent) ? [parent] : [...(above.get(parent) ?? [])]))))
  }
  return above
}

function edgesTo(
  dag: Dag,
  to: UniqueId,
  drawn: ReadonlySet<UniqueId>,
  above: ReadonlyMap<UniqueId, ReadonlySet<UniqueId>>,
): readonly DrawnEdge[] {
  const parents = dag.parents.get(to) ?? []
  const direct = parents.filter((parent) => drawn.has(parent))
  const indirect = new Set(parents.flatMap((parent) => [...(above.get(parent) ?? [])]))
  for (const parent of direct) indirect.delete(parent)
  return [
    ...direct.map((from) => ({ from, to, isIndirect: false })),
    ...[...indirect].map((from) => ({ from, to, isIndirect: true })),
  ]
}
