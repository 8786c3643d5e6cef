import { assertNever } from '../../core/index.js'
import { templateDiagnostic } from '../diagnostics.js'
import { attributeNames, lookupAttribute, lookupItem, slice } from '../library/lookup.js'
import type {
  AttributeExpression,
  BinaryExpression,
  CompareExpression,
  CompareOperator,
  ConditionalExpression,
  DictExpression,
  Expression,
  ItemExpression,
  NumberLiteral,
  SliceExpression,
  UnaryExpression,
} from '../tree.js'
import { Float, Rope, Tuple, Undefined, type Value } from '../types.js'
import { calculate, negate } from '../values/arithmetic.js'
import { equals, order, setKey } from '../values/compare.js'
import { contains, truthy } from '../values/iterate.js'
import { isNumber } from '../values/kinds.js'
import { orElse } from '../values/or-else.js'
import { joinTexts, nothing, printValue } from '../values/print-value.js'
import { badValue, undefinedFault } from '../values/value-fault.js'
import { evaluateCall, evaluateFilter, evaluateTest } from './calls.js'
import { describe } from './describe.js'
import { attempt, nearest, reportAt } from './faults.js'
import { knownNames, lookupName } from './names.js'
import type { Scope } from './scope.js'
import { failed } from './signals.js'

/** The variable that holds what the body of a `filter` or `set` block printed; no template can name it. */
export const bodyVariable = '{body}'

/** The value of an expression. A fault is reported at its place, and the value is then `failed`. */
export function evaluate(node: Expression, scope: Scope): Value {
  switch (node.k) {
    case 'str':
    case 'const':
      return node.v
    case 'int':
    case 'float':
    case 'bigint':
      return numberOf(node)
    case 'name':
      return orElse(lookupName(scope, node.v), () => unknownName(node, scope))
    case 'list':
    case 'tuple':
      return evaluateItems(node, scope)
    case 'dict':
      return evaluateDict(node, scope)
    case 'attr':
      return evaluateAttribute(node, scope)
    case 'item':
      return evaluateItem(node, scope)
    case 'slice':
      return evaluateSlice(node, scope)
    case 'call':
      return evaluateCall(node, scope)
    case 'filter':
      return evaluateFilter(node, scope)
    case 'test':
      return evaluateTest(node, scope)
    case 'body':
      return scope.get(bodyVariable) ?? failed
    default:
      return evaluateOperation(node, scope)
  }
}

type Operation = Extract<Expression, { k: 'cond' | 'and' | 'or' | 'not' | 'neg' | 'pos' | 'bin' | 'concat' | 'cmp' }>

function evaluateOperation(node: Operation, scope: Scope): Value {
  switch (node.k) {
    case 'cond':
      return evaluateConditional(node, scope)
    case 'and':
    case 'or':
      return evaluateLogic(node.k, node, scope)
    case 'not': {
      const isTrue = evaluateTruth(node.a, scope)
      return isTrue === undefined ? failed : !isTrue
    }
    case 'neg':
    case 'pos':
      return evaluateSign(node, scope)
    case 'bin':
      return evaluateBinary(node, scope)
    case 'concat':
      return evaluateConcat(node.items, scope)
    case 'cmp':
      return evaluateComparison(node, scope)
    default:
      return assertNever(node)
  }
}

/** Whether a condition holds; undefined when it has a fault, which is then reported. */
export function evaluateTruth(node: Expression, scope: Scope): boolean | undefined {
  const value = evaluate(node, scope)
  if (typeof value === 'boolean') return value
  return value === failed ? undefined : truthOf(value, node, scope)
}

function truthOf(value: Value, node: Expression, scope: Scope): boolean | undefined {
  const result = attempt(scope, node, [[node, value]], () => truthy(value))
  return typeof result === 'boolean' ? result : undefined
}

function numberOf(node: NumberLiteral): Value {
  if (node.k === 'int') return Number(node.v)
  return node.k === 'float' ? new Float(Number(node.v)) : BigInt(node.v)
}

function unknownName(node: { readonly v: string; readonly at: number }, scope: Scope): Value {
  return reportAt(
    scope,
    node,
    templateDiagnostic('unknown-name', { name: node.v, known: knownNames(scope) }),
    node.v.length,
  )
}

function evaluateItems(node: Extract<Expression, { k: 'list' | 'tuple' }>, scope: Scope): Value {
  const items = node.items.map((item) => evaluate(item, scope))
  if (items.includes(failed)) return failed
  return node.k === 'list' ? items : new Tuple(items)
}

function evaluateDict(node: DictExpression, scope: Scope): Value {
  const dict = new Map<Value, Value>()
  let isComplete = true
  for (const [keyNode, valueNode] of node.entries) {
    const key = evaluate(keyNode, scope)
    const value = evaluate(valueNode, scope)
    if (key === failed || value === failed) isComplete = false
    else if (typeof key === 'string') dict.set(key, value)
    else if (!setKeyOf(keyNode, key, value, { dict, scope })) isComplete = false
  }
  return isComplete ? dict : failed
}

