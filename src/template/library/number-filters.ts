import { Float, type Value } from '../types.js'
import { integer, negate } from '../values/arithmetic.js'
import { plainNumber } from '../values/compare.js'
import { toDecimals } from '../values/format-number.js'
import { isNumber, kindName } from '../values/kinds.js'
import { orElse } from '../values/or-else.js'
import { textOf } from '../values/print-value.js'
import { badValue, needKnown } from '../values/value-fault.js'
import { flagArgument, integerArgument, textArgument } from './arguments.js'
import { type Filter, filter } from './filter.js'

type Arguments = readonly (Value | undefined)[]

/** The filters that take or make numbers. */
export const numberFilters: readonly (readonly [string, Filter])[] = [
  filter('abs', '', absolute),
  filter('int', 'default? base?', toInteger),
  filter('float', 'default?', (value, [fallback]) => toFloat(value) ?? orElse(fallback, () => new Float(0))),
  filter('round', 'precision? method?', round),
  filter('filesizeformat', 'binary?', fileSize),
  filter('as_number', '', (value) => asNumber(value)),
]

function absolute(value: Value): Value {
  needKnown(value, 'made positive')
  if (!isNumber(value)) throw badValue(`${kindName(value)} has no absolute value`)
  if (plainNumber(value) < 0) return negate(value)
  return typeof value === 'boolean' ? Number(value) : value
}

function toInteger(value: Value, [fallback = 0, base]: Arguments): Value {
  needKnown(value, 'made a number')
  if (typeof value === 'string') return orElse(parseInteger(value.trim(), integerArgument(base, 10)), () => fallback)
  if (!isNumber(value)) return fallback
  const number = plainNumber(value)
  if (typeof number === 'bigint') return number
  return Number.isFinite(number) ? integer(BigInt(Math.trunc(number))) : fallback
}

function parseInteger(text: string, base: number): Value | undefined {
  const digits = text.replaceAll('_', '')
  if (base === 10) {
    if (/^[+-]?\d+$/.test(digits)) return integer(BigInt(digits.replace(/^\+/, '')))
    const float = toFloat(text)
    return float === undefined || !Number.isFinite(float.value) ? undefined : integer(BigInt(Math.trunc(float.value)))
  }
  const number = Number.parseInt(digits.replace(/^([+-]?)0[xXbBoO]/, '$1'), base)
  return Number.isNaN(number) ? undefined : number
}

function toFloat(value: Value): Float | undefined {
  needKnown(value, 'made a number')
  if (isNumber(value)) return new Float(Number(plainNumber(value)))
  if (typeof value !== 'string') return undefined
  const text = value.trim().replaceAll('_', '')
  if (/^[+-]?(?:inf|infinity|nan)$/i.test(text)) return new Float(namedFloat(text.toLowerCase()))
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? new Float(Number(text)) : undefined
}

function namedFloat(text: string): number {
  if (text.endsWith('nan')) return Number.NaN
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

function round(value: Value, [precision, method]: Arguments): Value {
  needKnown(value, 'rounded')
  if (!isNumber(value)) throw badValue(`${kindName(value)} cannot be rounded`)
  const decimals = integerArgument(precision, 0)
  const how = textArgument(method, 'common')
  const number = Number(plainNumber(value))
  if (how === 'common')
    return value instanceof Float ? new Float(roundCommon(number, decimals)) : roundInteger(value, decimals)
  if (how !== 'ceil' && how !== 'floor')
    throw badValue(`'${how}' is no way to round`, "use 'common', 'ceil' or 'floor'")
  const scale = 10 ** decimals
  const scaled = how === 'ceil' ? Math.ceil(number * scale) : Math.floor(number * scale)
  return new Float(scaled / scale)
}

function roundCommon(number: number, decimals: number): number {
  if (decimals >= 0) return Number(toDecimals(number, decimals))
  const scale = 10 ** -decimals
  return Number(toDecimals(number / scale, 0)) * scale
}

function roundInteger(value: Value, decimals: number): Value {
  if (decimals >= 0 || typeof value !== 'number') return typeof value === 'boolean' ? Number(value) : value
  return roundCommon(value, decimals)
}

function fileSize(value: Value, [binary]: Arguments): string {
  const bytes = toFloat(value)?.value ?? 0
  const base = flagArgument(binary) ? 1024 : 1000
  const units = flagArgument(binary)
    ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
    : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${bytes} Bytes`
  const power = Math.min(units.length, Math.floor(Math.log(bytes) / Math.log(base)))
  return `${toDecimals(bytes / base ** power, 1)} ${units[power - 1] ?? ''}`
}

function asNumber(value: Value): Value {
  if (isNumber(value)) return value
  const text = textOf(value)
  const number = /^[+-]?\d+$/.test(text) ? parseInteger(text, 10) : toFloat(text)
  if (number === undefined) throw badValue(`'${text}' is no number`)
  return number
}
