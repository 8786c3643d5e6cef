import { Float, type HostFunction, Tuple, type Value } from '../types.js'
import { NamedTuple, PySet } from '../values/collections.js'
import { getKey } from '../values/compare.js'
import { isHostObject, isInteger, kindName } from '../values/kinds.js'
import { orElse } from '../values/or-else.js'
import { badValue, needKnown } from '../values/value-fault.js'
import { dictMethods, listMethods, numberMethods, setMethods, tupleMethods } from './container-methods.js'
import type { Method } from './method.js'
import type { Given } from './signature.js'
import { stringMethods } from './string-methods.js'

/** `value.name` as Jinja2 looks it up: a method or attribute, else a key. Undefined when there is neither. */
export function lookupAttribute(value: Value, name: string): Value | undefined {
  const method = boundMethod(value, name)
  if (method !== undefined) return method
  if (value instanceof Map) return value.get(name)
  if (isHostObject(value)) return value.get(name)
  if (value instanceof NamedTuple) return value.items[value.names.indexOf(name)]
  needKnown(value, `asked for '${name}'`)
  return undefined
}

/** `value[key]`: a key or index, else an attribute. Undefined when there is none. */
export function lookupItem(value: Value, key: Value): Value | undefined {
  if (value instanceof Map) {
    return orElse(getKey(value, key), () => (typeof key === 'string' ? boundMethod(value, key) : undefined))
  }
  if (typeof key === 'boolean') return lookupItem(value, key ? 1 : 0)
  if (isInteger(key)) return lookupIndex(value, Number(key))
  needKnown(key, 'used as a key')
  if (typeof key === 'string') return lookupAttribute(value, key)
  needKnown(value, 'indexed')
  throw badValue(`${kindName(value)} cannot be indexed by ${kindName(key)}`)
}

function lookupIndex(value: Value, index: number): Value | undefined {
  if (typeof value === 'string') return [...value].at(index)
  if (Array.isArray(value)) return value.at(index)
  if (value instanceof Tuple) return value.items.at(index)
  needKnown(value, 'indexed')
  if (isHostObject(value) && !(value instanceof PySet)) return value.get(String(index))
  throw badValue(`${kindName(value)} cannot be indexed`)
}

/** `value[start:stop:step]`. */
export function slice(value: Value, bounds: readonly (Value | undefined)[]): Value {
  const [start, stop, step] = bounds.map((bound) => sliceBound(bound))
  if (step === 0) throw badValue('the step of a slice is zero')
  if (typeof value === 'string') return take([...value], start, stop, step).join('')
  if (Array.isArray(value)) return take(value, start, stop, step)
  if (value instanceof Tuple) return new Tuple(take(value.items, start, stop, step))
  needKnown(value, 'sliced')
  throw badValue(`${kindName(value)} cannot be sliced`)
}

function sliceBound(bound: Value | undefined): number | undefined {
  if (bound === undefined || bound === null) return undefined
  if (isInteger(bound)) return Number(bound)
  needKnown(bound, 'used in a slice')
  throw badValue(`a slice needs whole numbers, not ${kindName(bound)}`)
}

function take<T>(items: readonly T[], start: number | undefined, stop: number | undefined, step = 1): T[] {
  const size = items.length
  const isForward = step > 0
  // Backwards, the place before the first item is -1.
  const [low, high] = isForward ? [0, size] : [-1, size - 1]
  const clamp = (index: number) => Math.min(Math.max(index < 0 ? index + size : index, low), high)
  const from = start === undefined ? (isForward ? low : high) : clamp(start)
  const to = stop === undefined ? (isForward ? high : low) : clamp(stop)
  const count = Math.max(0, Math.ceil((to - from) / step))
  return Array.from({ length: count }, (_, i) => items[from + i * step] as T)
}

/** The names that `value.` may be followed by. */
export function attributeNames(value: Value): string[] {
  const names = [...(methodsOf(value)?.keys() ?? [])]
  if (value instanceof Map) for (const key of value.keys()) if (typeof key === 'string') names.push(key)
  if (isHostObject(value)) names.push(...value.keys())
  return names
}

/** Calls a method of a built-in type; undefined when the type has no such method. */
export function callMethod(value: Value, name: string, given: Given): Value | undefined {
  const method = methodsOf(value)?.get(name)
  return method?.(value, given, name)
}

function boundMethod(value: Value, name: string): HostFunction | undefined {
  const method = methodsOf(value)?.get(name)
  return method === undefined ? undefined : (call) => method(value, call, name)
}

function methodsOf(value: Value): ReadonlyMap<string, Method<Value>> | undefined {
  // Each table's methods take just the type that is checked here.
  return tableOf(value) as ReadonlyMap<string, Method<Value>> | undefined
}

function tableOf(value: Value): ReadonlyMap<string, Method<never>> | undefined {
  if (typeof value === 'string') return stringMethods
  if (Array.isArray(value)) return listMethods
  if (value instanceof Map) return dictMethods
  if (value instanceof Tuple) return tupleMethods
  if (value instanceof PySet) return setMethods
  return isInteger(value) || value instanceof Float ? numberMethods : undefined
}
