import { templateDiagnostic } from '../diagnostics.js'
import type { BinaryOperator } from '../tree.js'
import { Float, Rope, Tuple, Undefined, type Value } from '../types.js'
import { PySet } from './collections.js'
import { equals, plainNumber } from './compare.js'
import { formatPercent } from './format-percent.js'
import { isInteger, isNumber, kindName } from './kinds.js'
import { joinTexts } from './print-value.js'
import { badValue, needKnown, undefinedFault, ValueFault } from './value-fault.js'

const maxLength = 50_000_000

/** Python's arithmetic, and `+`, `*`, `%` of text and lists. */
export function calculate(op: BinaryOperator, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const quick = calculateSmall(op, a, b)
    if (quick !== undefined) return quick
  }
  if (op === '+') {
    const joined = addTexts(a, b)
    if (joined !== undefined) return joined
  }
  for (const value of [a, b]) if (value instanceof Undefined) throw undefinedFault(value, 'calculated with')
  if (isNumber(a) && isNumber(b)) return calculateNumbers(op, a, b)
  return calculateOthers(op, a, b)
}

/** Negates a number. */
export function negate(value: Value): Value {
  needKnown(value, 'negated')
  if (!isNumber(value)) throw badValue(`${kindName(value)} cannot be negated`)
  return value instanceof Float ? new Float(-value.value) : integer(-BigInt(plainNumber(value)))
}

/** An integer in its usual form: a number up to 2^53, else a bigint. */
export function integer(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function calculateSmall(op: BinaryOperator, a: number, b: number): number | undefined {
  const result = op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : undefined
  return result !== undefined && Number.isSafeInteger(result) ? result : undefined
}

function addTexts(a: Value, b: Value): Value | undefined {
  if (typeof a === 'string' && typeof b === 'string') return a + b
  const areTexts = [a, b].every((value) => typeof value === 'string' || value instanceof Rope)
  return areTexts ? joinTexts([a as string | Rope, b as string | Rope]) : undefined
}

function calculateNumbers(
  op: BinaryOperator,
  a: number | bigint | Float | boolean,
  b: number | bigint | Float | boolean,
): Value {
  if (op === '/' || a instanceof Float || b instanceof Float) {
    return new Float(calculateFloats(op, Number(plainNumber(a)), Number(plainNumber(b))))
  }
  const [left, right] = [BigInt(plainNumber(a)), BigInt(plainNumber(b))]
  if (op === '**' && right < 0n) return new Float(Number(left) ** Number(right))
  return integer(calculateIntegers(op, left, right))
}

function calculateFloats(op: BinaryOperator, a: number, b: number): number {
  if (b === 0 && (op === '/' || op === '//' || op === '%')) throw divisionByZero()
  if (op === '+') return a + b
  if (op === '-') return a - b
  if (op === '*') return a * b
  if (op === '/') return a / b
  if (op === '**') return a ** b
  const rest = a % b
  const modulo = rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
  return op === '%' ? modulo : Math.round((a - modulo) / b)
}

function calculateIntegers(op: BinaryOperator, a: bigint, b: bigint): bigint {
  if (op === '+') return a + b
  if (op === '-') return a - b
  if (op === '*') return a * b
  if (op === '**') return power(a, b)
  if (b === 0n) throw divisionByZero()
  const rest = a % b
  const modulo = rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest
  return op === '%' ? modulo : (a - modulo) / b
}

function power(a: bigint, b: bigint): bigint {
  if (b > 100_000n) throw badValue(`${a} ** ${b} is too large`)
  return a ** b
}

function divisionByZero(): ValueFault {
  return new ValueFault(templateDiagnostic('division-by-zero', undefined))
}

function calculateOthers(op: BinaryOperator, a: Value, b: Value): Value {
  if (op === '%' && typeof a === 'string') return formatPercent(a, b)
  const combined = op === '*' ? repeatEither(a, b) : op === '+' ? join(a, b) : op === '-' ? subtract(a, b) : undefined
  if (combined !== undefined) return combined
  needKnown(a, 'calculated with')
  needKnown(b, 'calculated with')
  const hint = op === '+' && (typeof a === 'string' || typeof b === 'string') ? 'join text with ~' : undefined
  throw badValue(`'${op}' does not work between ${kindName(a)} and ${kindName(b)}`, hint)
}

function join(a: Value, b: Value): Value | undefined {
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
  return a instanceof Tuple && b instanceof Tuple ? new Tuple([...a.items, ...b.items]) : undefined
}

function subtract(a: Value, b: Value): Value | undefined {
  if (!(a instanceof PySet && b instanceof PySet)) return undefined
  return new PySet(a.items.filter((item) => !b.items.some((other) => equals(item, other))))
}

function repeatEither(a: Value, b: Value): Value | undefined {
  if (isCount(b)) return repeat(a, Number(b))
  return isCount(a) ? repeat(b, Number(a)) : undefined
}

function isCount(value: Value): value is number | bigint | boolean {
  return isInteger(value) || typeof value === 'boolean'
}

function repeat(value: Value, times: number): Value | undefined {
  const count = Math.max(0, times)
  if (typeof value === 'string') {
    if (value.length * count > maxLength) throw badValue('the text would be too long')
    return value.repeat(count)
  }
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined
  if (items === undefined) return undefined
  if (items.length * count > maxLength / 10) throw badValue('the list would be too long')
  const repeated = Array.from({ length: count }, () => items).flat()
  return Array.isArray(value) ? repeated : new Tuple(repeated)
}
