import { type InferredTypes, inferColumn as inferByKind } from '../infer-column.js'
import { intervalText } from '../lookback.js'
import { quoteText } from '../names.js'
import { canonicalType, decimalParts, integerMinimum, integerTypes } from './type-names.js'

/** The type of a column of JavaScript values. */
export function inferColumn(values: readonly unknown[]): string {
  return inferByKind(values, inferredTypes)
}

const inferredTypes: InferredTypes = {
  integer: 'BIGINT',
  bigint: 'BIGINT',
  hugeint: 'HUGEINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP',
  bytes: 'BLOB',
  nested: 'JSON',
  text: 'VARCHAR',
}

const timeTypes = ['DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS']

/** A text value, as the engine prints it, as a literal of a type. */
export function literal(value: string, type: string): string {
  const canonical = canonicalType(type)
  if (canonical === 'TIMESTAMP WITH TIME ZONE') return `timestamptz ${quoteText(value)}`
  if (timeTypes.includes(canonical) || canonical === 'TIME') return `${canonical.toLowerCase()} ${quoteText(value)}`
  if (canonical === 'VARCHAR') return quoteText(value)
  if (canonical === 'BOOLEAN' && /^(?:true|false)$/.test(value)) return value
  // A longer number than these would be read as DOUBLE; a bare minus could make a comment with one before it.
  if (canonical in integerTypes && /^-?\d{1,38}$/.test(value)) return signed(value)
  if (decimalParts(canonical) !== undefined && /^-?\d+\.\d+$/.test(value) && value.length <= 38) return signed(value)
  return `cast(${quoteText(value)} as ${canonical})`
}

function signed(number: string): string {
  return number.startsWith('-') ? `(${number})` : number
}

/** A text cell as a JavaScript value of its type; types without one stay text. */
export function hostValue(cell: string, type: string): unknown {
  const canonical = canonicalType(type)
  if (canonical === 'BOOLEAN') return cell === 'true'
  if (!(canonical in integerTypes)) return cell
  const number = Number(cell)
  return Number.isSafeInteger(number) ? number : BigInt(cell)
}

/** The smallest value of a type, as a literal; `cast(null as …)` for types without an order. */
export function minimum(type: string): string {
  const canonical = canonicalType(type)
  const integer = integerMinimum(canonical)
  if (integer !== undefined) return `cast(${quoteText(String(integer))} as ${canonical})`
  if (timeTypes.includes(canonical)) return literal('-infinity', canonical)
  const decimal = decimalParts(canonical)
  if (decimal !== undefined) {
    const nines = '9'.repeat(decimal.width).padStart(decimal.scale + 1, '0')
    const point = nines.length - decimal.scale
    return `cast('-${nines.slice(0, point)}${decimal.scale === 0 ? '' : '.'}${nines.slice(point)}' as ${canonical})`
  }
  const smallest = minima[canonical]
  return smallest === undefined ? `cast(null as ${canonical})` : `cast(${quoteText(smallest)} as ${canonical})`
}

const minima: Readonly<Record<string, string>> = {
  DOUBLE: '-inf',
  FLOAT: '-inf',
  VARCHAR: '',
  JSON: '',
  BLOB: '',
  BOOLEAN: 'false',
  TIME: '00:00:00',
  UUID: '00000000-0000-0000-0000-000000000000',
}

/**
 * `literal - lookback` as a constant expression that is never below the type's minimum: a duration (`3 days`, `12 hours`,
 * `1 day 6 hours`) from dates and timestamps, a number from numbers. A date stays a date, rounded down. Undefined when
 * the type cannot take the lookback.
 */
export function minus(literalText: string, type: string, lookback: string | number): string | undefined {
  const canonical = canonicalType(type)
  if (timeTypes.includes(canonical)) {
    const interval = typeof lookback === 'string' ? intervalText(lookback) : undefined
    if (interval === undefined) return undefined
    if (canonical === 'DATE') return `cast(${literalText} - interval ${quoteText(interval)} as date)`
    // Other precisions than microseconds become plain timestamps when an interval is subtracted.
    const difference = `${literalText} - interval ${quoteText(interval)}`
    return canonical.includes('_') ? `cast(${difference} as ${canonical})` : `(${difference})`
  }
  const amount = String(lookback).trim()
  if (!/^\d+(?:\.\d+)?$/.test(amount)) return undefined
  return numberMinus(literalText, canonical, amount)
}

function numberMinus(literalText: string, canonical: string, amount: string): string | undefined {
  const least = integerMinimum(canonical)
  if (least !== undefined) {
    const value = /^\(?(-?\d+)\)?$/.exec(literalText)?.[1] ?? /^cast\('(-?\d+)' as /.exec(literalText)?.[1]
    if (value === undefined) return undefined
    // A fraction is rounded up: looking back a little further is harmless, the other way loses rows.
    const difference = BigInt(value) - BigInt(Math.ceil(Number(amount)))
    return signed(String(difference < least ? least : difference))
  }
  if (decimalParts(canonical) !== undefined || canonical === 'DOUBLE' || canonical === 'FLOAT') {
    return literalText === minimum(canonical) ? literalText : `(${literalText} - ${amount})`
  }
  return undefined
}

/** Whether two names are the same type. */
export function sameType(a: string, b: string): boolean {
  return canonicalType(a) === canonicalType(b)
}

/** Whether every value of `from` is a value of `to`, unchanged. */
export function widens(from: string, to: string): boolean {
  const a = canonicalType(from)
  const b = canonicalType(to)
  if (a === b) return true
  if (a.endsWith('[]') && b.endsWith('[]')) return widens(a.slice(0, -2), b.slice(0, -2))
  if (a === 'DATE') return b === 'TIMESTAMP'
  if (a === 'FLOAT') return b === 'DOUBLE'
  if (a === 'TIMESTAMP_S') return b === 'TIMESTAMP_MS' || b === 'TIMESTAMP'
  if (a === 'TIMESTAMP_MS') return b === 'TIMESTAMP'
  if (a.startsWith('ENUM(')) return b === 'VARCHAR' || enumWidens(a, b)
  return numberWidens(a, b)
}

function enumWidens(a: string, b: string): boolean {
  const valuesOf = (type: string): readonly string[] => type.match(/'(?:[^']|'')*'/g) ?? []
  const wider = valuesOf(b)
  return b.startsWith('ENUM(') && valuesOf(a).every((value) => wider.includes(value))
}

function numberWidens(a: string, b: string): boolean {
  const integer = integerTypes[a]
  if (integer === undefined) return decimalWidens(a, b)
  const magnitude = integer.bits - (integer.signed ? 1 : 0)
  const decimal = decimalParts(b)
  if (decimal !== undefined) return decimal.width - decimal.scale >= String(2n ** BigInt(magnitude)).length
  const wider = integerTypes[b]
  if (wider === undefined) return magnitude <= (exactBits[b] ?? 0)
  return (wider.signed || !integer.signed) && wider.bits - (wider.signed ? 1 : 0) >= magnitude
}

/** Whole numbers of so many bits are exact. */
const exactBits: Readonly<Record<string, number>> = { DOUBLE: 53, FLOAT: 24 }

function decimalWidens(a: string, b: string): boolean {
  const narrow = decimalParts(a)
  const wide = decimalParts(b)
  if (narrow === undefined || wide === undefined) return false
  return wide.scale >= narrow.scale && wide.width - wide.scale >= narrow.width - narrow.scale
}

/** Whether values of a type are points in time: dates and timestamps. */
export function isComparableInTime(type: string): boolean {
  return timeTypes.includes(canonicalType(type))
}
