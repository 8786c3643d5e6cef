import { Float, Tuple, type Value } from '../types.js'
import { PySet, View } from '../values/collections.js'
import { equals, findKey, getKey, setKey } from '../values/compare.js'
import { itemsOf } from '../values/iterate.js'
import { orElse } from '../values/or-else.js'
import { represent } from '../values/print-value.js'
import { badValue } from '../values/value-fault.js'
import { flagArgument, integerArgument } from './arguments.js'
import { type Method, method, rawMethod } from './method.js'
import type { Given } from './signature.js'
import { sorted } from './sorting.js'

type Dict = Map<Value, Value>

/** Python's methods of `list`. */
export const listMethods: ReadonlyMap<string, Method<Value[]>> = new Map<string, Method<Value[]>>([
  ['append', method('object', (list, [item = null]) => nothing(list.push(item)))],
  ['extend', method('iterable', (list, [items = null]) => nothing(list.push(...itemsOf(items))))],
  ['insert', method('index object', (list, [i, item = null]) => nothing(list.splice(integerArgument(i, 0), 0, item)))],
  ['pop', method('index?', (list, [index]) => popItem(list, integerArgument(index, -1)))],
  ['remove', method('value', (list, [item = null]) => nothing(list.splice(indexOf(list, item), 1)))],
  ['index', method('value', (list, [item = null]) => indexOf(list, item))],
  ['count', method('value', (list, [item = null]) => countOf(list, item))],
  ['reverse', method('', (list) => nothing(list.reverse()))],
  ['sort', method('reverse?', (list, [reverse]) => sortInPlace(list, flagArgument(reverse)))],
  ['clear', method('', (list) => nothing(list.splice(0)))],
  ['copy', method('', (list) => [...list])],
])

/** Python's methods of `tuple`. */
export const tupleMethods: ReadonlyMap<string, Method<Tuple>> = new Map<string, Method<Tuple>>([
  ['index', method('value', (tuple, [item = null]) => indexOf(tuple.items, item))],
  ['count', method('value', (tuple, [item = null]) => countOf(tuple.items, item))],
])

/** Python's methods of `dict`. */
export const dictMethods: ReadonlyMap<string, Method<Dict>> = new Map<string, Method<Dict>>([
  [
    'items',
    method(
      '',
      (dict) =>
        new View(
          [...dict].map((entry) => new Tuple(entry)),
          'dict_items',
        ),
    ),
  ],
  ['keys', method('', (dict) => new View([...dict.keys()], 'dict_keys'))],
  ['values', method('', (dict) => new View([...dict.values()], 'dict_values'))],
  ['get', method('key default?', (dict, [key = null, fallback = null]) => orElse(getKey(dict, key), () => fallback))],
  ['setdefault', method('key default?', setDefault)],
  ['pop', method('key default?', popKey)],
  ['popitem', method('', popEntry)],
  ['update', rawMethod(update)],
  ['clear', method('', (dict) => nothing(dict.clear()))],
  ['copy', method('', (dict) => new Map(dict))],
])

/** Python's methods of `set`. */
export const setMethods: ReadonlyMap<string, Method<PySet>> = new Map<string, Method<PySet>>([
  ['add', method('item', (set, [item = null]) => nothing(has(set.items, item) || set.items.push(item)))],
  ['discard', method('item', (set, [item = null]) => nothing(discard(set, item)))],
  ['remove', method('item', (set, [item = null]) => nothing(set.items.splice(indexOf(set.items, item), 1)))],
  [
    'update',
    method('items', (set, [items = null]) => nothing(set.items.push(...without(unique(itemsOf(items)), set.items)))),
  ],
  ['union', method('items', (set, [items = null]) => new PySet(unique([...set.items, ...itemsOf(items)])))],
  [
    'intersection',
    method('items', (set, [items = null]) => new PySet(set.items.filter((item) => has(itemsOf(items), item)))),
  ],
  ['difference', method('items', (set, [items = null]) => new PySet(without(set.items, itemsOf(items))))],
  ['symmetric_difference', method('items', symmetricDifference)],
  ['issubset', method('items', (set, [items = null]) => set.items.every((item) => has(itemsOf(items), item)))],
  ['issuperset', method('items', (set, [items = null]) => itemsOf(items).every((item) => has(set.items, item)))],
  ['isdisjoint', method('items', (set, [items = null]) => !itemsOf(items).some((item) => has(set.items, item)))],
  ['copy', method('', (set) => new PySet([...set.items]))],
])

