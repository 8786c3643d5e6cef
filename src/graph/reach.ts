import type { UniqueId } from '../core/index.js'
import type { TestNode } from '../parse/index.js'
import type { Dag } from './types.js'

/** Every node that one of these depends on, directly or not; without the nodes themselves unless one needs another. */
export function ancestors(dag: Dag, ids: Iterable<UniqueId>, depth = Number.POSITIVE_INFINITY): Set<UniqueId> {
  return reach(dag.parents, ids, depth)
}

/** Every node that depends on one of these, directly or not, tests included. */
export function descendants(dag: Dag, ids: Iterable<UniqueId>, depth = Number.POSITIVE_INFINITY): Set<UniqueId> {
  return reach(dag.children, ids, depth)
}

/** The tests that read this node, sorted by id: its own and those of other nodes that refer to it. */
export function testsOf(dag: Dag, id: UniqueId): readonly TestNode[] {
  return (dag.children.get(id) ?? [])
    .map((child) => dag.nodes.get(child))
    .filter((node) => node?.resourceType === 'test')
}

function reach(
  edges: ReadonlyMap<UniqueId, readonly UniqueId[]>,
  ids: Iterable<UniqueId>,
  depth: number,
): Set<UniqueId> {
  const reached = new Set<UniqueId>()
  let front = [...ids]
  for (let step = 0; step < depth && front.length > 0; step++) {
    const next: UniqueId[] = []
    for (const id of front) {
      for (const other of edges.get(id) ?? []) {
        if (reached.has(other)) continue
        reached.add(other)
        next.push(other)
      }
    }
    front = next
  }
  return reached
}
