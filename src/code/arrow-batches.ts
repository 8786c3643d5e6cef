import type { ArrowTable } from './api.js'
import type { ResultBatch } from './row-collector.js'

/** The parts of apache-arrow's classes that are read; fft does not depend on the package. */
interface ArrowType {
  readonly typeId: number
  readonly unit?: number
  readonly scale?: number
  readonly precision?: number
  readonly timezone?: string | null
  readonly dictionary?: ArrowType
}

interface ArrowVector {
  readonly length: number
  get(index: number): unknown
  readonly data?: readonly { readonly values?: unknown }[]
}

interface ArrowBatch {
  readonly numRows: number
  getChildAt(index: number): ArrowVector | null
}

/** Whether a value is an Arrow table or record batch, of whatever copy of apache-arrow. */
export function isArrowTable(value: unknown): value is ArrowTable {
  if (typeof value !== 'object' || value === null || !('schema' in value && 'numRows' in value)) return false
  const { schema } = value
  return typeof schema === 'object' && schema !== null && 'fields' in schema && Array.isArray(schema.fields)
}

/** An Arrow table's record batches as column batches; values lossless. */
export function* arrowBatches(table: ArrowTable): Generator<ResultBatch> {
  const fields = table.schema.fields as readonly { readonly name: string; readonly type: ArrowType }[]
  const columns = fields.map((field) => field.name)
  const types = fields.map((field) => typeName(field.type))
  const batches = ('batches' in table ? table.batches : [table]) as readonly ArrowBatch[]
  if (batches.length === 0) yield { columns, values: columns.map(() => []), rows: 0, types }
  for (const batch of batches) {
    const values = fields.map((field, index) => readVector(batch.getChildAt(index), field.type, batch.numRows))
    yield { columns, values, rows: batch.numRows, types }
  }
}

const typeIds = { decimal: 7, date: 8, time: 9, timestamp: 10, dictionary: -1 } as const

/** Types that JavaScript values cannot tell; spelt as all engines understand them. */
function typeName(type: ArrowType): string | undefined {
  if (type.typeId === typeIds.decimal) return `decimal(${type.precision ?? 38}, ${type.scale ?? 0})`
  if (type.typeId === typeIds.date) return 'date'
  return type.typeId === typeIds.timestamp ? 'timestamp' : undefined
}

function readVector(vector: ArrowVector | null, type: ArrowType, rows: number): readonly unknown[] {
  const read = vector === null ? () => null : readerOf(vector, type)
  return Array.from({ length: rows }, (_, index) => read(index))
}

function readerOf(vector: ArrowVector, type: ArrowType): (index: number) => unknown {
  const [chunk] = vector.data ?? []
  const raw = vector.data?.length === 1 ? chunk?.values : undefined
  const guarded = (read: (index: number, value: unknown) => unknown) => (index: number) => {
    const value = vector.get(index)
    return value === null || value === undefined ? null : read(index, value)
  }
  switch (type.typeId) {
    case typeIds.timestamp:
      // `get` rounds to milliseconds in floating point; the stored integer is exact.
      return raw instanceof BigInt64Array
        ? guarded((index) => timestampText(raw[index] ?? 0n, type.unit ?? 0))
        : guarded((_, value) => timestampText(BigInt(Math.round(Number(value) * 1000)), 2))
    case typeIds.date:
      return guarded((_, value) => new Date(Number(value)).toISOString().slice(0, 10))
    case typeIds.decimal:
      return guarded((_, value) => decimalText(value, type.scale ?? 0))
    default:
      return guarded((_, value) => plainValue(value))
  }
}

const unitsPerSecond = [1n, 1_000n, 1_000_000n, 1_000_000_000n] as const

function timestampText(value: bigint, unit: number): string {
  const perSecond = unitsPerSecond[unit] ?? 1n
  const rest = ((value % perSecond) + perSecond) % perSecond
  const seconds = Number((value - rest) / perSecond)
  const fraction = ((rest * 1_000_000n) / perSecond).toString().padStart(6, '0')
  const text = new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, -5)
  return rest === 0n ? text : `${text}.${fraction}`
}

function decimalText(value: unknown, scale: number): string {
  if (!(value instanceof Uint32Array)) return String(value)
  const unsigned = value.reduceRight((total, word) => (total << 32n) | BigInt(word), 0n)
  const integer = BigInt.asIntN(value.length * 32, unsigned)
  const digits = (integer < 0n ? -integer : integer).toString().padStart(scale + 1, '0')
  const sign = integer < 0n ? '-' : ''
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Lists and structs as plain arrays and objects. */
function plainValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>)
  if ('toJSON' in value && typeof value.toJSON === 'function') return plainValue(value.toJSON())
  if (Array.isArray(value)) return value.map(plainValue)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainValue(each)]))
}
