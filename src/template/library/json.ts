import { Float, Rope, Tuple, Undefined, type Value } from '../types.js'
import { PySet } from '../values/collections.js'
import { formatFloat } from '../values/format-number.js'
import { kindName } from '../values/kinds.js'
import { badValue, ropeFault, undefinedFault } from '../values/value-fault.js'
import { sorted } from './sorting.js'

/** How Python's `json.dumps` is asked to write. */
export interface JsonStyle {
  readonly sortKeys?: boolean
  readonly indent?: number | undefined
}

/** A value as Python's `json.dumps` writes it: `, ` and `: ` between, everything beyond ASCII escaped. */
export function writeJson(value: Value, style: JsonStyle = {}, depth = 0): string {
  if (typeof value === 'string') return writeString(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Float) return formatFloat(value.value)
  if (Array.isArray(value)) return writeItems(value, style, depth)
  if (value instanceof Tuple) return writeItems(value.items, style, depth)
  if (value instanceof Map) return writeEntries(value, style, depth)
  if (value instanceof Undefined) throw undefinedFault(value, 'written as JSON')
  if (value instanceof Rope) throw ropeFault(value)
  if (value instanceof PySet) throw badValue('a set cannot be written as JSON', 'make it a list first: | list')
  throw badValue(`${kindName(value)} cannot be written as JSON`)
}

function writeString(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function writeItems(items: readonly Value[], style: JsonStyle, depth: number): string {
  return bracketed(
    '[]',
    items.map((item) => writeJson(item, style, depth + 1)),
    style,
    depth,
  )
}

function writeEntries(dict: Map<Value, Value>, style: JsonStyle, depth: number): string {
  const keys = style.sortKeys === true ? sorted([...dict.keys()], (key) => key) : [...dict.keys()]
  const entries = keys.map(
    (key) => `${writeString(keyText(key))}: ${writeJson(dict.get(key) ?? null, style, depth + 1)}`,
  )
  return bracketed('{}', entries, style, depth)
}

function bracketed(brackets: string, parts: readonly string[], { indent }: JsonStyle, depth: number): string {
  const [open = '', close = ''] = brackets
  if (indent === undefined || parts.length === 0) return open + parts.join(', ') + close
  const margin = `\n${' '.repeat(indent * (depth + 1))}`
  return `${open}${margin}${parts.join(`,${margin}`)}\n${' '.repeat(indent * depth)}${close}`
}

function keyText(key: Value): string {
  if (typeof key === 'string') return key
  if (key instanceof Tuple) throw badValue('a tuple cannot be a key in JSON')
  return writeJson(key)
}

const numbers = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
// A character for private use: no text of a project has it in front of this word.
const marker = '\ue000number'

/** Reads JSON as Python does: `2.0` stays a float, long integers stay exact. Throws JavaScript's SyntaxError. */
export function readJson(text: string): Value {
  const marked = text.replace(numbers, (match) => (isPlain(match) ? match : `{"${marker}":"${match}"}`))
  return revive(JSON.parse(marked))
}

function isPlain(match: string): boolean {
  return match.startsWith('"') || (/^-?\d+$/.test(match) && Number.isSafeInteger(Number(match)))
}

function revive(value: unknown): Value {
  if (Array.isArray(value)) return value.map(revive)
  if (typeof value !== 'object' || value === null) return value as string | number | boolean | null
  const entries = Object.entries(value)
  const [first] = entries
  if (first?.[0] === marker && typeof first[1] === 'string') {
    return /^-?\d+$/.test(first[1]) ? BigInt(first[1]) : new Float(Number(first[1]))
  }
  return new Map<Value, Value>(entries.map(([key, item]) => [key, revive(item)]))
}
