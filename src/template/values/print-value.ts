import type { Hole } from '../../core/index.js'
import { Float, Rope, Tuple, Undefined, type Value } from '../types.js'
import { PySet, View } from './collections.js'
import { formatFloat } from './format-number.js'
import { isHostObject } from './kinds.js'
import { badValue, ropeFault, undefinedFault } from './value-fault.js'

/** What `{{ value }}` prints, by Python's rules: `True`, `None`, `2.0`, `['a', 1]`. Fails for a missing value. */
export function printValue(value: Value): string | Rope {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Rope) return value
  if (value instanceof Undefined) {
    if (value === nothing) return ''
    throw undefinedFault(value, 'printed')
  }
  return isHostObject(value) && !(value instanceof PySet) ? value.print() : represent(value)
}

/** The value of `a if b` without `else`: missing, but prints nothing, as in Jinja2. */
export const nothing: Undefined = new Undefined("the value of an inline 'if' without 'else'")

/** The printed text of a value, where only known text will do. */
export function textOf(value: Value): string {
  const printed = printValue(value)
  if (typeof printed === 'string') return printed
  throw ropeFault(printed)
}

/** Joins texts, some with holes. */
export function joinTexts(parts: readonly (string | Rope)[]): string | Rope {
  if (parts.every((part) => typeof part === 'string')) return parts.join('')
  const joined: (string | Hole)[] = []
  for (const piece of parts.flatMap((part) => (typeof part === 'string' ? [part] : part.parts))) addPiece(joined, piece)
  return new Rope(joined)
}

function addPiece(joined: (string | Hole)[], piece: string | Hole): void {
  const last = joined.at(-1)
  if (typeof piece === 'string' && typeof last === 'string') joined[joined.length - 1] = last + piece
  else if (piece !== '') joined.push(piece)
}

/** Python's `repr`. */
export function represent(value: Value): string {
  if (value === null) return 'None'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Float) return formatFloat(value.value)
  if (Array.isArray(value)) return `[${value.map(represent).join(', ')}]`
  if (value instanceof Map) return `{${[...value].map(([k, v]) => `${represent(k)}: ${represent(v)}`).join(', ')}}`
  return representOther(value)
}

function representOther(value: Value): string {
  if (value instanceof Tuple) return representTuple(value)
  if (value instanceof PySet) return value.items.length === 0 ? 'set()' : `{${value.items.map(represent).join(', ')}}`
  if (value instanceof Rope) throw ropeFault(value)
  if (value instanceof Undefined) throw undefinedFault(value, 'printed')
  if (typeof value === 'function' && !isHostObject(value))
    throw badValue('a function cannot be printed', 'call it: add parentheses')
  return textOf(value)
}

function representTuple(tuple: Tuple): string {
  if (tuple instanceof View) {
    return tuple.label.startsWith('range') ? tuple.label : `${tuple.label}([${tuple.items.map(represent).join(', ')}])`
  }
  return tuple.items.length === 1
    ? `(${represent(tuple.items[0] as Value)},)`
    : `(${tuple.items.map(represent).join(', ')})`
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Python shows them as escapes
  const escaped = text.replace(/[\\\n\r\t]|[\x00-\x1f\x7f-\xa0\xad]/g, (char) => {
    return escapes[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark
}
