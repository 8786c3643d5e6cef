import type { Layers } from './layers.js'

const sweeps = 12

/** Orders each column so that few edges cross: barycenter sweeps in both directions, the best order wins. */
export function uncross(layers: Layers): readonly (readonly number[])[] {
  let columns = startingOrder(layers)
  let best = columns
  let fewest = crossings(columns, layers)
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    columns = sweep % 2 === 0 ? swept(columns, layers.left) : swept([...columns].reverse(), layers.right).reverse()
    const count = crossings(columns, layers)
    if (count >= fewest) continue
    best = columns
    fewest = count
  }
  return best
}

/** Depth first from the left, so that what belongs together starts together. */
function startingOrder(layers: Layers): (readonly number[])[] {
  const place = new Map<number, number>()
  const stack = layers.columns.flat().reverse()
  for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop()) {
    if (place.has(vertex)) continue
    place.set(vertex, place.size)
    stack.push(...[...(layers.left[vertex] ?? []), ...(layers.right[vertex] ?? [])].reverse())
  }
  return layers.columns.map((column) => column.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)))
}

/** Sorts each column by the middle of its neighbours in the column before. */
function swept(
  columns: readonly (readonly number[])[],
  neighbours: readonly (readonly number[])[],
): (readonly number[])[] {
  const place = new Map<number, number>()
  return columns.map((column) => {
    const middle = new Map(
      column.map((vertex, i) => {
        const near = neighbours[vertex] ?? []
        const sum = near.reduce((total, other) => total + (place.get(other) ?? 0), 0)
        return [vertex, near.length === 0 ? i / column.length : sum / near.length]
      }),
    )
    const sorted = column.toSorted((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0))
    // Places are fractions of the column, so that columns of different heights can be compared.
    for (const [i, vertex] of sorted.entries()) place.set(vertex, (i + 0.5) / sorted.length)
    return sorted
  })
}

function crossings(columns: readonly (readonly number[])[], layers: Layers): number {
  const place = new Map<number, number>()
  for (const column of columns) for (const [i, vertex] of column.entries()) place.set(vertex, i)
  const ends = (vertex: number) => (layers.right[vertex] ?? []).map((other) => place.get(other) ?? 0)
  return columns.reduce((total, column, i) => {
    const targets = column.flatMap((vertex) => ends(vertex).sort((a, b) => a - b))
    return total + inversions(targets, columns[i + 1]?.length ?? 0)
  }, 0)
}

/** Pairs that stand in the wrong order, counted with a Fenwick tree. */
function inversions(values: readonly number[], size: number): number {
  const tree = new Array<number>(size + 1).fill(0)
  let count = 0
  for (const [seen, value] of values.entries()) {
    let notAbove = 0
    for (let i = value + 1; i > 0; i -= i & -i) notAbove += tree[i] ?? 0
    for (let i = value + 1; i <= size; i += i & -i) tree[i] = (tree[i] ?? 0) + 1
    count += seen - notAbove
  }
  return count
}