function setKeyOf(
  node: Expression,
  key: Value,
  value: Value,
  { dict, scope }: { readonly dict: Map<Value, Value>; readonly scope: Scope },
): boolean {
  const done = attempt(scope, node, [], () => {
    setKey(dict, key, value)
    return null
  })
  return done !== failed
}

function evaluateAttribute(node: AttributeExpression, scope: Scope): Value {
  const of = evaluate(node.of, scope)
  if (of === failed) return failed
  return attempt(scope, node, [[node.of, of]], () =>
    orElse(lookupAttribute(of, node.name), () => missing(node, of, node.name)),
  )
}

function evaluateItem(node: ItemExpression, scope: Scope): Value {
  const of = evaluate(node.of, scope)
  const key = evaluate(node.key, scope)
  if (of === failed || key === failed) return failed
  const operands: [Expression, Value][] = [
    [node.of, of],
    [node.key, key],
  ]
  return attempt(scope, node, operands, () => orElse(lookupItem(of, key), () => missing(node, of, key)))
}

/** The value of a lookup that finds nothing. */
export function missing(node: Expression, of: Value, key: Value): Undefined {
  return new Undefined(describe(node), typeof key === 'string' ? nearest(key, attributeNames(of)) : undefined)
}

function evaluateSlice(node: SliceExpression, scope: Scope): Value {
  const of = evaluate(node.of, scope)
  const bounds = [node.start, node.stop, node.step].map((bound) =>
    bound === undefined ? undefined : evaluate(bound, scope),
  )
  if (of === failed || bounds.includes(failed)) return failed
  return attempt(scope, node, [[node.of, of]], () => slice(of, bounds))
}

function evaluateConditional(node: ConditionalExpression, scope: Scope): Value {
  const isTrue = evaluateTruth(node.test, scope)
  if (isTrue === undefined) return failed
  if (isTrue) return evaluate(node.value, scope)
  return node.otherwise === undefined ? nothing : evaluate(node.otherwise, scope)
}

function evaluateLogic(k: 'and' | 'or', node: { readonly a: Expression; readonly b: Expression }, scope: Scope): Value {
  const a = evaluate(node.a, scope)
  if (a === failed) return failed
  const isTrue = truthOf(a, node.a, scope)
  if (isTrue === undefined) return failed
  return isTrue === (k === 'and') ? evaluate(node.b, scope) : a
}

function evaluateSign(node: UnaryExpression, scope: Scope): Value {
  const value = evaluate(node.a, scope)
  if (value === failed) return failed
  return attempt(scope, node, [[node.a, value]], () => {
    if (node.k === 'neg') return negate(value)
    if (value instanceof Undefined) throw undefinedFault(value, 'calculated with')
    if (!isNumber(value)) throw badValue("only a number can have the sign '+'")
    return typeof value === 'boolean' ? Number(value) : value
  })
}

function evaluateBinary(node: BinaryExpression, scope: Scope): Value {
  const a = evaluate(node.a, scope)
  const b = evaluate(node.b, scope)
  if (a === failed || b === failed) return failed
  const operands: [Expression, Value][] = [
    [node.a, a],
    [node.b, b],
  ]
  return attempt(scope, node, operands, () => calculate(node.op, a, b))
}

function evaluateConcat(items: readonly Expression[], scope: Scope): Value {
  const parts: (string | Rope)[] = []
  let isComplete = true
  for (const item of items) {
    const value = evaluate(item, scope)
    const printed = value === failed ? failed : attempt(scope, item, [], () => joinable(value))
    if (typeof printed === 'string' || printed instanceof Rope) parts.push(printed)
    else isComplete = false
  }
  return isComplete ? joinTexts(parts) : failed
}

function joinable(value: Value): string | Rope {
  if (value instanceof Undefined && value !== nothing) throw undefinedFault(value, 'joined')
  return printValue(value)
}

function evaluateComparison(node: CompareExpression, scope: Scope): Value {
  let left: Expression = node.a
  let a = evaluate(node.a, scope)
  let result: Value = true
  for (const [op, right] of node.ops) {
    const b = evaluate(right, scope)
    if (a === failed || b === failed) return failed
    const operands: [Expression, Value][] = [
      [left, a],
      [right, b],
    ]
    const before = a
    result = attempt(scope, { at: left === node.a ? node.at : left.at }, operands, () => compare(op, before, b))
    if (result !== true) return result
    left = right
    a = b
  }
  return result
}

function compare(op: CompareOperator, a: Value, b: Value): boolean {
  switch (op) {
    case '==':
      return equals(a, b)
    case '!=':
      return !equals(a, b)
    case 'in':
      return contains(b, a)
    case 'not in':
      return !contains(b, a)
    case '<':
      return order(a, b) < 0
    case '<=':
      return order(a, b) <= 0
    case '>':
      return order(a, b) > 0
    case '>=':
      return order(a, b) >= 0
    default:
      return assertNever(op)
  }
}
