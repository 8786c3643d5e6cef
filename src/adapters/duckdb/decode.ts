import type { DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import type { Driver } from './driver.js'
import { dateText, decimalText, doubleText, timestampText } from './text.js'

/**
 * The values of one column of a chunk, lossless: integers up to 32 bits, DOUBLE and FLOAT as number; wider integers as
 * bigint; BLOB as Uint8Array; LIST and ARRAY as array; STRUCT as object; MAP as a list of `{key, value}`; JSON and
 * VARCHAR as string; DECIMAL, dates, times, intervals, UUID and the rest as the engine's text; NULL as null.
 */
export function decodeValues(driver: Driver, vector: DuckDBVector): unknown[] {
  return read(vector, valueReader(driver, vector))
}

/** The values of one column of a chunk as the engine's text. Only for types that `hasOwnText` knows. */
export function decodeText(driver: Driver, vector: DuckDBVector): (string | null)[] {
  const { DuckDBTypeId: id } = driver
  const typeId = vector.type.typeId
  const reader = valueReader(driver, vector)
  if (typeId === id.DOUBLE) return read(vector, (index) => doubleText(Number(reader(index))))
  return read(vector, (index) => String(reader(index)))
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

function read<T>(vector: DuckDBVector, reader: (index: number) => T): (T | null)[] {
  const count = vector.itemCount
  const values = new Array<T | null>(count)
  const bits = validityBits(vector)
  for (let index = 0; index < count; index++) {
    const valid = bits === null || ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
    values[index] = valid ? reader(index) : null
  }
  return values
}

/** One bit a row, least significant first; null: no NULL among them. */
function validityBits(vector: DuckDBVector): Uint8Array | null {
  const validity: unknown = Reflect.get(vector, 'validity')
  const data: unknown = typeof validity === 'object' && validity !== null ? Reflect.get(validity, 'data') : undefined
  if (data === null) return null
  if (data instanceof BigUint64Array) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return nullsByItem(vector)
}

function nullsByItem(vector: DuckDBVector): Uint8Array {
  const bits = new Uint8Array(Math.ceil(vector.itemCount / 8))
  for (let index = 0; index < vector.itemCount; index++) {
    if (vector.getItem(index) !== null) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7))
  }
  return bits
}

function valueReader(driver: Driver, vector: DuckDBVector): Reader {
  const { DuckDBTypeId: id } = driver
  const { type } = vector
  const items: unknown = Reflect.get(vector, 'items')
  const rare = (index: number) => String(vector.getItem(index))
  if (type.typeId === id.DECIMAL) return decimalReader(vector) ?? rare
  if (items instanceof BigInt64Array) {
    if (type.typeId === id.BIGINT) return (index) => items[index]
    if (type.typeId === id.TIMESTAMP) return (index) => timestampText(items[index] ?? 0n) ?? rare(index)
    if (type.typeId === id.TIMESTAMP_TZ) return (index) => timestampTzText(driver, items[index] ?? 0n)
  }
  if (items instanceof Int32Array && type.typeId === id.DATE)
    return (index) => dateText(items[index] ?? 0) ?? rare(index)
  if (items instanceof Float64Array || (items instanceof Int32Array && type.typeId === id.INTEGER)) {
    return (index) => items[index]
  }
  return (index) => fromDriver(driver, vector.getItem(index), type)
}

/** In UTC; the driver's own text would be in the machine's time zone. */
function timestampTzText({ DuckDBTimestampValue }: Driver, micros: bigint): string {
  const text = timestampText(micros) ?? new DuckDBTimestampValue(micros).toString()
  return text.endsWith('infinity') ? text : `${text}+00`
}

function decimalReader(vector: DuckDBVector): Reader | undefined {
  if (!('getScaledValue' in vector) || typeof vector.getScaledValue !== 'function') return undefined
  const decimal = vector as DuckDBVector & { getScaledValue(index: number): bigint | number | null }
  const scale = 'scale' in vector.type ? vector.type.scale : 0
  return (index) => decimalText(decimal.getScaledValue(index) ?? 0, scale)
}

/** One value as the driver gives it, made lossless plain data by its type. */
function fromDriver(driver: Driver, value: DuckDBValue, type: DuckDBType): unknown {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof driver.DuckDBBlobValue) return new Uint8Array(value.bytes)
  if (value instanceof driver.DuckDBListValue || value instanceof driver.DuckDBArrayValue) {
    const inner = 'valueType' in type ? type.valueType : type
    return value.items.map((item) => fromDriver(driver, item, inner))
  }
  if (value instanceof driver.DuckDBStructValue) {
    return Object.fromEntries(
      Object.entries(value.entries).map(([name, entry], index) => {
        const inner = 'entryTypes' in type ? (type.entryTypes[index] ?? type) : type
        return [name, fromDriver(driver, entry, inner)]
      }),
    )
  }
  if (value instanceof driver.DuckDBMapValue && 'keyType' in type) {
    return value.entries.map((entry) => ({
      key: fromDriver(driver, entry.key, type.keyType),
      value: fromDriver(driver, entry.value, type.valueType),
    }))
  }
  if (value instanceof driver.DuckDBUnionValue) return fromDriver(driver, value.value, type)
  if (value instanceof driver.DuckDBTimestampTZValue) return timestampTzText(driver, value.micros)
  return String(value)
}
