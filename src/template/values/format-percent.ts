import { Tuple, type Value } from '../types.js'
import { getKey, plainNumber } from './compare.js'
import { pythonExponent, toDecimals } from './format-number.js'
import { isNumber, kindName } from './kinds.js'
import { represent, textOf } from './print-value.js'
import { badValue } from './value-fault.js'

const pattern = /%(?:\((\w+)\))?([-+ 0#]*)(\*|\d+)?(?:\.(\d+))?([a-zA-Z%])/g

/** Python's `text % values`. */
export function formatPercent(text: string, values: Value): string {
  const list = values instanceof Tuple ? [...values.items] : [values]
  let used = 0
  const result = text.replace(pattern, (...match) => {
    const place = readPlace(match)
    if (place.kind === '%') return '%'
    if (place.name !== undefined) return formatPlace(named(values, place.name), place)
    const value = list[used++]
    if (value === undefined) throw badValue('there are fewer values than places in the format')
    return formatPlace(value, place)
  })
  if (used < list.length && !(values instanceof Map || Array.isArray(values)))
    throw badValue('there are more values than places in the format')
  return result
}

/** One `%(name)05.2f` of a format. */
interface Place {
  readonly name: string | undefined
  readonly flags: string
  readonly width: string | undefined
  readonly precision: string | undefined
  readonly kind: string
}

function readPlace([, name, flags = '', width, precision, kind = '']: readonly (string | undefined)[]): Place {
  return { name, flags, width, precision, kind }
}

function formatPlace(value: Value, { kind, precision, flags, width }: Place): string {
  return pad(convert(value, { kind, precision, flags }), flags, width)
}

function named(values: Value, name: string): Value {
  const value = values instanceof Map ? getKey(values, name) : undefined
  if (value === undefined) throw badValue(`the format needs a dict with the key '${name}'`)
  return value
}

function convert(value: Value, { kind, precision, flags }: Pick<Place, 'kind' | 'precision' | 'flags'>): string {
  if (kind === 's')
    return precision === undefined ? textOf(value) : [...textOf(value)].slice(0, Number(precision)).join('')
  if (kind === 'r' || kind === 'a') return represent(value)
  if (kind === 'c' && typeof value === 'string') return value
  if (!isNumber(value)) throw badValue(`'%${kind}' needs a number, not ${kindName(value)}`)
  const number = plainNumber(value)
  const text = formatNumber(number, kind, precision)
  return flags.includes('+') && !text.startsWith('-') ? `+${text}` : text
}

function formatNumber(number: number | bigint, kind: string, precision: string | undefined): string {
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return typeof number === 'bigint' ? String(number) : String(BigInt(Math.trunc(number)))
    case 'f':
    case 'F':
      return toDecimals(Number(number), Number(precision ?? 6))
    case 'e':
    case 'E':
      return cased(pythonExponent(Number(number).toExponential(Number(precision ?? 6))), kind)
    case 'g':
    case 'G':
      return cased(formatGeneral(Number(number), Number(precision ?? 6) || 1), kind)
    case 'x':
    case 'X':
      return cased(number.toString(16), kind)
    case 'o':
      return number.toString(8)
    case 'b':
      return number.toString(2)
    default:
      throw badValue(`there is no format '%${kind}'`)
  }
}

function cased(text: string, kind: string): string {
  return kind === kind.toUpperCase() ? text.toUpperCase() : text
}

/** C's `%g`: so many digits, zeros at the end dropped, an exponent where it is shorter. */
export function formatGeneral(number: number, digits: number): string {
  if (number === 0) return '0'
  const exponent = Number(number.toExponential(digits - 1).split('e')[1])
  if (exponent >= -4 && exponent < digits) return dropZeros(number.toFixed(Math.max(0, digits - 1 - exponent)))
  const [mantissa = '', power = ''] = number.toExponential(digits - 1).split('e')
  return pythonExponent(`${dropZeros(mantissa)}e${power}`)
}

function dropZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function pad(text: string, flags: string, width: string | undefined): string {
  const size = Number(width ?? 0)
  if (flags.includes('-')) return text.padEnd(size)
  if (!flags.includes('0')) return text.padStart(size)
  const sign = /^[+-]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(size - sign.length, '0')
}
