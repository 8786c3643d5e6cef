import type { UniqueId } from '../core/index.js'

/** At most this many rings are reported; each costs a pass over the graph. */
const maxRings = 20

/**
 * Rings of references, each as its nodes in the order of the references (the last one refers to the first), starting at
 * the node that `before` puts first. A ring that shares a reference with an earlier one is left out.
 */
export function findRings(
  parents: ReadonlyMap<UniqueId, readonly UniqueId[]>,
  before: (a: UniqueId, b: UniqueId) => number,
): readonly (readonly UniqueId[])[] {
  const edges = new Map([...parents].map(([id, list]) => [id, new Set(list)]))
  const rings: (readonly UniqueId[])[] = []
  while (rings.length < maxRings) {
    dropAcyclic(edges)
    const start = [...edges.keys()].sort(before)
    const ring = firstRing(start, edges)
    if (ring === undefined) break
    rings.push(ring)
    for (const [i, id] of ring.entries()) edges.get(id)?.delete(ring[(i + 1) % ring.length] ?? id)
  }
  return rings
}

/** Takes away whatever has no way up or no way down any more, until only rings and what joins them are left. */
function dropAcyclic(parents: Map<UniqueId, Set<UniqueId>>): void {
  const children = childrenIn(parents)
  const isLoose = (id: UniqueId) => parents.get(id)?.size === 0 || children.get(id)?.size === 0
  const loose = [...parents.keys()].filter(isLoose)
  for (let id = loose.pop(); id !== undefined; id = loose.pop()) {
    const around = [...(parents.get(id) ?? []), ...(children.get(id) ?? [])]
    for (const other of around) {
      children.get(other)?.delete(id)
      parents.get(other)?.delete(id)
    }
    parents.delete(id)
    children.delete(id)
    loose.push(...around.filter(isLoose))
  }
}

/** The edges the other way round; edges to nodes that are not in the map are taken away. */
function childrenIn(parents: ReadonlyMap<UniqueId, Set<UniqueId>>): Map<UniqueId, Set<UniqueId>> {
  const children = new Map<UniqueId, Set<UniqueId>>([...parents.keys()].map((id) => [id, new Set()]))
  for (const [id, list] of parents) {
    for (const parent of list) {
      if (parents.has(parent)) children.get(parent)?.add(id)
      else list.delete(parent)
    }
  }
  return children
}

function firstRing(starts: readonly UniqueId[], edges: ReadonlyMap<UniqueId, ReadonlySet<UniqueId>>) {
  const dead = new Set<UniqueId>()
  for (const start of starts) {
    const ring = shortestRing(start, edges, dead)
    if (ring !== undefined) return ring
    dead.add(start)
  }
  return undefined
}

/** The shortest way from `start` along references back to itself; nodes known to lie on no ring are not walked. */
function shortestRing(
  start: UniqueId,
  edges: ReadonlyMap<UniqueId, ReadonlySet<UniqueId>>,
  dead: ReadonlySet<UniqueId>,
): readonly UniqueId[] | undefined {
  const cameFrom = new Map<UniqueId, UniqueId | undefined>([[start, undefined]])
  const queue = [start]
  for (const id of queue) {
    for (const parent of edges.get(id) ?? []) {
      if (parent === start) return wayTo(id, cameFrom)
      if (cameFrom.has(parent) || dead.has(parent)) continue
      cameFrom.set(parent, id)
      queue.push(parent)
    }
  }
  return undefined
}

function wayTo(end: UniqueId, cameFrom: ReadonlyMap<UniqueId, UniqueId | undefined>): readonly UniqueId[] {
  const way: UniqueId[] = []
  for (let id: UniqueId | undefined = end; id !== undefined; id = cameFrom.get(id)) way.unshift(id)
  return way
}
