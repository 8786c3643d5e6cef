import type { DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import { jsonText } from '../json-text.js'
import { parseTimestamp } from '../parse-text.js'
import { timestampText } from '../print-text.js'
import type { Driver } from './driver.js'
import { type Storage, scaledOf, storageOf } from './storage.js'
import { NotLoadable, valueText } from './value-text.js'

/** A part of a column, ready to be written into a chunk. */
export interface Encoded {
  /** The chunk's type; VARCHAR where the engine casts. */
  readonly type: DuckDBType
  /** What the text of a VARCHAR part is cast from, for finding a value that the engine refuses. */
  readonly texts?: readonly (string | null)[]
  write(vector: DuckDBVector): void
}

export interface ColumnPart {
  readonly values: readonly unknown[]
  readonly from: number
  readonly count: number
}

/**
 * Turns a part of a column into what the engine takes fastest: bytes for values in the usual form, else text that the
 * engine casts. Throws NotLoadable with the index of a value that the type cannot take.
 */
export function encode(driver: Driver, type: DuckDBType, part: ColumnPart): Encoded {
  const storage = storageOf(driver, type, part.count)
  const encoded = storage === undefined ? encodeObjects(driver, type, part) : encodeBytes(type, part, storage)
  return encoded ?? encodeText(driver, type, part)
}

/** Writes bytes as the driver's vectors take them; false for a value that only the engine may know. */
function encodeBytes(type: DuckDBType, { values, from, count }: ColumnPart, storage: Storage): Encoded | undefined {
  const nulls: number[] = []
  for (let index = 0; index < count; index++) {
    const value = values[from + index]
    if (value === null || value === undefined) nulls.push(index)
    else if (!storage.store(index, value)) return undefined
  }
  return { type, write: (vector) => writeBytes(vector, storage.array, nulls) }
}

function writeBytes(vector: DuckDBVector, array: ArrayBufferView, nulls: readonly number[]): void {
  // The public setter takes and checks one boxed value at a time; the memory behind it takes all of them at once.
  const target: unknown = Reflect.get(vector, 'items') ?? Reflect.get(vector, 'dataView')
  if (!ArrayBuffer.isView(target) || target.byteLength !== array.byteLength) {
    throw new Error(`a vector of ${vector.type} is not as expected: this is a bug in fft`)
  }
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes)
  for (const index of nulls) vector.setItem(index, null)
  vector.flush()
}

function encodeObjects(driver: Driver, type: DuckDBType, part: ColumnPart): Encoded | undefined {
  const { DuckDBTypeId: id, DuckDBDecimalValue, DuckDBBlobValue } = driver
  if (type.typeId === id.BOOLEAN) return mapped(type, part, (value) => (typeof value === 'boolean' ? value : undefined))
  if (type.typeId === id.BLOB) {
    return mapped(type, part, (value) => (value instanceof Uint8Array ? new DuckDBBlobValue(value) : undefined))
  }
  if (type.typeId !== id.DECIMAL || !('width' in type)) return undefined
  const { width, scale } = type
  return mapped(type, part, (value) => {
    const scaled = scaledOf(value, width, scale)
    return scaled === undefined ? undefined : new DuckDBDecimalValue(BigInt(scaled), width, scale)
  })
}

function mapped(
  type: DuckDBType,
  { values, from, count }: ColumnPart,
  convert: (value: unknown) => DuckDBValue | undefined,
): Encoded | undefined {
  const items = new Array<DuckDBValue>(count)
  for (let index = 0; index < count; index++) {
    const value = values[from + index]
    const converted = value === null || value === undefined ? null : convert(value)
    if (converted === undefined) return undefined
    items[index] = converted
  }
  return { type, write: (vector) => writeItems(vector, items) }
}

function writeItems(vector: DuckDBVector, items: readonly DuckDBValue[]): void {
  for (let index = 0; index < items.length; index++) vector.setItem(index, items[index] ?? null)
  vector.flush()
}

function encodeText(driver: Driver, type: DuckDBType, { values, from, count }: ColumnPart): Encoded {
  const toText = textConverter(driver, type)
  const texts = new Array<string | null>(count)
  for (let index = 0; index < count; index++) {
    const value = values[from + index]
    const text = value === null || value === undefined ? null : toText(value)
    if (text === undefined) throw new NotLoadable(index, value)
    texts[index] = text
  }
  return { type: driver.VARCHAR, texts, write: (vector) => writeItems(vector, texts) }
}

/** What the engine casts to the type; the converter gives undefined for a value that would not arrive unchanged. */
function textConverter(driver: Driver, type: DuckDBType): (value: unknown) => string | undefined {
  const { DuckDBTypeId: id } = driver
  const integers: readonly number[] = [
    id.TINYINT,
    id.SMALLINT,
    id.INTEGER,
    id.BIGINT,
    id.HUGEINT,
    id.UTINYINT,
    id.USMALLINT,
    id.UINTEGER,
    id.UBIGINT,
    id.UHUGEINT,
  ]
  const local: readonly number[] = [id.TIMESTAMP, id.TIMESTAMP_S, id.TIMESTAMP_MS, id.TIMESTAMP_NS]
  if (type.alias === 'JSON') return jsonText
  if (integers.includes(type.typeId)) return (value) => ifWhole(valueText(driver, value, type))
  if (local.includes(type.typeId)) return (value) => inUtc(valueText(driver, value, type))
  return (value) => valueText(driver, value, type)
}

/** The engine's cast would round a fraction away. */
function ifWhole(text: string | undefined): string | undefined {
  return text !== undefined && /^\s*[+-]?\d+\s*$/.test(text) ? text : undefined
}

/** The engine's cast to a timestamp without time zone would drop an offset from UTC without a word. */
function inUtc(text: string | undefined): string | undefined {
  if (text === undefined || !/:\d\d\S*\s?[+-]\d/.test(text)) return text
  const micros = parseTimestamp(text)
  return micros === undefined ? undefined : timestampText(BigInt(micros))
}
