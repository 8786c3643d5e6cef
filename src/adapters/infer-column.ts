type Kind = 'integer' | 'bigint' | 'hugeint' | 'double' | 'boolean' | 'time' | 'bytes' | 'nested' | 'text'

/** An engine's types for JavaScript values: `hugeint` holds 128 bits, `nested` objects and lists. */
export type InferredTypes = Readonly<Record<Kind, string>>

/**
 * The type of a column from the JavaScript values in it. Text stays text, also when it looks like a date. Kinds that have
 * no type in common become `nested` when objects or lists are among them, else text; so does a column of NULLs.
 */
export function inferColumn(values: readonly unknown[], types: InferredTypes): string {
  const kinds = new Set<Kind>()
  for (const value of values) {
    if (value !== null && value !== undefined) kinds.add(kindOf(value))
  }
  const [first] = kinds
  if (first === undefined) return types.text
  if (kinds.size === 1) return types[first]
  if (kinds.has('nested')) return types.nested
  const isNumeric = [...kinds].every((kind) => numeric.includes(kind))
  return isNumeric ? types[widest(kinds)] : types.text
}

const numeric: readonly Kind[] = ['integer', 'bigint', 'hugeint', 'double']

function widest(kinds: ReadonlySet<Kind>): Kind {
  return numeric.findLast((kind) => kinds.has(kind)) ?? 'double'
}

const int64Limit = 2n ** 63n
const int128Limit = 2n ** 127n

function kindOf(value: unknown): Kind {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'double'
  if (typeof value === 'bigint') return bigintKind(value)
  if (typeof value === 'boolean') return 'boolean'
  if (value instanceof Date) return 'time'
  if (value instanceof Uint8Array) return 'bytes'
  return typeof value === 'object' ? 'nested' : 'text'
}

function bigintKind(value: bigint): Kind {
  if (value >= -int64Limit && value < int64Limit) return 'bigint'
  return value >= -int128Limit && value < int128Limit ? 'hugeint' : 'text'
}
