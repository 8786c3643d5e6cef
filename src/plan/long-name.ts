import type { Dialect } from '../adapters/index.js'
import type { Relation } from '../core/index.js'

/** A name that the engine would cut, with its bytes and how many there may be; undefined: both parts are short enough. */
export function longName(
  { schema, identifier }: Relation,
  { longestName }: Dialect,
): { readonly name: string; readonly bytes: number; readonly most: number } | undefined {
  if (longestName === undefined) return undefined
  const encoder = new TextEncoder()
  for (const name of [identifier, schema]) {
    const bytes = encoder.encode(name).length
    if (bytes > longestName) return { name, bytes, most: longestName }
  }
  return undefined
}
