import { type Rope, Tuple, Undefined, type Value } from '../types.js'
import { calculate } from '../values/arithmetic.js'
import { NamedTuple, PySet } from '../values/collections.js'
import { equals, order } from '../values/compare.js'
import { itemsOf, truthy } from '../values/iterate.js'
import { orElse } from '../values/or-else.js'
import { badValue, undefinedFault } from '../values/value-fault.js'
import { flagArgument, integerArgument, textArgument } from './arguments.js'
import { type Filter, type FilterContext, filter } from './filter.js'
import { lookupItem } from './lookup.js'
import { bindArguments, type Given, signature } from './signature.js'
import { folded, sorted } from './sorting.js'
import { joinValues } from './text-filters.js'

type Arguments = readonly (Value | undefined)[]

/** The filters that take anything with items. */
export const sequenceFilters: readonly (readonly [string, Filter])[] = [
  filter('join', 'd? attribute?', join),
  filter('first', '', (value) => orElse(itemsOf(value)[0], () => new Undefined('the first item of an empty sequence'))),
  filter('last', '', (value) =>
    orElse(itemsOf(value).at(-1), () => new Undefined('the last item of an empty sequence')),
  ),
  filter('list', '', (value) => [...itemsOf(value)]),
  filter('set', '', (value) => new PySet(distinct(itemsOf(value), (item) => item))),
  filter('reverse', '', reverse),
  filter('sort', 'reverse? case_sensitive? attribute?', sort),
  filter('unique', 'case_sensitive? attribute?', unique),
  filter('min', 'case_sensitive? attribute?', (value, args) => extreme(value, args, -1)),
  filter('max', 'case_sensitive? attribute?', (value, args) => extreme(value, args, 1)),
  filter('sum', 'attribute? start?', sum),
  filter('batch', 'linecount fill_with?', batch),
  filter('slice', 'slices fill_with?', slices),
  filter('groupby', 'attribute default? case_sensitive?', groupBy),
  ['map', map],
  ['select', (value, given, context) => pick(value, given, context, { keep: true })],
  ['reject', (value, given, context) => pick(value, given, context, { keep: false })],
  ['selectattr', (value, given, context) => pick(value, given, context, { keep: true, byAttribute: true })],
  ['rejectattr', (value, given, context) => pick(value, given, context, { keep: false, byAttribute: true })],
]

/** Reads an attribute by its path, `'owner.name'`; integers are indexes. */
function attributeReader(attribute: Value, fallback?: Value): (item: Value) => Value {
  if (typeof attribute === 'number')
    return (item) => orElse(lookupItem(item, attribute), () => missing(String(attribute), fallback))
  const path = textArgument(attribute).split('.')
  return (item) => {
    let value = item
    for (const name of path) {
      const found = lookupItem(value, /^\d+$/.test(name) ? Number(name) : name)
      if (found === undefined) return missing(name, fallback)
      value = found
    }
    return value
  }
}

function missing(name: string, fallback: Value | undefined): Value {
  return orElse(fallback, () => new Undefined(`the attribute '${name}'`))
}

function optionalReader(attribute: Value | undefined): (item: Value) => Value {
  return attribute === undefined || attribute === null ? (item) => item : attributeReader(attribute)
}

function join(value: Value, [separator, attribute]: Arguments): string | Rope {
  const text = separator === undefined ? '' : textArgument(separator)
  const read = optionalReader(attribute)
  return joinValues(itemsOf(value).map(joinable).map(read).map(joinable), text)
}

function joinable(item: Value): Value {
  if (!(item instanceof Undefined)) return item
  throw undefinedFault(item, 'joined')
}

function reverse(value: Value): Value {
  const items = [...itemsOf(value)].reverse()
  return typeof value === 'string' ? items.join('') : items
}

function sort(value: Value, [reversed, caseSensitive, attribute]: Arguments): Value[] {
  const isExact = flagArgument(caseSensitive)
  const readers =
    typeof attribute === 'string'
      ? attribute.split(',').map((path) => attributeReader(path))
      : [optionalReader(attribute)]
  const key = (item: Value) => {
    const keys = readers.map((read) => folded(read(item), isExact))
    return keys.length === 1 ? (keys[0] ?? null) : new Tuple(keys)
  }
  return sorted(itemsOf(value), key, flagArgument(reversed))
}

