import { spanAt } from '../places.js'
import type { ForNode } from '../tree.js'
import { type Call, Undefined, type Value } from '../types.js'
import { Attributes } from '../values/collections.js'
import { equals } from '../values/compare.js'
import { itemsOf } from '../values/iterate.js'
import { orElse } from '../values/or-else.js'
import { badValue, ValueFault } from '../values/value-fault.js'
import { assign } from './assign.js'
import { evaluate, evaluateTruth } from './evaluate.js'
import { execute } from './execute.js'
import { reportFault } from './faults.js'
import { type Output, TextOutput } from './output.js'
import type { Scope } from './scope.js'
import { failed } from './signals.js'

/** Renders a loop. */
export function executeFor(node: ForNode, scope: Scope, out: Output): void {
  const iterated = evaluate(node.iter, scope)
  if (iterated === failed) return
  try {
    loopOver(node, itemsOf(iterated), scope, { out, depth: 0 })
  } catch (fault) {
    if (!(fault instanceof ValueFault)) throw fault
    reportFault(scope, node.iter, [], fault)
  }
}

interface Level {
  readonly out: Output
  readonly depth: number
}

function loopOver(node: ForNode, all: readonly Value[], scope: Scope, level: Level): void {
  const items = node.cond === undefined ? [...all] : chosen(node, node.cond, all, scope)
  if (items.length === 0) {
    if (node.otherwise !== undefined) execute(node.otherwise, scope.inner(), level.out)
    return
  }
  const state: LoopState = {
    items,
    index: 0,
    depth: level.depth,
    last: undefined,
    recurse: recursion(node, scope, level.depth),
  }
  const loop = loopObject(state)
  for (const item of items) {
    const inner = scope.inner()
    inner.set('loop', loop)
    assign(node.target, item, inner)
    if (execute(node.body, inner, level.out) === 'break') break
    state.index++
  }
}

function chosen(node: ForNode, cond: NonNullable<ForNode['cond']>, all: readonly Value[], scope: Scope): Value[] {
  return all.filter((item) => {
    const inner = scope.inner()
    assign(node.target, item, inner)
    return evaluateTruth(cond, inner) === true
  })
}

interface LoopState {
  readonly items: readonly Value[]
  index: number
  readonly depth: number
  last: readonly Value[] | undefined
  readonly recurse: ((call: Call) => Value) | undefined
}

/** `loop(children)` of a recursive loop: the same loop over other items, as text. */
function recursion(node: ForNode, scope: Scope, depth: number): LoopState['recurse'] {
  if (node.recursive !== true) return undefined
  return ({ args, span }) => {
    const [items] = args
    if (items === undefined) throw badValue('loop() needs the items to go on with')
    const out = new TextOutput()
    scope.frame.run.called(span ?? spanAt(scope.frame.file, node.at), 'loop()', () =>
      loopOver(node, itemsOf(items), scope, { out, depth: depth + 1 }),
    )
    return out.result()
  }
}

const counters: ReadonlyMap<string, (state: LoopState) => Value> = new Map<string, (state: LoopState) => Value>([
  ['index', ({ index }) => index + 1],
  ['index0', ({ index }) => index],
  ['revindex', ({ index, items }) => items.length - index],
  ['revindex0', ({ index, items }) => items.length - index - 1],
  ['first', ({ index }) => index === 0],
  ['last', ({ index, items }) => index === items.length - 1],
  ['length', ({ items }) => items.length],
  ['depth', ({ depth }) => depth + 1],
  ['depth0', ({ depth }) => depth],
  ['previtem', ({ index, items }) => orElse(items[index - 1], () => new Undefined('loop.previtem of the first item'))],
  ['nextitem', ({ index, items }) => orElse(items[index + 1], () => new Undefined('loop.nextitem of the last item'))],
  ['cycle', (state) => (call: Call) => cycle(state, call)],
  ['changed', (state) => (call: Call) => hasChanged(state, call)],
])

function loopObject(state: LoopState): Value {
  const names = () => counters.keys()
  const object = new Attributes('loop', (name) => counters.get(name)?.(state), names)
  const { recurse } = state
  if (recurse === undefined) return object
  return Object.assign((call: Call) => recurse(call), {
    hostObject: true as const,
    print: () => object.print(),
    get: (name: string) => object.get(name),
    keys: names,
  })
}

function cycle({ index }: LoopState, { args }: Call): Value {
  if (args.length === 0) throw badValue('loop.cycle() needs at least one value')
  return args[index % args.length] ?? null
}

function hasChanged(state: LoopState, { args }: Call): boolean {
  const { last } = state
  state.last = args
  return last === undefined || last.length !== args.length || !args.every((arg, i) => equals(arg, last[i] ?? null))
}
