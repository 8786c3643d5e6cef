import type { Value } from '../types.js'
import { Float } from '../types.js'
import { plainNumber } from '../values/compare.js'
import { pythonExponent, toDecimals } from '../values/format-number.js'
import { formatGeneral } from '../values/format-percent.js'
import { isNumber, kindName } from '../values/kinds.js'
import { represent, textOf } from '../values/print-value.js'
import { badValue } from '../values/value-fault.js'
import { lookupAttribute, lookupItem } from './lookup.js'
import type { Given } from './signature.js'

const field = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g
const specification = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su

/** Python's `str.format`. */
export function bareFormat(text: string, given: Given): string {
  let next = 0
  const resolve = (path: string): Value => {
    const [, name = '', rest = ''] = /^([^.[]*)(.*)$/s.exec(path) ?? []
    return followPath(argument(given, name === '' ? String(next++) : name), rest)
  }
  return text.replace(field, (match, path: string | undefined, conversion: string | undefined, spec = '') => {
    if (match === '{{' || match === '}}') return match.charAt(0)
    if (path === undefined)
      throw badValue(`a single '${match}' in the format`, `write '${match}${match}' for the character`)
    const value = resolve(path.trim())
    const inner = spec.replace(/\{([^{}]*)\}/g, (_: string, nested: string) => textOf(resolve(nested)))
    return formatField(conversion === undefined ? value : converted(value, conversion), inner)
  })
}

function argument({ args, kwargs }: Given, name: string): Value {
  const value = /^\d+$/.test(name) ? args[Number(name)] : kwargs.get(name)
  if (value === undefined) throw badValue(`the format has no value for '{${name}}'`)
  return value
}

function followPath(start: Value, path: string): Value {
  let value = start
  for (const [, attribute, item] of path.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    const key = item !== undefined && /^\d+$/.test(item) ? Number(item) : (item ?? '')
    const found = attribute === undefined ? lookupItem(value, key) : lookupAttribute(value, attribute)
    if (found === undefined) throw badValue(`the format finds no '${attribute ?? item}'`)
    value = found
  }
  return value
}

function converted(value: Value, conversion: string): string {
  return conversion === 's' ? textOf(value) : represent(value)
}

/** One value by Python's format specification: `>10`, `.2f`, `05d`, `,`. */
export function formatField(value: Value, spec: string): string {
  if (spec === '') return textOf(value)
  const match = specification.exec(spec)
  if (match === null) throw badValue(`'${spec}' is no format`)
  const [, fill, align, sign, , zero, width, group, precision, kind] = match
  const isNumeric = isNumber(value) && typeof value !== 'boolean'
  const body = isNumeric ? numeric(value, { sign, group, precision, kind }) : textual(value, precision, kind)
  const side = align ?? (zero !== undefined ? '=' : isNumeric ? '>' : '<')
  return aligned(body, side, Number(width ?? 0), fill ?? (zero === undefined ? ' ' : '0'))
}

function textual(value: Value, precision: string | undefined, kind: string | undefined): string {
  if (kind !== undefined && kind !== 's') throw badValue(`the format '${kind}' needs a number, not ${kindName(value)}`)
  const text = textOf(value)
  return precision === undefined ? text : [...text].slice(0, Number(precision)).join('')
}

interface NumberFormat {
  readonly sign: string | undefined
  readonly group: string | undefined
  readonly precision: string | undefined
  readonly kind: string | undefined
}

function numeric(value: number | bigint | Float, { sign, group, precision, kind }: NumberFormat): string {
  const digits = numberText(value, kind, precision)
  const isNegative = digits.startsWith('-')
  const [whole = '', ...fraction] = (isNegative ? digits.slice(1) : digits).split(/(?=[.e%])/)
  const grouped = group === undefined ? whole : whole.replace(/\B(?=(\d{3})+$)/g, group)
  const prefix = isNegative ? '-' : sign === '+' || sign === ' ' ? sign : ''
  return prefix + grouped + fraction.join('')
}

function numberText(value: number | bigint | Float, kind: string | undefined, precision: string | undefined): string {
  const number = plainNumber(value)
  const decimals = Number(precision ?? 6)
  if (kind === 'f' || kind === 'F') return toDecimals(Number(number), decimals)
  if (kind === '%') return `${toDecimals(Number(number) * 100, decimals)}%`
  if (kind === 'e' || kind === 'E') return pythonExponent(Number(number).toExponential(decimals))
  if (kind === 'g' || kind === 'G' || (kind === undefined && precision !== undefined)) {
    return formatGeneral(Number(number), decimals || 1)
  }
  if (kind === undefined) return textOf(value)
  return wholeNumber(value, number, kind)
}

function wholeNumber(value: number | bigint | Float, number: number | bigint, kind: string): string {
  if (value instanceof Float) throw badValue(`the format '${kind}' needs a whole number`)
  const bases: Readonly<Record<string, number>> = { d: 10, n: 10, x: 16, X: 16, o: 8, b: 2 }
  const base = bases[kind]
  if (base === undefined) throw badValue(`'${kind}' is no format of a number`)
  const text = number.toString(base)
  return kind === 'X' ? text.toUpperCase() : text
}

function aligned(text: string, side: string, width: number, fill: string): string {
  if (side === '<') return text.padEnd(width, fill)
  if (side === '^') {
    const left = Math.floor(Math.max(0, width - text.length) / 2)
    return text.padStart(text.length + left, fill).padEnd(width, fill)
  }
  if (side === '>') return text.padStart(width, fill)
  const sign = /^[-+ ]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, fill)
}
