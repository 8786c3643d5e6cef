import type { Column } from '../adapters/index.js'
import type { ColumnBatch } from './api.js'
import { kindOf, type ValueKind } from './value-kinds.js'

type New<T> = new (...parameters: never[]) => T

/** What is used of the package apache-arrow. */
interface ArrowPackage {
  readonly Table: new (vectors: Readonly<Record<string, unknown>>) => object
  vectorFromArray(values: readonly unknown[], type: object): unknown
  readonly Bool: New<object>
  readonly Int64: New<object>
  readonly Float64: New<object>
  readonly Utf8: New<object>
  readonly Binary: New<object>
  readonly TimestampMillisecond: New<object>
}

/** Whether a module is the package apache-arrow, as far as it is used. */
export function isArrowPackage(value: unknown): value is ArrowPackage {
  return (
    typeof value === 'object' && value !== null && 'vectorFromArray' in value && 'Table' in value && 'Utf8' in value
  )
}

/**
 * An input's batches as one Arrow table. Integers are Int64, numbers Float64, objects and lists JSON text, and what
 * JavaScript has as text (decimals, timestamps) is Utf8.
 */
export function buildArrowTable(arrow: unknown, columns: readonly Column[], batches: readonly ColumnBatch[]): object {
  if (!isArrowPackage(arrow)) throw new TypeError('apache-arrow does not export vectorFromArray, Table and Utf8')
  const vectors = columns.map((column, index) => {
    const values = batches.flatMap((batch) => Array.from(batch.values[index] ?? []))
    return [column.name, buildVector(arrow, values)] as const
  })
  return new arrow.Table(Object.fromEntries(vectors))
}

function buildVector(arrow: ArrowPackage, values: readonly unknown[]): unknown {
  const kinds = new Set(values.map(kindOf))
  kinds.delete(undefined)
  const [first] = kinds
  const kind = kinds.has('float') ? 'float' : kinds.has('huge') ? 'text' : first
  const convert = conversions[kind ?? 'text'] ?? String
  const converted = values.map((value) => (value === null || value === undefined ? null : convert(value)))
  return arrow.vectorFromArray(converted, new (typeOf(arrow, kind))())
}

function typeOf(arrow: ArrowPackage, kind: ValueKind | undefined): New<object> {
  if (kind === 'integer') return arrow.Int64
  if (kind === 'float') return arrow.Float64
  if (kind === 'boolean') return arrow.Bool
  if (kind === 'bytes') return arrow.Binary
  return kind === 'time' ? arrow.TimestampMillisecond : arrow.Utf8
}

const keep = (value: unknown): unknown => value

const conversions: Readonly<Partial<Record<ValueKind, (value: unknown) => unknown>>> = {
  integer: (value) => (typeof value === 'number' ? BigInt(value) : value),
  float: Number,
  boolean: keep,
  bytes: keep,
  time: keep,
  text: keep,
  nested: jsonText,
}

/** JSON with bigints as the numbers that they are. */
function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value) ?? 'null'
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${jsonText(each)}`)
    .join(',')}}`
}
