import { countCodePoints } from '../../core/index.js'
import { Rope, Tuple, Undefined, type Value } from '../types.js'
import { PySet } from './collections.js'
import { equals, findKey } from './compare.js'
import { isHostObject, kindName } from './kinds.js'
import { badValue, needKnown, ropeFault } from './value-fault.js'

/** Python's truth of a value: empty text and containers, zero and None are false. */
export function truthy(value: Value): boolean {
  if (typeof value === 'string') return value !== ''
  if (value === null || typeof value === 'boolean') return value === true
  if (typeof value === 'number' || typeof value === 'bigint') return Boolean(value)
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map) return value.size > 0
  return truthyObject(value)
}

function truthyObject(value: Value): boolean {
  if (value instanceof Undefined) return false
  if (value instanceof Rope) throw ropeFault(value)
  if (value instanceof Tuple || value instanceof PySet) return value.items.length > 0
  return typeof value !== 'object' || value === null || !('value' in value) || Boolean(value.value)
}

/** The items of anything that can be iterated: a dict gives its keys, a string its characters. */
export function itemsOf(value: Value): readonly Value[] {
  const items = itemsOrNone(value)
  if (items !== undefined) return items
  needKnown(value, 'iterated')
  throw badValue(`${kindName(value)} cannot be iterated`)
}

/** The items, or undefined for a value that cannot be iterated. */
export function itemsOrNone(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value
  if (value instanceof Map) return [...value.keys()]
  if (value instanceof Tuple || value instanceof PySet) return value.items
  return typeof value === 'string' ? [...value] : undefined
}

/** Python's `len`. */
export function lengthOf(value: Value): number {
  if (typeof value === 'string') return countCodePoints(value)
  if (Array.isArray(value)) return value.length
  if (value instanceof Map) return value.size
  if (value instanceof Tuple || value instanceof PySet) return value.items.length
  needKnown(value, 'measured')
  throw badValue(`${kindName(value)} has no length`)
}

/** Python's `item in container`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') {
    needKnown(item, 'searched for')
    if (typeof item === 'string') return container.includes(item)
    throw badValue(`a string cannot contain ${kindName(item)}`, 'turn it into text first: | string')
  }
  if (container instanceof Map) return findKey(container, item) !== undefined
  if (isHostObject(container) && !(container instanceof PySet)) {
    return typeof item === 'string' && container.get(item) !== undefined
  }
  return itemsOf(container).some((other) => equals(other, item))
}
