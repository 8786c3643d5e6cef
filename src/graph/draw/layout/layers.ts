/** A graph for drawing: nodes are numbers from 0, parents before children. */
export interface DrawingInput {
  /** Width of each node's box. */
  readonly widths: readonly number[]
  readonly edges: readonly (readonly [from: number, to: number])[]
}

/** Where each node and each waypoint stands: one column a layer. */
export interface Layers {
  /** Per column, top to bottom: vertexes. A vertex below the number of nodes is a node, else a waypoint of long edges. */
  readonly columns: readonly (readonly number[])[]
  /** Neighbours in the column to the left and to the right. */
  readonly left: readonly (readonly number[])[]
  readonly right: readonly (readonly number[])[]
  /** Per edge of the input: its vertexes from end to end. */
  readonly routes: readonly (readonly number[])[]
}

/** Gives every node a column (the longest way from a root) and long edges a waypoint in each column they pass. */
export function layersOf(input: DrawingInput): Layers {
  const layerOf = pulledTogether(input, longestWays(input))
  const builder = new Builder(layerOf)
  const routes = input.edges.map(([from, to]) => builder.route(from, to))
  return { columns: builder.columns, left: builder.left, right: builder.right, routes }
}

function longestWays(input: DrawingInput): number[] {
  const layers = input.widths.map(() => 0)
  const parents = neighbours(input, 'parents')
  for (const node of layers.keys()) {
    layers[node] = Math.max(-1, ...(parents[node] ?? []).map((parent) => layers[parent] ?? 0)) + 1
  }
  return layers
}

/** Moves nodes that have more children than parents next to their first child: edges get shorter. */
function pulledTogether(input: DrawingInput, layers: number[]): number[] {
  const parents = neighbours(input, 'parents')
  const children = neighbours(input, 'children')
  for (const node of [...layers.keys()].reverse()) {
    const below = children[node] ?? []
    if (below.length <= (parents[node] ?? []).length) continue
    layers[node] = Math.min(...below.map((child) => layers[child] ?? 0)) - 1
  }
  return layers
}

function neighbours(input: DrawingInput, side: 'parents' | 'children'): readonly (readonly number[])[] {
  const lists: number[][] = input.widths.map(() => [])
  for (const [from, to] of input.edges) {
    if (side === 'parents') lists[to]?.push(from)
    else lists[from]?.push(to)
  }
  return lists
}

class Builder {
  readonly columns: number[][] = []
  readonly left: number[][] = []
  readonly right: number[][] = []
  readonly #layerOf: readonly number[]
  /** Edges from one node share their waypoints: they run as one line for as long as they can. */
  readonly #waypoints = new Map<string, number>()
  #vertexes = 0

  constructor(layerOf: readonly number[]) {
    this.#layerOf = layerOf
    for (const layer of layerOf) this.#vertex(layer)
  }

  route(from: number, to: number): readonly number[] {
    const end = this.#layerOf[to] ?? 0
    const route = [from]
    for (let layer = (this.#layerOf[from] ?? 0) + 1; layer < end; layer++) {
      const key = `${from}:${layer}`
      const known = this.#waypoints.get(key)
      const waypoint = known ?? this.#vertex(layer)
      if (known === undefined) {
        this.#waypoints.set(key, waypoint)
        this.#join(route.at(-1) ?? from, waypoint)
      }
      route.push(waypoint)
    }
    this.#join(route.at(-1) ?? from, to)
    route.push(to)
    return route
  }

  #vertex(layer: number): number {
    while (this.columns.length <= layer) this.columns.push([])
    const vertex = this.#vertexes++
    this.columns[layer]?.push(vertex)
    this.left.push([])
    this.right.push([])
    return vertex
  }

  #join(from: number, to: number): void {
    this.right[from]?.push(to)
    this.left[to]?.push(from)
  }
}
