import { type InferredTypes, inferColumn as inferType } from '../infer-column.js'
import { intervalText } from '../lookback.js'
import { quoteText } from './names.js'
import { canonicalType, decimalParts, integerBits, parseType } from './type-names.js'

const timeTypes = ['date', 'timestamp', 'timestamp_ntz']

/** A text value, as the engine prints it, as a literal of a type. */
export function literal(value: string, type: string): string {
  const canonical = canonicalType(type)
  if (timeTypes.includes(canonical)) return `${canonical} ${quoteText(value)}`
  if (canonical === 'string') return quoteText(value)
  if (canonical === 'boolean' && /^(?:true|false)$/.test(value)) return value
  if (canonical === 'int' && /^-?\d{1,9}$/.test(value)) return signed(value)
  if (canonical === 'bigint' && /^-?\d{1,18}$/.test(value)) return signed(`${value}L`)
  return `cast(${quoteText(value)} as ${canonical})`
}

/** A bare minus could make a comment with one before it. */
function signed(number: string): string {
  return number.startsWith('-') ? `(${number})` : number
}

/** A text cell as a JavaScript value of its type; types without one stay text. */
export function hostValue(cell: string, type: string): unknown {
  const canonical = canonicalType(type)
  if (canonical === 'boolean') return cell === 'true'
  if (!(canonical in integerBits)) return cell
  const number = Number(cell)
  return Number.isSafeInteger(number) ? number : BigInt(cell)
}

/** The smallest value of a type, as a literal; `cast(null as …)` for types without an order. */
export function minimum(type: string): string {
  const canonical = canonicalType(type)
  const bits = integerBits[canonical]
  if (bits !== undefined) return `cast('-${2n ** BigInt(bits - 1)}' as ${canonical})`
  const decimal = decimalParts(canonical)
  if (decimal !== undefined) {
    const nines = '9'.repeat(decimal.precision).padStart(decimal.scale + 1, '0')
    const point = nines.length - decimal.scale
    const digits = decimal.scale === 0 ? nines : `${nines.slice(0, point)}.${nines.slice(point)}`
    return `cast('-${digits}' as ${canonical})`
  }
  if (timeTypes.includes(canonical)) {
    return canonical === 'date' ? "date '0001-01-01'" : `${canonical} '0001-01-01 00:00:00'`
  }
  const smallest = minima[canonical]
  return smallest === undefined ? `cast(null as ${canonical})` : `cast(${quoteText(smallest)} as ${canonical})`
}

const minima: Readonly<Record<string, string>> = {
  double: '-Infinity',
  float: '-Infinity',
  string: '',
  binary: '',
  boolean: 'false',
}

/**
 * `literal - lookback` as a constant expression: a duration (`3 days`, `12 hours`, `1 day 6 hours`) from dates and
 * timestamps, a number from numbers. A date stays a date, rounded down. Undefined when the type cannot take it.
 */
export function minus(literalText: string, type: string, lookback: string | number): string | undefined {
  const canonical = canonicalType(type)
  if (timeTypes.includes(canonical)) {
    const interval = typeof lookback === 'string' ? intervalText(lookback) : undefined
    if (interval === undefined) return undefined
    // Below the type's minimum there is nothing to look back to.
    if (literalText === minimum(canonical)) return literalText
    const from = canonical === 'date' ? `cast(${literalText} as timestamp_ntz)` : literalText
    const difference = `${from} - interval ${inMonths(interval)}`
    return canonical === 'date' ? `cast(${difference} as date)` : `(${difference})`
  }
  const amount = String(lookback).trim()
  return /^\d+(?:\.\d+)?$/.test(amount) ? numberMinus(literalText, canonical, amount) : undefined
}

/** The engine knows no quarters. */
function inMonths(interval: string): string {
  return interval.replace(/(\d+) quarters?/g, (_, count: string) => `${Number(count) * 3} months`)
}

function numberMinus(literalText: string, canonical: string, amount: string): string | undefined {
  const bits = integerBits[canonical]
  if (bits !== undefined) {
    const value = /^\(?(-?\d+)L?\)?$/.exec(literalText)?.[1] ?? /^cast\('(-?\d+)' as /.exec(literalText)?.[1]
    if (value === undefined) return undefined
    // A fraction is rounded up: looking back a little further is harmless, the other way loses rows.
    const difference = BigInt(value) - BigInt(Math.ceil(Number(amount)))
    const least = -(2n ** BigInt(bits - 1))
    return `cast('${difference < least ? least : difference}' as ${canonical})`
  }
  if (decimalParts(canonical) === undefined && canonical !== 'double' && canonical !== 'float') return undefined
  return literalText === minimum(canonical) ? literalText : `(${literalText} - ${amount})`
}

/** Whether two names are the same type. */
export function sameType(a: string, b: string): boolean {
  return canonicalType(a) === canonicalType(b)
}

/** Whether every value of `from` is a value of `to`, unchanged. */
export function widens(from: string, to: string): boolean {
  const [a, b] = [parseType(from), parseType(to)]
  if (sameType(from, to)) return true
  if (a.name === 'date') return b.name === 'timestamp' || b.name === 'timestamp_ntz'
  if (a.name === 'float') return b.name === 'double'
  if (a.name === 'varchar' || a.name === 'char') {
    return b.name === 'string' || (b.name === 'varchar' && (b.numbers[0] ?? 0) >= (a.numbers[0] ?? 0))
  }
  return numberWidens(from, to)
}

function numberWidens(from: string, to: string): boolean {
  const bits = integerBits[parseType(from).name]
  const wide = decimalParts(to)
  if (bits === undefined) {
    const narrow = decimalParts(from)
    if (narrow === undefined || wide === undefined) return false
    return wide.scale >= narrow.scale && wide.precision - wide.scale >= narrow.precision - narrow.scale
  }
  if (wide !== undefined) return wide.precision - wide.scale >= String(2n ** BigInt(bits - 1)).length
  const { name } = parseType(to)
  return (integerBits[name] ?? exactBits[name] ?? 0) >= bits
}

/** Whole numbers of so many bits are exact. */
const exactBits: Readonly<Record<string, number>> = { double: 32, float: 16 }

const typesOfValues: InferredTypes = {
  integer: 'bigint',
  bigint: 'bigint',
  hugeint: 'decimal(38,0)',
  double: 'double',
  boolean: 'boolean',
  time: 'timestamp',
  bytes: 'binary',
  nested: 'string',
  text: 'string',
}

/** The type of a column from the JavaScript values in it; objects and lists become their JSON. */
export function inferColumn(values: readonly unknown[]): string {
  return inferType(values, typesOfValues)
}
