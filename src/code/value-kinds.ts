/** What sort of value a column holds, as far as its inferred type depends on it. */
export type ValueKind = 'integer' | 'huge' | 'float' | 'boolean' | 'text' | 'time' | 'bytes' | 'nested' | 'other'

/** The kinds of a column so far, in words, for messages. */
export const kindWords: Readonly<Record<ValueKind, string>> = {
  integer: 'integers',
  huge: 'integers beyond 64 bits',
  float: 'numbers',
  boolean: 'booleans',
  text: 'text',
  time: 'dates',
  bytes: 'bytes',
  nested: 'objects or lists',
  other: 'nothing storable',
}

const int64Limit = 2n ** 63n

/** The kind of a value; undefined for NULL. */
export function kindOf(value: unknown): ValueKind | undefined {
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
      return Number.isSafeInteger(value) ? 'integer' : 'float'
    case 'bigint':
      return value >= -int64Limit && value < int64Limit ? 'integer' : 'huge'
    case 'boolean':
      return 'boolean'
    case 'undefined':
      return undefined
    case 'object':
      return value === null ? undefined : kindOfObject(value)
    default:
      return 'other'
  }
}

function kindOfObject(value: object): ValueKind {
  if (value instanceof Date) return 'time'
  return value instanceof Uint8Array ? 'bytes' : 'nested'
}

/** The one kind that holds both, or undefined when there is none. */
export function commonKind(a: ValueKind, b: ValueKind): ValueKind | undefined {
  if (a === b) return a
  const wider = numeric.findLast((kind) => kind === a || kind === b)
  return wider !== undefined && numeric.includes(a) && numeric.includes(b) ? wider : undefined
}

const numeric: readonly ValueKind[] = ['integer', 'huge', 'float']

/** Whether every value of `later` may go into a column that was typed by `first`. */
export function fits(later: ValueKind, first: ValueKind): boolean {
  return later === first || commonKind(later, first) === first
}
