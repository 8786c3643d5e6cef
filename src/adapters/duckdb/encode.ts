import type { DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import type { Driver } from './driver.js'
import { parseDate, parseDecimal, parseTimestamp } from './parse-text.js'
import { timestampText } from './text.js'
import { jsonText, NotLoadable, valueText } from './value-text.js'

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
 * Turns a part of a column into what the engine takes fastest: typed arrays for values in the usual form, else text that
 * the engine casts. Throws NotLoadable with the index of a value that the type cannot take.
 */
export function encode(driver: Driver, type: DuckDBType, part: ColumnPart): Encoded {
  return encodeTyped(driver, type, part) ?? encodeText(driver, type, part)
}

type TypedArray =
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Float64Array
  | Float32Array

function encodeTyped(driver: Driver, type: DuckDBType, part: ColumnPart): Encoded | undefined {
  const { DuckDBTypeId: id } = driver
  const { count } = part
  switch (type.typeId) {
    case id.BIGINT:
      return bigints(type, part, { array: new BigInt64Array(count), least: -(2n ** 63n), most: 2n ** 63n - 1n })
    case id.UBIGINT:
      return bigints(type, part, { array: new BigUint64Array(count), least: 0n, most: 2n ** 64n - 1n })
    case id.INTEGER:
      return integers(type, part, { array: new Int32Array(count), least: -(2 ** 31), most: 2 ** 31 - 1 })
    case id.UINTEGER:
      return integers(type, part, { array: new Uint32Array(count), least: 0, most: 2 ** 32 - 1 })
    case id.SMALLINT:
      return integers(type, part, { array: new Int16Array(count), least: -(2 ** 15), most: 2 ** 15 - 1 })
    case id.USMALLINT:
      return integers(type, part, { array: new Uint16Array(count), least: 0, most: 2 ** 16 - 1 })
    case id.TINYINT:
      return integers(type, part, { array: new Int8Array(count), least: -128, most: 127 })
    case id.UTINYINT:
      return integers(type, part, { array: new Uint8Array(count), least: 0, most: 255 })
    case id.DOUBLE:
      return fill(type, part, new Float64Array(count), (value) => (typeof value === 'number' ? value : undefined))
    case id.DATE:
      return fill(type, part, new Int32Array(count), dayOf)
    case id.TIMESTAMP:
    case id.TIMESTAMP_TZ:
      return fill(type, part, new BigInt64Array(count), microsOf)
    default:
      return encodeObjects(driver, type, part)
  }
}

function bigints(
  type: DuckDBType,
  part: ColumnPart,
  range: { readonly array: BigInt64Array | BigUint64Array; readonly least: bigint; readonly most: bigint },
): Encoded | undefined {
  return fill(type, part, range.array, (value) => {
    const number = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
    return typeof number === 'bigint' && number >= range.least && number <= range.most ? number : undefined
  })
}

function integers(
  type: DuckDBType,
  part: ColumnPart,
  range: { readonly array: TypedArray; readonly least: number; readonly most: number },
): Encoded | undefined {
  return fill(type, part, range.array, (value) => {
    const number = typeof value === 'bigint' ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number)) return undefined
    return number >= range.least && number <= range.most ? number : undefined
  })
}

function dayOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseDate(value)
  const day = value instanceof Date ? Math.floor(value.getTime() / 86_400_000) : Number.NaN
  return Number.isNaN(day) ? undefined : day
}

function microsOf(value: unknown): bigint | undefined {
  const micros = typeof value === 'string' ? parseTimestamp(value) : undefined
  if (micros !== undefined) return BigInt(micros)
  return value instanceof Date && !Number.isNaN(value.getTime()) ? BigInt(value.getTime()) * 1_000n : undefined
}

/** Undefined as soon as `convert` does not know a value. */
function fill(
  type: DuckDBType,
  part: ColumnPart,
  array: TypedArray,
  convert: (value: unknown) => number | bigint | undefined,
): Encoded | undefined {
  const { values, from, count } = part
  const nulls: number[] = []
  for (let index = 0; index < count; index++) {
    const value = values[from + index]
    if (value === null || value === undefined) {
      nulls.push(index)
      continue
    }
    const converted = convert(value)
    if (converted === undefined) return undefined
    array[index] = converted
  }
  return { type, write: (vector) => writeTyped(vector, array, nulls) }
}

function writeTyped(vector: DuckDBVector, array: TypedArray, nulls: readonly number[]): void {
  // The public setter takes and checks one boxed value at a time; the array behind it takes all of them at once.
  const items: unknown = Reflect.get(vector, 'items')
  if (!ArrayBuffer.isView(items) || items.byteLength !== array.byteLength) {
    throw new Error(`a vector of ${vector.type} has no array: this is a bug in fft`)
  }
  new Uint8Array(items.buffer, items.byteOffset, items.byteLength).set(
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  )
  for (const index of nulls) vector.setItem(index, null)
  vector.flush()
}

function encodeObjects(driver: Driver, type: DuckDBType, part: ColumnPart): Encoded | undefined {
  const convert = objectConverter(driver, type)
  if (convert === undefined) return undefined
  const { values, from, count } = part
  const items = new Array<DuckDBValue>(count)
  for (let index = 0; index < count; index++) {
    const value = values[from + index]
    const converted = value === null || value === undefined ? null : convert(value)
    if (converted === undefined) return undefined
    items[index] = converted
  }
  return { type, write: (vector) => writeItems(vector, items) }
}

function objectConverter(driver: Driver, type: DuckDBType): ((value: unknown) => DuckDBValue | undefined) | undefined {
  const { DuckDBTypeId: id, DuckDBDecimalValue, DuckDBBlobValue } = driver
  switch (type.typeId) {
    case id.BOOLEAN:
      return (value) => (typeof value === 'boolean' ? value : undefined)
    case id.BLOB:
      return (value) => (value instanceof Uint8Array ? new DuckDBBlobValue(value) : undefined)
    case id.DECIMAL: {
      if (!('width' in type) || !('scale' in type)) return undefined
      const { width, scale } = type
      return (value) => {
        if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined
        const scaled = parseDecimal(String(value), width, scale)
        return scaled === undefined ? undefined : new DuckDBDecimalValue(scaled, width, scale)
      }
    }
    default:
      return undefined
  }
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
