import { templateDiagnostic } from '../diagnostics.js'
import type { FilterContext } from '../library/filter.js'
import { filters } from '../library/filters.js'
import { callMethod, lookupAttribute } from '../library/lookup.js'
import type { Given } from '../library/signature.js'
import { type TestContext, valueTests } from '../library/value-tests.js'
import type { Arguments, CallExpression, Expression, FilterExpression, TestExpression } from '../tree.js'
import { Undefined, type Value } from '../types.js'
import { itemsOf } from '../values/iterate.js'
import { kindName } from '../values/kinds.js'
import { orElse } from '../values/or-else.js'
import { badValue, needKnown, undefinedFault, ValueFault } from '../values/value-fault.js'
import type { CallSite } from './call-places.js'
import { calleeLength, describe } from './describe.js'
import { evaluate, missing } from './evaluate.js'
import { reportAt, reportFault } from './faults.js'
import { lookupName } from './names.js'
import type { Scope } from './scope.js'
import { failed } from './signals.js'
import { TemplateCall } from './template-call.js'

/** The value of `f(…)`. */
export function evaluateCall(node: CallExpression, scope: Scope, extra?: ReadonlyMap<string, Value>): Value {
  const target = evaluateCallee(node.fn, scope)
  const given = evaluateArguments(node, scope)
  if (target === failed || given === undefined) return failed
  if (extra !== undefined) for (const [name, value] of extra) given.kwargs.set(name, value)
  return guarded(scope, node, given, () => {
    if (target instanceof MethodTarget) {
      return orElse(callMethod(target.self, target.name, given), () => callValue(target.lookup(), node, scope, given))
    }
    return callValue(target, node, scope, given)
  })
}

/** A method that is called at once, so that no function need be made for it. */
class MethodTarget {
  readonly self: Value
  readonly name: string
  readonly node: Expression
  constructor(self: Value, name: string, node: Expression) {
    this.self = self
    this.name = name
    this.node = node
  }
  lookup(): Value {
    return orElse(lookupAttribute(this.self, this.name), () => missing(this.node, this.self, this.name))
  }
}

function evaluateCallee(fn: Expression, scope: Scope): Value | MethodTarget {
  if (fn.k !== 'attr') return evaluate(fn, scope)
  const self = evaluate(fn.of, scope)
  return self === failed ? failed : new MethodTarget(self, fn.name, fn)
}

interface Evaluated extends Given {
  readonly args: Value[]
  readonly kwargs: Map<string, Value>
  /** What stands in front of the bar or of `is`. */
  readonly input?: Value
}

/** All arguments; undefined when one has a fault, after all of them were tried. */
function evaluateArguments(node: Arguments, scope: Scope): Evaluated | undefined {
  const args = node.args.map((arg) => evaluate(arg, scope))
  const kwargs = new Map<string, Value>()
  for (const [name, value] of node.kwargs ?? []) kwargs.set(name, evaluate(value, scope))
  let isComplete = !args.includes(failed) && ![...kwargs.values()].includes(failed)
  if (node.star !== undefined)
    isComplete = spread(node.star, scope, (value) => args.push(...itemsOf(value))) && isComplete
  if (node.starKw !== undefined)
    isComplete = spread(node.starKw, scope, (value) => spreadNames(value, kwargs)) && isComplete
  return isComplete ? { args, kwargs } : undefined
}

function spread(node: Expression, scope: Scope, add: (value: Value) => unknown): boolean {
  const value = evaluate(node, scope)
  if (value === failed) return false
  try {
    add(value)
    return true
  } catch (fault) {
    if (!(fault instanceof ValueFault)) throw fault
    reportFault(scope, node, [], fault)
    return false
  }
}

function spreadNames(value: Value, kwargs: Map<string, Value>): void {
  needKnown(value, 'spread')
  if (!(value instanceof Map)) throw badValue(`'**' needs a dict, not ${kindName(value)}`)
  for (const [name, item] of value) {
    if (typeof name !== 'string') throw badValue(`'**' needs names as keys, found ${kindName(name)}`)
    kwargs.set(name, item)
  }
}

