import { Float, type HostObject, Rope, Tuple, Undefined, type Value } from '../types.js'
import { PySet } from './collections.js'

/** Whether a value was given by the host or is one of the evaluator's own objects. */
export function isHostObject(value: Value): value is HostObject {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && 'hostObject' in value
}

export function isInteger(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

export function isNumber(value: Value): value is number | bigint | Float | boolean {
  return isInteger(value) || typeof value === 'boolean' || value instanceof Float
}

/** What Python calls the value's type, with its article, for messages. */
export function kindName(value: Value): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return 'a boolean'
  if (isInteger(value)) return 'an integer'
  if (typeof value === 'string' || value instanceof Rope) return 'a string'
  if (typeof value === 'function') return 'a function'
  if (value instanceof Float) return 'a float'
  if (value instanceof Tuple) return 'a tuple'
  if (value instanceof Undefined) return 'missing'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof PySet) return 'a set'
  return value instanceof Map ? 'a dict' : 'an object'
}
