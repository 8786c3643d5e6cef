import type { Layers } from './layers.js'

const rounds = 24

export interface Spacing {
  /** Height of a vertex with the gap below it. */
  readonly heightOf: (vertex: number) => number
  /** How much a vertex resists being moved; waypoints weigh more, so that long edges are straight. */
  readonly weightOf: (vertex: number) => number
}

/** The middle of each vertex, from 0 downwards: near its neighbours, in the order of its column, never overlapping. */
export function placeVertically(
  columns: readonly (readonly number[])[],
  layers: Layers,
  spacing: Spacing,
): readonly number[] {
  const middles: number[] = layers.left.map(() => 0)
  for (const column of columns) {
    let y = 0
    for (const vertex of column) {
      middles[vertex] = y + spacing.heightOf(vertex) / 2
      y += spacing.heightOf(vertex)
    }
  }
  for (let round = 0; round < rounds; round++) {
    const near = wanted(middles, layers, round)
    for (const column of round % 2 === 0 ? columns : [...columns].reverse()) settle(column, near, middles, spacing)
  }
  return middles
}

/** Where a vertex would like to be: first by one side, then by the other, in the end by both. */
function wanted(middles: readonly number[], layers: Layers, round: number): (vertex: number) => number {
  return (vertex) => {
    const [left = [], right = []] = [layers.left[vertex], layers.right[vertex]]
    const oneSide = round % 2 === 0 ? left : right
    const near = round > rounds / 2 || oneSide.length === 0 ? [...left, ...right] : oneSide
    if (near.length === 0) return middles[vertex] ?? 0
    return near.reduce((sum, other) => sum + (middles[other] ?? 0), 0) / near.length
  }
}

interface Block {
  sum: number
  weight: number
  readonly vertexes: number[]
}

/**
 * Moves a column as near to the wanted places as its order allows: the least squares solution, by pooling adjacent
 * violators.
 */
function settle(
  column: readonly number[],
  near: (vertex: number) => number,
  middles: number[],
  spacing: Spacing,
): void {
  const offsets = new Map<number, number>()
  let y = 0
  const blocks: Block[] = []
  for (const vertex of column) {
    const height = spacing.heightOf(vertex)
    offsets.set(vertex, y + height / 2)
    const weight = spacing.weightOf(vertex)
    pool(blocks, { sum: weight * (near(vertex) - y - height / 2), weight, vertexes: [vertex] })
    y += height
  }
  for (const block of blocks) {
    for (const vertex of block.vertexes) middles[vertex] = block.sum / block.weight + (offsets.get(vertex) ?? 0)
  }
}

function pool(blocks: Block[], next: Block): void {
  let last = blocks.at(-1)
  let block = next
  while (last !== undefined && last.sum / last.weight > block.sum / block.weight) {
    last.vertexes.push(...block.vertexes)
    block = { sum: last.sum + block.sum, weight: last.weight + block.weight, vertexes: last.vertexes }
    blocks.pop()
    last = blocks.at(-1)
  }
  blocks.push(block)
}
