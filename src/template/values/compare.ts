import { Float, Rope, Tuple, Undefined, type Value } from '../types.js'
import { PySet } from './collections.js'
import { isHostObject, isNumber, kindName } from './kinds.js'
import { badValue, needKnown, ropeFault, undefinedFault } from './value-fault.js'

/** A number as JavaScript compares it: bigint and number compare exactly. */
export function plainNumber(value: number | bigint | Float | boolean): number | bigint {
  if (typeof value === 'boolean') return value ? 1 : 0
  return value instanceof Float ? value.value : value
}

/** Python's `==`. */
export function equals(a: Value, b: Value): boolean {
  if (a instanceof Rope || b instanceof Rope) return ropeEquals(a, b)
  if (a === b) return true
  if (isNumber(a) && isNumber(b)) return sameNumber(plainNumber(a), plainNumber(b))
  const items = sameKindItems(a, b)
  if (items !== undefined) return equalItems(...items)
  if (a instanceof Map && b instanceof Map) return equalEntries(a, b)
  return a instanceof Undefined ? b instanceof Undefined : equalObjects(a, b)
}

/** The items of two lists or two tuples; a list is neither equal to a tuple nor ordered with one. */
function sameKindItems(a: Value, b: Value): [readonly Value[], readonly Value[]] | undefined {
  if (Array.isArray(a) && Array.isArray(b)) return [a, b]
  return a instanceof Tuple && b instanceof Tuple ? [a.items, b.items] : undefined
}

function sameNumber(a: number | bigint, b: number | bigint): boolean {
  // `==` is exact between bigint and number.
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number of the same value are equal
  return a == b
}

function ropeEquals(a: Value, b: Value): boolean {
  const rope = a instanceof Rope ? a : (b as Rope)
  const other = a instanceof Rope ? b : a
  if (typeof other === 'string' || other instanceof Rope) throw ropeFault(rope)
  return false
}

function equalItems(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, i) => equals(item, b[i] as Value))
}

function equalEntries(a: Map<Value, Value>, b: Map<Value, Value>): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) {
    const found = findKey(b, key)
    if (found === undefined || !equals(value, b.get(found.key) as Value)) return false
  }
  return true
}

function equalObjects(a: Value, b: Value): boolean {
  if (a instanceof PySet && b instanceof PySet) {
    return a.items.length === b.items.length && a.items.every((item) => b.items.some((other) => equals(item, other)))
  }
  if (!isHostObject(a) || !isHostObject(b)) return false
  const [left, right] = [a.print(), b.print()]
  return typeof left === 'string' && left === right && a.constructor === b.constructor
}

/** The key of a dict that equals `key`; Python's dicts hold 1, 1.0 and True as one key. */
export function findKey(dict: Map<Value, Value>, key: Value): { readonly key: Value } | undefined {
  if (dict.has(key)) return { key }
  if (typeof key === 'string' || key === null) return undefined
  needHashable(key)
  for (const candidate of dict.keys()) {
    if (typeof candidate !== 'string' && equals(candidate, key)) return { key: candidate }
  }
  return undefined
}

/** Sets a key as Python does: an equal key is kept. */
export function setKey(dict: Map<Value, Value>, key: Value, value: Value): void {
  dict.set(typeof key === 'string' ? key : (findKey(dict, key)?.key ?? key), value)
}

/** The value of a key, or undefined. */
export function getKey(dict: Map<Value, Value>, key: Value): Value | undefined {
  if (typeof key === 'string') return dict.get(key)
  const found = findKey(dict, key)
  return found === undefined ? undefined : dict.get(found.key)
}

function needHashable(key: Value): void {
  needKnown(key, 'used as a key')
  if (Array.isArray(key) || key instanceof Map) throw badValue(`${kindName(key)} cannot be the key of a dict`)
}

/** Negative, zero or positive as `a` stands before, at or behind `b`; fails where Python's `<` does. */
export function order(a: Value, b: Value): number {
  needOrdered(a)
  needOrdered(b)
  if (typeof a === 'string' && typeof b === 'string') return orderPlain(a, b)
  if (isNumber(a) && isNumber(b)) return orderPlain(plainNumber(a), plainNumber(b))
  const items = sameKindItems(a, b)
  if (items !== undefined) return orderItems(...items)
  throw badValue(`${kindName(a)} and ${kindName(b)} cannot be ordered`, 'compare values of one type, or use ==')
}

function orderPlain<T extends string | number | bigint>(a: T, b: T): number {
  if (a < b) return -1
  return a > b ? 1 : 0
}

function needOrdered(value: Value): void {
  if (value instanceof Undefined) throw undefinedFault(value, 'compared')
  if (value instanceof Rope) throw ropeFault(value)
}

function orderItems(a: readonly Value[], b: readonly Value[]): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const [left, right] = [a[i] as Value, b[i] as Value]
    if (!equals(left, right)) return order(left, right)
  }
  return a.length - b.length
}
