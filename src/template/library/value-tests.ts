import { Float, Rope, Undefined, type Value } from '../types.js'
import { PySet } from '../values/collections.js'
import { equals, order, plainNumber } from '../values/compare.js'
import { contains, itemsOrNone } from '../values/iterate.js'
import { isInteger, isNumber, kindName } from '../values/kinds.js'
import { textOf } from '../values/print-value.js'
import { badValue, needKnown } from '../values/value-fault.js'
import type { FilterContext } from './filter.js'
import { bindArguments, type Given, signature } from './signature.js'

/** A test: takes the value before `is`. `isFilter` and `isTest` know the names of filters and tests. */
export type Test = (value: Value, given: Given, context: TestContext) => boolean

/** What a test may ask of the evaluator. */
export interface TestContext extends FilterContext {
  isFilter(name: string): boolean
  isTest(name: string): boolean
}

type Arguments = readonly (Value | undefined)[]

function test(name: string, spec: string, run: (value: Value, args: Arguments) => boolean): [string, Test] {
  const parameters = signature(spec)
  return [name, (value, given) => run(value, bindArguments(`the test '${name}'`, parameters, given))]
}

function comparison(names: readonly string[], run: (value: Value, other: Value) => boolean): [string, Test][] {
  return names.map((name) => test(name, 'other', (value, [other = null]) => run(value, other)))
}

/** Jinja2's tests by name. */
export const valueTests: ReadonlyMap<string, Test> = new Map([
  test('defined', '', (value) => !(value instanceof Undefined)),
  test('undefined', '', (value) => value instanceof Undefined),
  test('none', '', (value) => value === null),
  test('boolean', '', (value) => typeof value === 'boolean'),
  test('true', '', (value) => value === true),
  test('false', '', (value) => value === false),
  test('integer', '', (value) => isInteger(value)),
  test('float', '', (value) => value instanceof Float),
  test('number', '', (value) => isNumber(value)),
  test('string', '', (value) => typeof value === 'string' || value instanceof Rope),
  test('mapping', '', (value) => value instanceof Map),
  test('iterable', '', (value) => value instanceof Rope || itemsOrNone(value) !== undefined),
  test('sequence', '', isSequence),
  test('callable', '', (value) => typeof value === 'function'),
  test('escaped', '', () => false),
  test(
    'lower',
    '',
    (value) => textOf(value) === textOf(value).toLowerCase() && textOf(value) !== textOf(value).toUpperCase(),
  ),
  test(
    'upper',
    '',
    (value) => textOf(value) === textOf(value).toUpperCase() && textOf(value) !== textOf(value).toLowerCase(),
  ),
  test('odd', '', (value) => remainder(value, 2) === 1),
  test('even', '', (value) => remainder(value, 2) === 0),
  test('divisibleby', 'num', (value, [number = null]) => remainder(value, divisor(number)) === 0),
  test('sameas', 'other', (value, [other = null]) => value === other),
  test('in', 'seq', (value, [container = null]) => contains(container, value)),
  ...comparison(['eq', 'equalto', '=='], equals),
  ...comparison(['ne', '!='], (value, other) => !equals(value, other)),
  ...comparison(['lt', 'lessthan', '<'], (value, other) => order(value, other) < 0),
  ...comparison(['le', '<='], (value, other) => order(value, other) <= 0),
  ...comparison(['gt', 'greaterthan', '>'], (value, other) => order(value, other) > 0),
  ...comparison(['ge', '>='], (value, other) => order(value, other) >= 0),
  ['filter', (value, _given, context) => context.isFilter(textOf(value))],
  ['test', (value, _given, context) => context.isTest(textOf(value))],
])

function isSequence(value: Value): boolean {
  if (value instanceof Rope) return true
  return itemsOrNone(value) !== undefined && !(value instanceof PySet)
}

function remainder(value: Value, by: number): number {
  needKnown(value, 'divided')
  if (!isNumber(value)) throw badValue(`a number is needed, not ${kindName(value)}`)
  const number = plainNumber(value)
  if (typeof number === 'bigint') return Number(((number % BigInt(by)) + BigInt(by)) % BigInt(by))
  return ((number % by) + by) % by
}

function divisor(value: Value): number {
  if (isNumber(value) && Number(plainNumber(value)) !== 0) return Number(plainNumber(value))
  throw badValue('the divisor is a number other than zero')
}
