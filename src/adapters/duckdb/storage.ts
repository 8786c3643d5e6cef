import type { DuckDBType } from '@duckdb/node-api'
import { parseDate, parseDecimal, parseTimestamp } from '../parse-text.js'
import type { Driver } from './driver.js'

/** The bytes of a part of a column, laid out as the engine keeps them. */
export interface Storage {
  readonly array: ArrayBufferView
  /** False when the value is not in a form that is known here. */
  store(index: number, value: unknown): boolean
}

/** Storage for so many values of a type; undefined for types that are not kept as plain numbers. */
export function storageOf(driver: Driver, type: DuckDBType, count: number): Storage | undefined {
  const { DuckDBTypeId: id } = driver
  switch (type.typeId) {
    case id.BIGINT:
      return bigints(new BigInt64Array(count), (value) => BigInt.asIntN(64, value) === value)
    case id.UBIGINT:
      return bigints(new BigUint64Array(count), (value) => BigInt.asUintN(64, value) === value)
    case id.DOUBLE:
      return doubles(new Float64Array(count))
    case id.DATE:
      return numbers(new Int32Array(count), dayOf)
    case id.TIMESTAMP:
    case id.TIMESTAMP_TZ:
      return longs(count, microsOf)
    case id.DECIMAL:
      return 'width' in type ? decimals(count, type.width, type.scale) : undefined
    default:
      return integers(driver, type, count)
  }
}

/** The scaled integer of a DECIMAL value; undefined when rounding or the engine's own reading is needed. */
export function scaledOf(value: unknown, width: number, scale: number): bigint | number | undefined {
  const isNumeric = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
  return isNumeric ? parseDecimal(String(value), width, scale) : undefined
}

function integers({ DuckDBTypeId: id }: Driver, type: DuckDBType, count: number): Storage | undefined {
  switch (type.typeId) {
    case id.INTEGER:
      return numbers(new Int32Array(count), wholeWithin(-(2 ** 31), 2 ** 31 - 1))
    case id.UINTEGER:
      return numbers(new Uint32Array(count), wholeWithin(0, 2 ** 32 - 1))
    case id.SMALLINT:
      return numbers(new Int16Array(count), wholeWithin(-(2 ** 15), 2 ** 15 - 1))
    case id.USMALLINT:
      return numbers(new Uint16Array(count), wholeWithin(0, 2 ** 16 - 1))
    case id.TINYINT:
      return numbers(new Int8Array(count), wholeWithin(-128, 127))
    case id.UTINYINT:
      return numbers(new Uint8Array(count), wholeWithin(0, 255))
    default:
      return undefined
  }
}

type NumberArray = Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array

function numbers(array: NumberArray, convert: (value: unknown) => number | undefined): Storage {
  return {
    array,
    store(index, value) {
      const number = convert(value)
      if (number === undefined) return false
      array[index] = number
      return true
    },
  }
}

function doubles(array: Float64Array): Storage {
  return {
    array,
    store(index, value) {
      if (typeof value !== 'number') return false
      array[index] = value
      return true
    },
  }
}

function bigints(array: BigInt64Array | BigUint64Array, fits: (value: bigint) => boolean): Storage {
  const halves = new Int32Array(array.buffer)
  const isSigned = array instanceof BigInt64Array
  return {
    array,
    store(index, value) {
      if (typeof value === 'bigint') {
        if (!fits(value)) return false
        array[index] = value
        return true
      }
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || (value < 0 && !isSigned)) return false
      storeLong(halves, index, value)
      return true
    },
  }
}

/** 64-bit integers from numbers, without a bigint for each. */
function longs(count: number, convert: (value: unknown) => number | undefined): Storage {
  const halves = new Int32Array(count * 2)
  return {
    array: halves,
    store(index, value) {
      const number = convert(value)
      if (number === undefined) return false
      storeLong(halves, index, number)
      return true
    },
  }
}

function storeLong(halves: Int32Array, index: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000)
  halves[index * 2] = value - high * 0x1_0000_0000
  halves[index * 2 + 1] = high
}

/** The engine keeps up to 4 digits in 16 bits, 9 in 32, 18 in 64; wider ones are left to the driver. */
function decimals(count: number, width: number, scale: number): Storage | undefined {
  const convert = (value: unknown) => {
    const scaled = scaledOf(value, width, scale)
    return scaled !== undefined && Number.isSafeInteger(Number(scaled)) ? Number(scaled) : undefined
  }
  if (width <= 4) return numbers(new Int16Array(count), convert)
  if (width <= 9) return numbers(new Int32Array(count), convert)
  return width <= 18 ? longs(count, convert) : undefined
}

function wholeWithin(least: number, most: number): (value: unknown) => number | undefined {
  return (value) => {
    const number = typeof value === 'bigint' ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number)) return undefined
    return number >= least && number <= most ? number : undefined
  }
}

function dayOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseDate(value)
  const day = value instanceof Date ? Math.floor(value.getTime() / 86_400_000) : Number.NaN
  return Number.isNaN(day) ? undefined : day
}

function microsOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseTimestamp(value)
  const micros = value instanceof Date ? value.getTime() * 1_000 : Number.NaN
  return Number.isSafeInteger(micros) ? micros : undefined
}
