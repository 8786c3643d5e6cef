type Empty = undefined | null

type Defined<Values> = {
  [Key in keyof Values as Extract<Values[Key], Empty> extends never ? Key : never]: Values[Key]
} & {
  [Key in keyof Values as Extract<Values[Key], Empty> extends never ? never : Key]?: Exclude<Values[Key], Empty>
}

/** The same values without the keys that hold undefined or null: YAML's empty values count as absent. */
export function defined<Values extends object>(values: Values): Defined<Values> {
  // A loop, as this is called for every node: building it from a list of entries costs several times as much.
  const filled: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) filled[key] = value
  }
  return filled as Defined<Values>
}

/** Maps merged key by key, later ones stronger. */
export function mergedMaps(
  maps: readonly (Readonly<Record<string, unknown>> | Empty)[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(maps.flatMap((map) => Object.entries(map ?? {})))
}
