import { Tuple, Undefined, type Value } from '../types.js'
import { View } from '../values/collections.js'
import { itemsOf, lengthOf, truthy } from '../values/iterate.js'
import { kindName } from '../values/kinds.js'
import { orElse } from '../values/or-else.js'
import { badValue } from '../values/value-fault.js'
import { flagArgument, textArgument } from './arguments.js'
import { type Filter, filter } from './filter.js'
import { lookupAttribute } from './lookup.js'
import { folded, sorted } from './sorting.js'

type Arguments = readonly (Value | undefined)[]

/** The filters that take any value, and those that take a dict. */
export const valueFilters: readonly (readonly [string, Filter])[] = [
  filter('default', 'default_value? boolean?', orDefault),
  filter('d', 'default_value? boolean?', orDefault),
  filter('length', '', (value) => lengthOf(value)),
  filter('count', '', (value) => lengthOf(value)),
  filter('attr', 'name', attribute),
  filter('items', '', itemPairs),
  filter('dictsort', 'case_sensitive? by? reverse?', dictSort),
  filter('as_bool', '', (value) => truthy(value)),
  filter('as_native', '', (value) => value),
]

function orDefault(value: Value, [fallback = '', boolean]: Arguments): Value {
  if (value instanceof Undefined) return fallback
  return flagArgument(boolean) && !truthy(value) ? fallback : value
}

function attribute(value: Value, [name]: Arguments): Value {
  const key = textArgument(name)
  // The keys of a dict are no attributes.
  const found = lookupAttribute(value instanceof Map ? new Map<Value, Value>() : value, key)
  return orElse(found, () => new Undefined(`the attribute '${key}'`))
}

function itemPairs(value: Value): Value {
  if (value instanceof Undefined) return []
  if (!(value instanceof Map)) throw badValue(`the filter 'items' needs a dict, not ${kindName(value)}`)
  return new View(
    [...value].map((entry) => new Tuple(entry)),
    'dict_items',
  )
}

function dictSort(value: Value, [caseSensitive, by, reverse]: Arguments): Value {
  if (!(value instanceof Map)) {
    itemsOf(value)
    throw badValue(`the filter 'dictsort' needs a dict, not ${kindName(value)}`)
  }
  const part = textArgument(by, 'key')
  if (part !== 'key' && part !== 'value') throw badValue(`dictsort sorts by 'key' or 'value', not by '${part}'`)
  const entries = [...value].map((entry) => new Tuple(entry))
  const index = part === 'key' ? 0 : 1
  const key = (item: Value) => folded(itemsOf(item)[index] ?? null, flagArgument(caseSensitive))
  return sorted(entries, key, flagArgument(reverse))
}
