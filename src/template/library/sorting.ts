import type { Value } from '../types.js'
import { order } from '../values/compare.js'

/** The items in Python's order of their keys; equal ones keep theirs, in reverse too. */
export function sorted(items: readonly Value[], key: (item: Value) => Value, reverse = false): Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }))
  keyed.sort((a, b) => (reverse ? order(b.key, a.key) : order(a.key, b.key)))
  return keyed.map(({ item }) => item)
}

/** The value to sort and compare by: text in lower case unless case counts. */
export function folded(value: Value, caseSensitive: boolean): Value {
  return typeof value === 'string' && !caseSensitive ? value.toLowerCase() : value
}
