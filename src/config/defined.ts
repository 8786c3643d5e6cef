type Empty = undefined | null

type Defined<Values> = {
  [Key in keyof Values as Extract<Values[Key], Empty> extends never ? Key : never]: Values[Key]
} & {
  [Key in keyof Values as Extract<Values[Key], Empty> extends never ? never : Key]?: Exclude<Values[Key], Empty>
}

/** The same values without the keys that hold undefined or null: YAML's empty values count as absent. */
export function defined<Values extends object>(values: Values): Defined<Values> {
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(filled) as Defined<Values>
}

/** Maps merged key by key, later ones stronger. */
export function mergedMaps(
  maps: readonly (Readonly<Record<string, unknown>> | Empty)[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(maps.flatMap((map) => Object.entries(map ?? {})))
}
