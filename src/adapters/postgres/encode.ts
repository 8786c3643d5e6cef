import { jsonText } from '../json-text.js'
import { parseTimestamp } from '../parse-text.js'
import { timestampText } from '../print-text.js'
import { canonicalType, integerBits } from './canonical-type.js'

/** A value as text that the server reads; undefined when the type cannot take it unchanged. NULL does not come here. */
export type Encoder = (value: unknown) => string | undefined

/** How values go into a column of a type. */
export function encoderOf(type: string): Encoder {
  const canonical = canonicalType(type)
  if (canonical.endsWith('[]')) return arrayEncoder(encoderOf(canonical.slice(0, -2)))
  if (canonical in integerBits) return whole
  if (canonical === 'real' || canonical === 'double precision') {
    return (value) => (Object.is(value, -0) ? '-0' : plain(value))
  }
  if (canonical === 'json' || canonical === 'jsonb') return jsonText
  if (canonical === 'bytea') return (value) => (value instanceof Uint8Array ? hex(value) : plain(value))
  if (/^timestamp.* without time zone$/.test(canonical)) return (value) => inUtc(plain(value))
  return plain
}

/** What is the same for all types. */
function plain(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      return value === null ? undefined : objectText(value)
    default:
      return undefined
  }
}

function objectText(value: object): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : dateTimeText(value)
  if (value instanceof Uint8Array) return hex(value)
  return jsonText(value)
}

/** ISO 8601 with its offset; years beyond four digits without the sign that only JavaScript knows. */
function dateTimeText(value: Date): string {
  return value.toISOString().replace('T', ' ').replace('Z', '+00').replace(/^\+0*/, '')
}

function hex(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
}

/** The server reads no fraction as a whole number, and nothing here may round one. */
function whole(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? wholeText(value) : undefined
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? value : undefined
}

function wholeText(value: number): string {
  return Math.abs(value) < 1e21 ? String(value) : String(BigInt(value))
}

/** The server drops an offset from UTC without a word where the type has no time zone. */
function inUtc(text: string | undefined): string | undefined {
  if (text === undefined || !/:\d\d\S*\s?(?:[+-]\d|Z$)/i.test(text)) return text
  const micros = parseTimestamp(text)
  return micros === undefined ? undefined : timestampText(BigInt(micros))
}

function arrayEncoder(encode: Encoder): Encoder {
  const list = (items: readonly unknown[]): string | undefined => {
    const parts = items.map((item) => {
      if (item === null || item === undefined) return 'NULL'
      if (Array.isArray(item)) return list(item)
      const text = encode(item)
      return text === undefined ? undefined : `"${text.replace(/[\\"]/g, '\\$&')}"`
    })
    return parts.includes(undefined) ? undefined : `{${parts.join(',')}}`
  }
  return (value) => (Array.isArray(value) ? list(value) : typeof value === 'string' ? value : undefined)
}
