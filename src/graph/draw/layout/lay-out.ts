import { type DrawingInput, type Layers, layersOf } from './layers.js'
import { placeVertically, type Spacing } from './place.js'
import { uncross } from './uncross.js'

export const boxHeight = 32
const rowGap = 16
const waypointHeight = 14
const columnGap = 56
/** Tall drawings get wider gaps, within reason, until they have about the shape of a screen. */
const screenShape = 1.55
const widestGap = (height: number) => Math.max(440, height * 0.08)
const partGap = 40
/** Lone nodes stand in rows of about this width, or of the drawing's when it is wider. */
const rowWidth = 1200

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
}

/** A drawing from left to right; all lengths in pixels, the top left corner is 0, 0. */
export interface Layout {
  /** Per node. */
  readonly boxes: readonly Box[]
  /** Per edge: an SVG path. */
  readonly paths: readonly string[]
  readonly width: number
  readonly height: number
}

/** Lays a graph out in columns: connected parts one below the other, nodes without any edge in rows at the end. */
export function layOut(input: DrawingInput): Layout {
  const parts = connectedParts(input)
  const drawing = new Drawing(input)
  for (const part of parts.filter((nodes) => nodes.length > 1)) drawing.addPart(part)
  drawing.addLoneNodes(parts.filter((nodes) => nodes.length === 1).flat())
  return drawing.layout()
}

/** Nodes that hang together, the biggest part first. */
function connectedParts(input: DrawingInput): readonly (readonly number[])[] {
  const near: number[][] = input.widths.map(() => [])
  for (const [from, to] of input.edges) {
    near[from]?.push(to)
    near[to]?.push(from)
  }
  const seen = new Set<number>()
  const parts: number[][] = []
  for (const start of near.keys()) {
    if (seen.has(start)) continue
    const part = new Set([start])
    for (const node of part) for (const other of near[node] ?? []) part.add(other)
    for (const node of part) seen.add(node)
    parts.push([...part].sort((a, b) => a - b))
  }
  return parts.sort((a, b) => b.length - a.length)
}

class Drawing {
  readonly #input: DrawingInput
  readonly #boxes: Box[] = []
  readonly #paths: string[] = []
  #width = 0
  #height = 0

  constructor(input: DrawingInput) {
    this.#input = input
  }

  addPart(nodes: readonly number[]): void {
    const local = new Map(nodes.map((node, i) => [node, i]))
    const edges = this.#input.edges.flatMap(([from, to], edge) => {
      const [a, b] = [local.get(from), local.get(to)]
      return a === undefined || b === undefined ? [] : [{ edge, ends: [a, b] as const }]
    })
    const widths = nodes.map((node) => this.#input.widths[node] ?? 0)
    const part = layOutPart({ widths, edges: edges.map(({ ends }) => ends) }, this.#top())
    for (const [i, node] of nodes.entries()) this.#boxes[node] = part.boxes[i] ?? { x: 0, y: 0, width: 0 }
    for (const [i, { edge }] of edges.entries()) this.#paths[edge] = part.paths[i] ?? ''
    this.#width = Math.max(this.#width, part.width)
    this.#height = part.height
  }

  addLoneNodes(nodes: readonly number[]): void {
    const limit = Math.max(this.#width, rowWidth)
    let [x, y] = [0, this.#top()]
    for (const node of nodes) {
      const width = this.#input.widths[node] ?? 0
      if (x > 0 && x + width > limit) [x, y] = [0, y + boxHeight + rowGap]
      this.#boxes[node] = { x, y, width }
      x += width + rowGap
      this.#width = Math.max(this.#width, x - rowGap)
      this.#height = y + boxHeight
    }
  }

  layout(): Layout {
    return { boxes: this.#boxes, paths: this.#paths, width: this.#width, height: this.#height }
  }

  #top(): number {
    return this.#height === 0 ? 0 : this.#height + partGap
  }
}

function layOutPart(input: DrawingInput, top: number): Layout {
  const layers = layersOf(input)
  const columns = uncross(layers)
  const isWaypoint = (vertex: number) => vertex >= input.widths.length
  const spacing: Spacing = {
    heightOf: (vertex) => (isWaypoint(vertex) ? waypointHeight : boxHeight + rowGap),
    weightOf: (vertex) => (isWaypoint(vertex) ? 6 : 1),
  }
  const middles = placeVertically(columns, layers, spacing)
  const highest = Math.min(...columns.map((column) => middles[column[0] ?? 0] ?? 0))
  const lowest = Math.max(...columns.map((column) => middles[column.at(-1) ?? 0] ?? 0))
  const yOf = (vertex: number) => top + boxHeight / 2 + (middles[vertex] ?? 0) - highest
  const height = boxHeight + lowest - highest
  const edgesOf = columnEdges(columns, layers, { widths: input.widths, height })
  const boxes = input.widths.map((_, node) => {
    const { start, end } = edgesOf(node)
    return { x: start, y: yOf(node) - boxHeight / 2, width: end - start }
  })
  const paths = layers.routes.map((route) => pathOf(route, edgesOf, yOf))
  const width = Math.max(...columns.map((column) => edgesOf(column[0] ?? 0).end))
  return { boxes, paths, width, height: top + height }
}

interface ColumnEdges {
  readonly start: number
  readonly end: number
}

/** Left and right edge of each vertex' column; crowded gaps are wider, so that curves are not steep. */
function columnEdges(
  columns: readonly (readonly number[])[],
  layers: Layers,
  sizes: { readonly widths: readonly number[]; readonly height: number },
): (vertex: number) => ColumnEdges {
  const widths = columns.map((column) => Math.max(0, ...column.map((vertex) => sizes.widths[vertex] ?? 0)))
  const boxesWidth = widths.reduce((sum, width) => sum + width, 0)
  const spare = sizes.height * screenShape - boxesWidth
  const wanted = Math.min(widestGap(sizes.height), spare / Math.max(1, columns.length - 1))
  const columnOf = new Map<number, ColumnEdges>()
  let start = 0
  for (const [i, column] of columns.entries()) {
    const end = start + (widths[i] ?? 0)
    for (const vertex of column) columnOf.set(vertex, { start, end })
    const outgoing = column.reduce((total, vertex) => total + (layers.right[vertex]?.length ?? 0), 0)
    start = end + Math.max(columnGap + Math.min(120, outgoing * 2), wanted)
  }
  return (vertex) => columnOf.get(vertex) ?? { start: 0, end: 0 }
}

/** A curve from gap to gap, straight through the columns that it passes. */
function pathOf(
  route: readonly number[],
  edgesOf: (vertex: number) => ColumnEdges,
  yOf: (vertex: number) => number,
): string {
  const [from = 0, ...rest] = route
  let x = edgesOf(from).end
  let y = yOf(from)
  let path = `M${round(x)} ${round(y)}`
  for (const [i, vertex] of rest.entries()) {
    const { start, end } = edgesOf(vertex)
    const nextY = yOf(vertex)
    const bend = round((x + start) / 2)
    path += `C${bend} ${round(y)} ${bend} ${round(nextY)} ${round(start)} ${round(nextY)}`
    if (i < rest.length - 1) path += `H${round(end)}`
    x = end
    y = nextY
  }
  return path
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
