import { Float, Rope, Tuple, Undefined, type Value } from './types.js'
import { PySet } from './values/collections.js'
import { isHostObject } from './values/kinds.js'
import { textOf } from './values/print-value.js'

/** A plain JavaScript value as a template sees it: objects become dicts, fractions floats. */
export function fromHost(plain: unknown): Value {
  if (plain === undefined || plain === null) return null
  if (typeof plain === 'number') return Number.isSafeInteger(plain) ? plain : new Float(plain)
  if (Array.isArray(plain)) return plain.map(fromHost)
  if (plain instanceof Map) return new Map([...plain].map(([key, value]) => [fromHost(key), fromHost(value)]))
  if (typeof plain === 'object' && isPlain(plain)) {
    return new Map<Value, Value>(Object.entries(plain).map(([key, value]) => [key, fromHost(value)]))
  }
  // What is left are scalars, functions and the classes of Value.
  return plain as Value
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && !('hostObject' in value)
}

/**
 * A template's value as plain JavaScript: dicts become objects, tuples and sets arrays, floats numbers, a missing value
 * undefined. A bigint, a rope and a function stay what they are; the host's objects are printed.
 */
export function toHost(value: Value): unknown {
  if (value instanceof Float) return value.value
  if (value instanceof Undefined) return undefined
  if (Array.isArray(value)) return value.map(toHost)
  if (value instanceof Tuple || value instanceof PySet) return value.items.map(toHost)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [keyOf(key), toHost(item)]))
  if (value instanceof Rope) return value
  return isHostObject(value) && typeof value !== 'function' ? value.print() : value
}

function keyOf(key: Value): string {
  return typeof key === 'string' ? key : textOf(key)
}
