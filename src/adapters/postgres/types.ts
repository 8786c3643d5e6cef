import { type InferredTypes, inferColumn as inferByKind } from '../infer-column.js'
import { intervalText } from '../lookback.js'
import { quoteText } from '../names.js'
import { canonicalType, integerBits, numericParts, secondDigits } from './canonical-type.js'

/** The type of a column of JavaScript values. */
export function inferColumn(values: readonly unknown[]): string {
  return inferByKind(values, inferredTypes)
}

const inferredTypes: InferredTypes = {
  integer: 'bigint',
  bigint: 'bigint',
  hugeint: 'numeric',
  double: 'double precision',
  boolean: 'boolean',
  time: 'timestamp without time zone',
  bytes: 'bytea',
  // Plain json has no equality, so rows could not be compared.
  nested: 'jsonb',
  text: 'text',
}

/** A text value, as the engine prints it, as a literal of a type. */
export function literal(value: string, type: string): string {
  const canonical = canonicalType(type)
  if (canonical === 'text') return quoteText(value)
  if (canonical === 'boolean' && /^(?:true|false)$/.test(value)) return value
  if (canonical === 'bigint' && /^-?\d{1,19}$/.test(value)) return `cast(${quoteText(value)} as bigint)`
  if (canonical === 'integer' && /^-?\d{1,9}$/.test(value)) return value.startsWith('-') ? `(${value})` : value
  return `cast(${quoteText(value)} as ${type})`
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
  if (isTime(canonical) || /^(?:real|double precision)$/.test(canonical)) return `cast('-infinity' as ${canonical})`
  const numeric = numericParts(canonical)
  if (numeric !== undefined) return `cast('-${nines(numeric.precision, numeric.scale)}' as ${canonical})`
  if (canonical === 'numeric') return "cast('-infinity' as numeric)"
  const smallest = minima[canonical] ?? (/^character varying/.test(canonical) ? '' : undefined)
  return smallest === undefined ? `cast(null as ${type})` : `cast(${quoteText(smallest)} as ${canonical})`
}

function nines(precision: number, scale: number): string {
  if (scale <= 0) return '9'.repeat(precision) + '0'.repeat(-scale)
  const digits = '9'.repeat(precision).padStart(scale + 1, '0')
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const minima: Readonly<Record<string, string>> = {
  text: '',
  bytea: '',
  boolean: 'false',
  'time without time zone': '00:00:00',
  uuid: '00000000-0000-0000-0000-000000000000',
}

function isTime(canonical: string): boolean {
  return canonical === 'date' || canonical.startsWith('timestamp')
}

/**
 * `literal - lookback` as a constant expression that is never below the type's minimum: a duration from dates and
 * timestamps, a number from numbers. A date stays a date, rounded down. Undefined when the type cannot take it.
 */
export function minus(literalText: string, type: string, lookback: string | number): string | undefined {
  const canonical = canonicalType(type)
  if (isTime(canonical)) {
    const interval = typeof lookback === 'string' ? intervalText(lookback) : undefined
    if (interval === undefined) return undefined
    if (literalText === minimum(type)) return literalText
    const difference = `${literalText} - interval ${quoteText(withoutQuarters(interval))}`
    return canonical === 'date' ? `cast(${difference} as date)` : `(${difference})`
  }
  const amount = String(lookback).trim()
  if (!/^\d+(?:\.\d+)?$/.test(amount)) return undefined
  return numberMinus(literalText, canonical, amount)
}

/** Postgres' intervals have no quarters. */
function withoutQuarters(interval: string): string {
  return interval.replace(/(\d+) quarters?/g, (_, count: string) => `${BigInt(count) * 3n} months`)
}

function numberMinus(literalText: string, canonical: string, amount: string): string | undefined {
  const bits = integerBits[canonical]
  if (bits !== undefined) {
    const value = /^\(?(-?\d+)\)?$/.exec(literalText)?.[1] ?? /^cast\('(-?\d+)' as /.exec(literalText)?.[1]
    if (value === undefined) return undefined
    const least = -(2n ** BigInt(bits - 1))
    // A fraction is rounded up: looking back a little further is harmless, the other way loses rows.
    const difference = BigInt(value) - BigInt(Math.ceil(Number(amount)))
    return literal(String(difference < least ? least : difference), canonical)
  }
  if (!/^(?:numeric|real|double precision)/.test(canonical)) return undefined
  return literalText === minimum(canonical) ? literalText : `(${literalText} - ${amount})`
}

/** Whether two names are the same type. */
export function sameType(a: string, b: string): boolean {
  // Of unlimited length both hold the same values.
  const [one, other] = [a, b].map((type) => canonicalType(type).replace(/^character varying$/, 'text'))
  return one === other
}

/** Whether every value of `from` is a value of `to`, unchanged. */
export function widens(from: string, to: string): boolean {
  const a = canonicalType(from)
  const b = canonicalType(to)
  if (a === b) return true
  if (a.endsWith('[]') && b.endsWith('[]')) return widens(a.slice(0, -2), b.slice(0, -2))
  if (a === 'date') return b === 'timestamp without time zone'
  if (a === 'real') return b === 'double precision'
  const [time, wider] = [secondDigits(a), secondDigits(b)]
  if (time !== undefined && wider !== undefined) return time.kind === wider.kind && time.digits <= wider.digits
  return textWidens(a, b) || numberWidens(a, b)
}

/** Text of any length and longer limits; blank-padded characters are another matter. */
function textWidens(a: string, b: string): boolean {
  const from = /^character varying(?:\((\d+)\))?$/.exec(a)
  if (from === null) return a === 'text' && b === 'character varying'
  if (b === 'text' || b === 'character varying') return true
  const to = /^character varying\((\d+)\)$/.exec(b)
  return to !== null && from[1] !== undefined && Number(from[1]) <= Number(to[1])
}

/** Whole numbers of so many bits are exact in them. */
const exactBits: Readonly<Record<string, number>> = { real: 24, 'double precision': 53 }

function numberWidens(a: string, b: string): boolean {
  const bits = integerBits[a]
  const wide = numericParts(b)
  if (bits !== undefined) {
    if (b === 'numeric') return true
    if (wide !== undefined)
      return wide.scale >= 0 && wide.precision - wide.scale >= String(2n ** BigInt(bits - 1)).length
    return bits <= (integerBits[b] ?? exactBits[b] ?? 0)
  }
  const narrow = numericParts(a)
  if (narrow === undefined) return false
  if (b === 'numeric') return true
  return (
    wide !== undefined && wide.scale >= narrow.scale && wide.precision - wide.scale >= narrow.precision - narrow.scale
  )
}
