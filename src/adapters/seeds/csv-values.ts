// What the values of a CSV column can be, as bits; a column's bits are those of all its values.
export const kind = {
  boolean: 1,
  /** Up to 15 digits: exact as a DOUBLE. */
  integer: 2,
  /** More digits, still a BIGINT. */
  long: 4,
  /** A whole number beyond BIGINT. */
  huge: 8,
  /** A DOUBLE gives the same digits again. */
  decimal: 16,
  /** A DOUBLE would lose digits. */
  exact: 32,
  exponent: 64,
  date: 128,
  timestamp: 256,
  timestampTz: 512,
  text: 1024,
} as const

const decimalDigits = 38

/** What is known of a column: the kinds of its values, and the most digits before and behind the decimal point. */
export interface ColumnShape {
  readonly kinds: number
  readonly whole: number
  readonly scale: number
}

/** The narrowest type that holds every value without losing a digit. */
export function typeOf({ kinds, whole, scale }: ColumnShape): string {
  const only = (...allowed: readonly number[]) =>
    kinds !== 0 && (kinds & ~allowed.reduce((all, bit) => all | bit, 0)) === 0
  if (only(kind.boolean)) return 'BOOLEAN'
  if (only(kind.integer, kind.long)) return 'BIGINT'
  if (only(kind.date)) return 'DATE'
  if (only(kind.date, kind.timestamp)) return 'TIMESTAMP'
  if (only(kind.timestampTz)) return 'TIMESTAMP WITH TIME ZONE'
  if (only(kind.integer, kind.decimal, kind.exponent)) return 'DOUBLE'
  if (only(kind.integer, kind.long, kind.huge, kind.decimal, kind.exact)) {
    return whole + scale <= decimalDigits ? `DECIMAL(${decimalDigits},${scale})` : 'VARCHAR'
  }
  return 'VARCHAR'
}

/** The kind of a value, and its digits where they matter, packed by `packed`. */
export function classify(bytes: Uint8Array, start: number, end: number): number {
  const digits = bytes[start] === minus ? start + 1 : start
  const index = pastDigits(bytes, digits, end)
  if (index === end) return wholeNumber(bytes, start, digits, end)
  const stop = bytes[index]
  if (stop === point) return decimalNumber(bytes, start, index, end)
  if (stop === minus) return index === start + 4 ? pointInTime(bytes, start, end) : kind.text
  if (index === start) return booleanOrText(bytes, start, end)
  return (stop ?? 0) === letterE || stop === letterE - 32 ? otherNumber(latin1(bytes, start, end)) : kind.text
}

function pastDigits(bytes: Uint8Array, start: number, end: number): number {
  let index = start
  while (index < end) {
    const byte = bytes[index] ?? 0
    if (byte < 48 || byte > 57) return index
    index++
  }
  return index
}

/** A kind with the digits before and behind the decimal point. */
export function packed(bits: number, whole: number, scale: number): number {
  return bits | (Math.min(whole, 63) << 16) | (Math.min(scale, 63) << 22)
}

export const kindMask = 0xffff

export function wholeOf(value: number): number {
  return (value >> 16) & 63
}

export function scaleOf(value: number): number {
  return (value >> 22) & 63
}

const minus = 45
const point = 46
const zero = 48
const colon = 58
const letterE = 101

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}

function wholeNumber(bytes: Uint8Array, start: number, digits: number, end: number): number {
  const count = end - digits
  // `007`, `-0` and a lone minus are no numbers that would be printed like this.
  if (count === 0 || (bytes[digits] === zero && (count > 1 || digits > start))) return kind.text
  if (count <= 15) return packed(kind.integer, count, 0)
  if (count <= 18) return packed(kind.long, count, 0)
  if (count > decimalDigits) return kind.text
  const value = BigInt(latin1(bytes, start, end))
  return packed(value >= -(2n ** 63n) && value < 2n ** 63n ? kind.long : kind.huge, count, 0)
}

/** Up to 15 digits are exact as a DOUBLE; the rest is looked at as text. */
function decimalNumber(bytes: Uint8Array, start: number, pointAt: number, end: number): number {
  const digits = bytes[start] === minus ? start + 1 : start
  const whole = pointAt - digits
  const isPlain = whole > 0 && end - digits <= 16 && (bytes[digits] !== zero || whole === 1)
  if (isPlain && pastDigits(bytes, pointAt + 1, end) === end) return packed(kind.decimal, whole, end - pointAt - 1)
  return otherNumber(latin1(bytes, start, end))
}

const words = ['true', 'false'].map((word) => Array.from(word, (letter) => letter.charCodeAt(0)))

function booleanOrText(bytes: Uint8Array, start: number, end: number): number {
  const word = words[end - start - 4]
  if (word === undefined) return kind.text
  for (let index = 0; index < word.length; index++) {
    if (((bytes[start + index] ?? 0) | 32) !== word[index]) return kind.text
  }
  return kind.boolean
}

/** `YYYY-MM-DD`, perhaps with a time and an offset from UTC. */
function pointInTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 10 || !isDate(bytes, start)) return kind.text
  if (end - start === 10) return kind.date
  const separator = bytes[start + 10]
  if (separator !== 32 && separator !== 84) return kind.text
  if (end - start === 19) return isClock(bytes, start + 11) ? kind.timestamp : kind.text
  const rest = latin1(bytes, start + 11, end)
  const match = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(rest)
  if (match === null) return kind.text
  // The engine does not read an offset without seconds.
  if (match[1] !== undefined) return rest.length - match[1].length >= 8 ? kind.timestampTz : kind.text
  return kind.timestamp
}

/** `HH:MM:SS` */
function isClock(bytes: Uint8Array, start: number): boolean {
  if (bytes[start + 2] !== colon || bytes[start + 5] !== colon) return false
  const hours = two(bytes, start)
  const minutes = two(bytes, start + 3)
  const seconds = two(bytes, start + 6)
  return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60
}

/** The number of two digits, or less than 0. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - zero
  const ones = (bytes[at + 1] ?? 0) - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1_000
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isDate(bytes: Uint8Array, start: number): boolean {
  if (bytes[start + 4] !== minus || bytes[start + 7] !== minus) return false
  const year = two(bytes, start) * 100 + two(bytes, start + 2)
  const month = two(bytes, start + 5)
  const day = two(bytes, start + 8)
  if (year < 1 || month < 1 || day < 1 || day > (monthDays[month - 1] ?? 0)) return false
  if (month !== 2 || day <= 28) return true
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function otherNumber(text: string): number {
  const match = /^-?(\d*)(?:\.(\d*))?(?:[eE][+-]?\d{1,3})?$/.exec(text)
  const whole = match?.[1] ?? ''
  const fraction = match?.[2] ?? ''
  if (match === null || whole + fraction === '' || /^0\d/.test(whole)) return kind.text
  if (/e/i.test(text))
    return Number.isFinite(Number(text)) ? packed(kind.exponent, whole.length, fraction.length) : kind.text
  return packed(isDouble(text, whole, fraction) ? kind.decimal : kind.exact, whole.length, fraction.length)
}

/** Whether the nearest DOUBLE prints the same digits. */
function isDouble(text: string, whole: string, fraction: string): boolean {
  if (whole.length + fraction.length <= 15) return true
  const shortest = String(Number(text))
  if (shortest.includes('e')) return false
  return shortest === text.replace(/\.?0*$/, '').replace(/^(-?)(?=\.)/, '$10')
}