function callValue(target: Value, node: CallExpression, scope: Scope, given: Evaluated): Value {
  if (typeof target === 'function') {
    const site = { at: node.at, length: calleeLength(node.fn), given: node }
    return target(new TemplateCall(scope, site, given.args, given.kwargs))
  }
  const what = describe(node.fn)
  // A missing function is the name's fault, not the whole call's.
  if (target instanceof Undefined) return reportFault(scope, node.fn, [], undefinedFault(target, 'called'))
  needKnown(target, 'called')
  return reportAt(
    scope,
    node.fn,
    templateDiagnostic('not-callable', { what, type: kindName(target) }),
    calleeLength(node.fn),
  )
}

/** Runs a call; a fault is reported at the argument that is to blame, else at the call. */
function guarded(scope: Scope, node: Arguments & { readonly at: number }, given: Evaluated, run: () => Value): Value {
  try {
    return run()
  } catch (fault) {
    if (!(fault instanceof ValueFault)) throw fault
    const named = node.kwargs?.find(([name]) => name === fault.keyword)
    if (named !== undefined) return reportAt(scope, { at: named[2] }, fault.diagnostic, named[0].length)
    return reportFault(scope, node, operandsOf(node, given), fault)
  }
}

function operandsOf(node: Arguments & { readonly of?: Expression }, given: Evaluated): [Expression, Value][] {
  const operands: [Expression, Value][] = []
  if (node.of !== undefined && given.input !== undefined) operands.push([node.of, given.input])
  node.args.forEach((arg, i) => {
    operands.push([arg, given.args[i] ?? null])
  })
  for (const [name, value] of node.kwargs ?? []) operands.push([value, given.kwargs.get(name) ?? null])
  return operands
}

/** The value of `x | name(…)`. */
export function evaluateFilter(node: FilterExpression, scope: Scope): Value {
  const isSoft = (node.name === 'default' || node.name === 'd') && node.of.k === 'name'
  const value = isSoft ? softName(node.of, scope) : evaluate(node.of, scope)
  const given = evaluateArguments(node, scope)
  if (value === failed || given === undefined) return failed
  return guarded(scope, node, { ...given, input: value }, () =>
    applyFilter({ scope, site: siteOf(node) }, node.name, value, given),
  )
}

/** The value of `x is name(…)`. */
export function evaluateTest(node: TestExpression, scope: Scope): Value {
  const isSoft = (node.name === 'defined' || node.name === 'undefined') && node.of.k === 'name'
  const value = isSoft ? softName(node.of, scope) : evaluate(node.of, scope)
  const given = evaluateArguments(node, scope)
  if (value === failed || given === undefined) return failed
  return guarded(scope, node, { ...given, input: value }, () => {
    return applyTest({ scope, site: siteOf(node) }, node.name, value, given) !== (node.not === true)
  })
}

/** The value of a name that may be unknown. */
function softName(node: Expression, scope: Scope): Value {
  if (node.k !== 'name') return evaluate(node, scope)
  return orElse(lookupName(scope, node.v), () => new Undefined(`'${node.v}'`))
}

interface Place {
  readonly scope: Scope
  readonly site: CallSite
}

function siteOf(node: FilterExpression | TestExpression): CallSite {
  const { args, kwargs, at, name, of } = node
  // A function used as a filter gets the value as its first argument.
  return { at, length: name.length, given: { args: [of, ...args], ...(kwargs && { kwargs }) } }
}

function applyFilter(place: Place, name: string, value: Value, given: Given): Value {
  const filter = filters.get(name)
  if (filter !== undefined) return filter(value, given, contextOf(place))
  const fn = lookupName(place.scope, name)
  if (typeof fn === 'function') {
    return fn(new TemplateCall(place.scope, place.site, [value, ...given.args], given.kwargs))
  }
  throw new ValueFault(templateDiagnostic('unknown-filter', { name, known: filters.keys() }))
}

function applyTest(place: Place, name: string, value: Value, given: Given): boolean {
  const test = valueTests.get(name)
  if (test === undefined) throw new ValueFault(templateDiagnostic('unknown-test', { name, known: valueTests.keys() }))
  return test(value, given, contextOf(place))
}

function contextOf(place: Place): FilterContext & TestContext {
  return {
    filter: (name, value, given) => applyFilter(place, name, value, given),
    test: (name, value, given) => applyTest(place, name, value, given),
    isFilter: (name) => filters.has(name),
    isTest: (name) => valueTests.has(name),
  }
}