/** Python's methods of `float` and `int`. */
export const numberMethods: ReadonlyMap<string, Method<number | bigint | Float>> = new Map([
  ['is_integer', method('', (n: number | bigint | Float) => !(n instanceof Float) || Number.isInteger(n.value))],
])

/** The items without repetitions; the first of equal ones stays. */
export function unique(items: readonly Value[]): Value[] {
  const seen = new Set<Value>()
  const kept: Value[] = []
  for (const item of items) {
    const isSimple = typeof item === 'string' || item === null
    if (isSimple ? seen.has(item) : has(kept, item)) continue
    seen.add(item)
    kept.push(item)
  }
  return kept
}

function nothing(_done: unknown): null {
  return null
}

function has(items: readonly Value[], item: Value): boolean {
  return items.some((other) => equals(other, item))
}

function without(items: readonly Value[], others: readonly Value[]): Value[] {
  return items.filter((item) => !has(others, item))
}

function symmetricDifference(set: PySet, [items = null]: readonly (Value | undefined)[]): PySet {
  const others = unique(itemsOf(items))
  return new PySet([...without(set.items, others), ...without(others, set.items)])
}

function discard(set: PySet, item: Value): void {
  const index = set.items.findIndex((other) => equals(other, item))
  if (index !== -1) set.items.splice(index, 1)
}

function popItem(list: Value[], index: number): Value {
  const [item] = list.splice(index < 0 ? Math.max(0, list.length + index) : index, 1)
  if (item === undefined) throw badValue(list.length === 0 ? 'pop from an empty list' : `the list has no item ${index}`)
  return item
}

function indexOf(items: readonly Value[], item: Value): number {
  const index = items.findIndex((other) => equals(other, item))
  if (index === -1) throw badValue(`${represent(item)} is not among the items`)
  return index
}

function countOf(items: readonly Value[], item: Value): number {
  return items.filter((other) => equals(other, item)).length
}

function sortInPlace(list: Value[], reverse: boolean): null {
  list.splice(0, list.length, ...sorted(list, (item) => item, reverse))
  return null
}

function setDefault(dict: Dict, [key = null, fallback = null]: readonly (Value | undefined)[]): Value {
  const value = getKey(dict, key)
  if (value === undefined) setKey(dict, key, fallback)
  return orElse(value, () => fallback)
}

function popKey(dict: Dict, [key = null, fallback]: readonly (Value | undefined)[]): Value {
  const found = findKey(dict, key)
  const value = found === undefined ? fallback : dict.get(found.key)
  if (value === undefined) throw badValue(`the dict has no key ${represent(key)}`, 'give pop a default')
  if (found !== undefined) dict.delete(found.key)
  return value
}

function popEntry(dict: Dict): Tuple {
  const last = [...dict].at(-1)
  if (last === undefined) throw badValue('popitem from an empty dict')
  dict.delete(last[0])
  return new Tuple(last)
}

function update(dict: Dict, { args, kwargs }: Given): null {
  for (const source of args) for (const [key, value] of pairs(source)) setKey(dict, key, value)
  for (const [key, value] of kwargs) setKey(dict, key, value)
  return null
}

/** The entries of a dict, or of a list of pairs. */
export function pairs(source: Value): (readonly [Value, Value])[] {
  if (source instanceof Map) return [...source]
  return itemsOf(source).map((pair) => {
    const [key, value, ...rest] = itemsOf(pair)
    if (key === undefined || value === undefined || rest.length > 0) throw badValue('a dict is made of pairs')
    return [key, value]
  })
}