function unique(value: Value, [caseSensitive, attribute]: Arguments): Value[] {
  const read = optionalReader(attribute)
  return distinct(itemsOf(value), (item) => folded(read(item), flagArgument(caseSensitive)))
}

function distinct(items: readonly Value[], key: (item: Value) => Value): Value[] {
  const seen: Value[] = []
  const texts = new Set<string>()
  return items.filter((item) => {
    const value = key(item)
    const isKnown = typeof value === 'string' ? texts.has(value) : seen.some((other) => equals(other, value))
    if (typeof value === 'string') texts.add(value)
    else if (!isKnown) seen.push(value)
    return !isKnown
  })
}

function extreme(value: Value, [caseSensitive, attribute]: Arguments, sign: number): Value {
  const read = optionalReader(attribute)
  const key = (item: Value) => folded(read(item), flagArgument(caseSensitive))
  const [first, ...rest] = itemsOf(value)
  if (first === undefined) return new Undefined(`the ${sign < 0 ? 'smallest' : 'largest'} item of an empty sequence`)
  return rest.reduce((best, item) => (order(key(item), key(best)) * sign > 0 ? item : best), first)
}

function sum(value: Value, [attribute, start = 0]: Arguments): Value {
  return itemsOf(value)
    .map(optionalReader(attribute))
    .reduce((total, item) => calculate('+', total, item), start)
}

function batch(value: Value, [size, fill]: Arguments): Value[] {
  const width = integerArgument(size, 1)
  if (width < 1) throw badValue('a batch holds at least one item')
  const items = itemsOf(value)
  const batches: Value[][] = []
  for (let i = 0; i < items.length; i += width) batches.push(items.slice(i, i + width))
  const last = batches.at(-1)
  while (fill !== undefined && fill !== null && last !== undefined && last.length < width) last.push(fill)
  return batches
}

function slices(value: Value, [count, fill]: Arguments): Value[] {
  const items = itemsOf(value)
  const number = integerArgument(count, 1)
  if (number < 1) throw badValue('there is at least one slice')
  const [size, longer] = [Math.floor(items.length / number), items.length % number]
  return Array.from({ length: number }, (_, i) => {
    const start = i * size + Math.min(i, longer)
    const slice = items.slice(start, start + size + (i < longer ? 1 : 0))
    return fill !== undefined && fill !== null && i >= longer ? [...slice, fill] : slice
  })
}

function groupBy(value: Value, [attribute = '', fallback, caseSensitive]: Arguments): Value[] {
  const read = attributeReader(attribute, fallback)
  const key = (item: Value) => folded(read(item), flagArgument(caseSensitive))
  const groups: { key: Value; name: Value; items: Value[] }[] = []
  for (const item of sorted(itemsOf(value), key)) {
    const last = groups.at(-1)
    if (last !== undefined && equals(last.key, key(item))) last.items.push(item)
    else groups.push({ key: key(item), name: read(item), items: [item] })
  }
  return groups.map(({ name, items }) => new NamedTuple([name, items], ['grouper', 'list']))
}

const mapSignature = signature('attribute? default?')

function map(value: Value, given: Given, context: FilterContext): Value[] {
  const [name, ...args] = given.args
  const items = itemsOf(value)
  if (name === undefined) {
    const [attribute, fallback] = bindArguments("the filter 'map'", mapSignature, given)
    if (attribute === undefined) throw badValue("the filter 'map' needs the name of a filter, or attribute=")
    return items.map(attributeReader(attribute, fallback))
  }
  const filterName = textArgument(name)
  return items.map((item) => context.filter(filterName, item, { args, kwargs: given.kwargs }))
}

function pick(
  value: Value,
  given: Given,
  context: FilterContext,
  { keep, byAttribute = false }: { readonly keep: boolean; readonly byAttribute?: boolean },
): Value[] {
  const [attribute, ...afterAttribute] = given.args
  if (byAttribute && attribute === undefined) throw badValue('the name of an attribute is needed')
  const read = byAttribute ? attributeReader(attribute ?? '') : (item: Value) => item
  const [test, ...args] = byAttribute ? afterAttribute : given.args
  const passes = (item: Value) =>
    test === undefined ? truthy(item) : context.test(textArgument(test), item, { args, kwargs: given.kwargs })
  return itemsOf(value).filter((item) => passes(read(item)) === keep)
}
