import type { DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import { dateText, decimalText, doubleText, nearTimestampText, timestampText } from '../print-text.js'
import type { Driver } from './driver.js'
import { stringReader } from './strings.js'

/**
 * The values of one column of a chunk, lossless: integers up to 32 bits, DOUBLE and FLOAT as number; wider integers as
 * bigint; BLOB as Uint8Array; LIST and ARRAY as array; STRUCT as object; MAP as a list of `{key, value}`; JSON and
 * VARCHAR as string; DECIMAL, dates, times, intervals, UUID and the rest as the engine's text; NULL as null.
 */
export function decodeValues(driver: Driver, vector: DuckDBVector): unknown[] {
  const isValid = validity(vector)
  return read(vector, isValid, valueReader(driver, vector, isValid))
}

/** The values of one column of a chunk as the engine's text. Only for types that `hasOwnText` knows. */
export function decodeText(driver: Driver, vector: DuckDBVector): (string | null)[] {
  const isValid = validity(vector)
  const reader = valueReader(driver, vector, isValid)
  const isDouble = vector.type.typeId === driver.DuckDBTypeId.DOUBLE
  return read(
    vector,
    isValid,
    isDouble ? (index) => doubleText(Number(reader(index))) : (index) => String(reader(index)),
  )
}

/** True when the values of a type are printed here exactly as the engine prints them; false: let the engine cast. */
export function hasOwnText(driver: Driver, type: DuckDBType): boolean {
  const { DuckDBTypeId: id } = driver
  const own: readonly number[] = [
    id.BOOLEAN,
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
    id.DOUBLE,
    id.DECIMAL,
    id.VARCHAR,
    id.ENUM,
    id.DATE,
    id.TIMESTAMP,
    id.TIMESTAMP_TZ,
    id.TIMESTAMP_S,
    id.TIMESTAMP_MS,
    id.TIMESTAMP_NS,
  ]
  return own.includes(type.typeId)
}

type Reader = (index: number) => unknown

type IsValid = (index: number) => boolean

function read<T>(vector: DuckDBVector, isValid: IsValid, reader: (index: number) => T): (T | null)[] {
  const count = vector.itemCount
  const values = new Array<T | null>(count)
  if (isValid === always) {
    for (let index = 0; index < count; index++) values[index] = reader(index)
  } else {
    for (let index = 0; index < count; index++) values[index] = isValid(index) ? reader(index) : null
  }
  return values
}

const always: IsValid = () => true

/** Which rows are not NULL. The driver's own test computes with bigints, ten times slower. */
function validity(vector: DuckDBVector): IsValid {
  const own: unknown = Reflect.get(vector, 'validity')
  const data: unknown = typeof own === 'object' && own !== null ? Reflect.get(own, 'data') : undefined
  if (data === null) return always
  if (!(data instanceof BigUint64Array)) return (index) => vector.getItem(index) !== null
  // One bit a row, least significant first.
  const bits = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return (index) => ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
}

function valueReader(driver: Driver, vector: DuckDBVector, isValid: IsValid): Reader {
  const { DuckDBTypeId: id } = driver
  const { type } = vector
  const items: unknown = Reflect.get(vector, 'items')
  const rare: Reader = (index) => fromDriver(driver, vector.getItem(index), type)
  if (type.typeId === id.VARCHAR) return stringReader(vector, isValid) ?? rare
  if (type.typeId === id.DECIMAL) return decimalReader(vector) ?? rare
  if (items instanceof BigInt64Array) return longReader(driver, type, items) ?? rare
  if (items instanceof Float64Array) return (index) => items[index]
  return items instanceof Int32Array ? (shortReader(driver, type, items) ?? rare) : rare
}

function shortReader(driver: Driver, type: DuckDBType, items: Int32Array): Reader | undefined {
  const { DuckDBTypeId: id, DuckDBDateValue } = driver
  if (type.typeId === id.INTEGER) return (index) => items[index]
  if (type.typeId !== id.DATE) return undefined
  return (index) => dateText(items[index] ?? 0) ?? new DuckDBDateValue(items[index] ?? 0).toString()
}

function longReader(driver: Driver, type: DuckDBType, items: BigInt64Array): Reader | undefined {
  const { DuckDBTypeId: id, DuckDBTimestampValue } = driver
  if (type.typeId === id.BIGINT) return (index) => items[index]
  if (type.typeId !== id.TIMESTAMP && type.typeId !== id.TIMESTAMP_TZ) return undefined
  const halves = new Int32Array(items.buffer, items.byteOffset, items.length * 2)
  const text = (index: number) => {
    const micros = safeInteger(halves, index)
    if (micros !== undefined) return nearTimestampText(micros) ?? new DuckDBTimestampValue(BigInt(micros)).toString()
    return timestampText(items[index] ?? 0n) ?? new DuckDBTimestampValue(items[index] ?? 0n).toString()
  }
  return type.typeId === id.TIMESTAMP ? text : (index) => inUtc(text(index))
}

function inUtc(text: string): string {
  return text.endsWith('infinity') ? text : `${text}+00`
}

// A bigint is an object of its own; most values do without one.
const highest = 2 ** 21

/** A 64-bit integer as a number, from its two halves; undefined when a number cannot hold it. */
function safeInteger(halves: Int32Array, index: number): number | undefined {
  const high = halves[index * 2 + 1] ?? 0
  if (high >= highest || high < -highest) return undefined
  return high * 0x1_0000_0000 + ((halves[index * 2] ?? 0) >>> 0)
}

function decimalReader(vector: DuckDBVector): Reader | undefined {
  if (!('getScaledValue' in vector) || typeof vector.getScaledValue !== 'function') return undefined
  const decimal = vector as DuckDBVector & { getScaledValue(index: number): bigint | number | null }
  const scale = 'scale' in vector.type ? vector.type.scale : 0
  const slow: Reader = (index) => decimalText(decimal.getScaledValue(index) ?? 0, scale)
  const data: unknown = Reflect.get(vector, 'dataView')
  if (!(data instanceof DataView) || data.byteLength !== vector.itemCount * 8) return slow
  const halves = new Int32Array(data.buffer, data.byteOffset, vector.itemCount * 2)
  return (index) => {
    const scaled = safeInteger(halves, index)
    return scaled === undefined ? slow(index) : decimalText(scaled, scale)
  }
}

/** One value as the driver gives it, made lossless plain data by its type. */
function fromDriver(driver: Driver, value: DuckDBValue, type: DuckDBType): unknown {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof driver.DuckDBBlobValue) return new Uint8Array(value.bytes)
  if (value instanceof driver.DuckDBUnionValue) return fromDriver(driver, value.value, type)
  // The driver's own text would be in the machine's time zone.
  if (value instanceof driver.DuckDBTimestampTZValue) {
    return inUtc(new driver.DuckDBTimestampValue(value.micros).toString())
  }
  return nestedFromDriver(driver, value, type) ?? String(value)
}

function nestedFromDriver(driver: Driver, value: DuckDBValue, type: DuckDBType): unknown {
  if (value instanceof driver.DuckDBListValue || value instanceof driver.DuckDBArrayValue) {
    const inner = 'valueType' in type ? type.valueType : type
    return value.items.map((item) => fromDriver(driver, item, inner))
  }
  if (value instanceof driver.DuckDBStructValue) {
    const types = 'entryTypes' in type ? type.entryTypes : []
    const entries = Object.entries(value.entries)
    return Object.fromEntries(entries.map(([name, entry], at) => [name, fromDriver(driver, entry, types[at] ?? type)]))
  }
  if (!(value instanceof driver.DuckDBMapValue) || !('keyType' in type)) return undefined
  return value.entries.map((entry) => ({
    key: fromDriver(driver, entry.key, type.keyType),
    value: fromDriver(driver, entry.value, type.valueType),
  }))
}
