import type { UniqueId } from '../core/index.js'

/** Node ids in run order: parents first, ties by id. Nodes of a cycle and what depends on them are left out. */
export function topologicalOrder(
  parents: ReadonlyMap<UniqueId, readonly UniqueId[]>,
  children: ReadonlyMap<UniqueId, readonly UniqueId[]>,
): readonly UniqueId[] {
  const sorted = [...parents.keys()].sort()
  const rankOf = new Map(sorted.map((id, rank) => [id, rank]))
  const childRanks = (id: UniqueId) => (children.get(id) ?? []).map((child) => rankOf.get(child) ?? 0)
  const waitingFor = sorted.map((id) => parents.get(id)?.length ?? 0)
  const ready = new Heap()
  for (const [rank, waiting] of waitingFor.entries()) if (waiting === 0) ready.push(rank)

  const order: UniqueId[] = []
  for (let id = sorted[ready.pop()]; id !== undefined; id = sorted[ready.pop()]) {
    order.push(id)
    for (const rank of childRanks(id)) {
      const left = (waitingFor[rank] ?? 0) - 1
      waitingFor[rank] = left
      if (left === 0) ready.push(rank)
    }
  }
  return order
}

/** Smallest number first. */
class Heap {
  readonly #items: number[] = []

  push(item: number): void {
    let at = this.#items.push(item) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (this.#get(above) <= item) break
      this.#items[at] = this.#get(above)
      at = above
    }
    this.#items[at] = item
  }

  /** -1 when empty. */
  pop(): number {
    const first = this.#items[0] ?? -1
    const last = this.#items.pop()
    if (last !== undefined && this.#items.length > 0) this.#sink(last)
    return first
  }

  #sink(item: number): void {
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (this.#get(below + 1) < this.#get(below)) below++
      if (this.#get(below) >= item) break
      this.#items[at] = this.#get(below)
      at = below
    }
    this.#items[at] = item
  }

  #get(at: number): number {
    return this.#items[at] ?? Number.POSITIVE_INFINITY
  }
}
