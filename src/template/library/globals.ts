import { ReturnSignal } from '../evaluate/signals.js'
import { type Call, type HostFunction, Tuple, type Value } from '../types.js'
import { Attributes, Namespace, PySet, View } from '../values/collections.js'
import { setKey } from '../values/compare.js'
import { itemsOf } from '../values/iterate.js'
import { textOf } from '../values/print-value.js'
import { badValue } from '../values/value-fault.js'
import { flagArgument, integerArgument, textArgument } from './arguments.js'
import { pairs, unique } from './container-methods.js'
import { readJson, writeJson } from './json.js'
import { bindArguments, signature } from './signature.js'

/** The functions that every template has, beside those of the host. */
export const globals: ReadonlyMap<string, HostFunction> = new Map([
  builtin('range', 'start stop? step?', range),
  ['dict', makeDict],
  ['namespace', (call: Call) => new Namespace(namespaceAttributes(makeDict(call)))],
  ['cycler', cycler],
  builtin('joiner', 'sep?', ([separator = ', ']) => joiner(separator)),
  ['zip', zip],
  builtin('set', 'value default?', ([value = null, fallback = null]) => makeSet(value, fallback)),
  builtin('tojson', 'value default? sort_keys?', toJson),
  builtin('fromjson', 'string default?', fromJson),
  ['return', leave],
])

function builtin(
  name: string,
  spec: string,
  run: (args: readonly (Value | undefined)[]) => Value,
): [string, HostFunction] {
  const parameters = signature(spec)
  return [name, (call) => run(bindArguments(`${name}()`, parameters, call))]
}

const returned = signature('data?')

function leave(call: Call): never {
  const [value = null] = bindArguments('return()', returned, call)
  throw new ReturnSignal(value, call.span)
}

const maxRange = 1_000_000

function range([first, second, third]: readonly (Value | undefined)[]): Value {
  const start = second === undefined ? 0 : integerArgument(first, 0)
  const stop = integerArgument(second === undefined ? first : second, 0)
  const step = integerArgument(third, 1)
  if (step === 0) throw badValue('the step of range() is zero')
  const count = Math.max(0, Math.ceil((stop - start) / step))
  if (count > maxRange) throw badValue(`range() gives at most ${maxRange} numbers, not ${count}`)
  const items = Array.from({ length: count }, (_, i) => start + i * step)
  return new View(items, `range(${start}, ${stop}${step === 1 ? '' : `, ${step}`})`)
}

function makeDict({ args, kwargs }: Call): Map<Value, Value> {
  const dict = new Map<Value, Value>()
  for (const source of args) for (const [key, value] of pairs(source)) setKey(dict, key, value)
  for (const [key, value] of kwargs) dict.set(key, value)
  return dict
}

function namespaceAttributes(dict: Map<Value, Value>): Map<string, Value> {
  return new Map([...dict].map(([key, value]) => [textArgument(key), value]))
}

function cycler({ args }: Call): Value {
  if (args.length === 0) throw badValue('cycler() needs at least one value')
  let index = 0
  const current = () => args[index % args.length] ?? null
  const members: Readonly<Record<string, () => Value>> = {
    next: () => {
      const value = current()
      index++
      return value
    },
    reset: () => {
      index = 0
      return null
    },
  }
  return new Attributes(
    'cycler',
    (name) => (name === 'current' ? current() : members[name]),
    () => ['next', 'current', 'reset'],
  )
}

function joiner(separator: Value): HostFunction {
  let isFirst = true
  return () => {
    const text = isFirst ? '' : separator
    isFirst = false
    return text
  }
}

function zip({ args }: Call): Value {
  const lists = args.map(itemsOf)
  const length = lists.length === 0 ? 0 : Math.min(...lists.map((list) => list.length))
  return Array.from({ length }, (_, i) => new Tuple(lists.map((list) => list[i] ?? null)))
}

function makeSet(value: Value, fallback: Value): Value {
  try {
    return new PySet(unique(itemsOf(value)))
  } catch (fault) {
    if (fallback === null) throw fault
    return fallback
  }
}

function toJson([value = null, fallback, sortKeys]: readonly (Value | undefined)[]): Value {
  try {
    return writeJson(value, { sortKeys: flagArgument(sortKeys) })
  } catch (fault) {
    if (fallback === undefined || fallback === null) throw fault
    return fallback
  }
}

function fromJson([text = '', fallback]: readonly (Value | undefined)[]): Value {
  try {
    return readJson(textOf(text))
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault
    if (fallback === undefined) throw badValue('fromjson() was given text that is no JSON', 'give it a default')
    return fallback
  }
}
