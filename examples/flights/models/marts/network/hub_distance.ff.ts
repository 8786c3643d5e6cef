import { model } from 'fastflowtransform'

interface Route {
  readonly origin: string
  readonly destination: string
}

/** How many flights it takes from every airport to the nearest hub: a search over the graph, at home in code. */
export default model(
  {
    deps: ['dim_routes'],
    tags: ['network'],
    columns: { airport: 'varchar', nearest_hub: 'varchar', flights: 'integer', path: 'varchar' },
  },
  async ({ dim_routes }, ctx) => {
    const into = new Map<string, string[]>()
    for await (const { origin, destination } of dim_routes.rows<Route>()) {
      into.set(destination, [...(into.get(destination) ?? []), origin])
    }
    return searchFrom(ctx.var<string[]>('hubs'), into)
  },
)

/** Breadth first against the direction of the routes, from all hubs at once. */
function* searchFrom(hubs: readonly string[], into: ReadonlyMap<string, readonly string[]>) {
  const seen = new Set(hubs)
  let reached = hubs.map((hub) => ({ airport: hub, nearest_hub: hub, flights: 0, path: hub }))
  while (reached.length > 0) {
    yield* reached
    reached = reached.flatMap((from) =>
      [...(into.get(from.airport) ?? [])].sort().flatMap((airport) => {
        if (seen.has(airport)) return []
        seen.add(airport)
        return [{ ...from, airport, flights: from.flights + 1, path: `${airport} ${from.path}` }]
      }),
    )
  }
}
