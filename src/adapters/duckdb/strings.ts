import { isAscii } from 'node:buffer'
import { createRequire } from 'node:module'
import type { DuckDBVector } from '@duckdb/node-api'

/** Reads so many bytes from the address that stands in a buffer. */
type ReadAddress = (buffer: ArrayBufferLike, offset: number, bytes: number) => Uint8Array

// DuckDB's string_t: 4 bytes of length, then up to 12 bytes of text, or 4 bytes of its start and its address.
const entryBytes = 16
const shortBytes = 12
const smallestPage = 4096

/**
 * Gives the strings of a VARCHAR vector by row, for rows that are not NULL. The driver asks for each long string on its
 * own, a microsecond each; strings of a vector lie close together in memory, so here they are fetched a stretch at a time.
 * Undefined when the driver's inside is not as expected: then its own way is taken.
 */
export function stringReader(
  vector: DuckDBVector,
  isValid: (index: number) => boolean,
): ((index: number) => string) | undefined {
  const data: unknown = Reflect.get(vector, 'dataView')
  const readAddress = addressReader()
  if (!(data instanceof DataView) || readAddress === undefined) return undefined
  if (data.byteLength < vector.itemCount * entryBytes) return undefined
  const view = data
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  const long = longStrings(view, vector.itemCount, isValid)
  const stretches = fetchStretches(view, long, readAddress)
  return (index) => {
    const offset = index * entryBytes
    const length = view.getUint32(offset, true)
    if (length <= shortBytes) return shortText(bytes, offset + 4, length)
    return stretches(index, length)
  }
}

interface LongStrings {
  /** Row numbers, ascending by address. */
  readonly rows: Uint32Array
  /** Address of the string in a row. */
  readonly addresses: Float64Array
}

function longStrings(view: DataView, count: number, isValid: (index: number) => boolean): LongStrings {
  const addresses = new Float64Array(count)
  const rows = new Uint32Array(count)
  let found = 0
  let isAscending = true
  let previous = 0
  for (let index = 0; index < count; index++) {
    if (!isValid(index) || view.getUint32(index * entryBytes, true) <= shortBytes) continue
    const at = index * entryBytes + 8
    const address = view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000
    addresses[index] = address
    rows[found++] = index
    if (address < previous) isAscending = false
    previous = address
  }
  const used = rows.subarray(0, found)
  if (!isAscending) used.sort((a, b) => (addresses[a] ?? 0) - (addresses[b] ?? 0))
  return { rows: used, addresses }
}

/** Fetches strings that lie less than a page apart together: memory in between is then surely readable. */
function fetchStretches(view: DataView, { rows, addresses }: LongStrings, readAddress: ReadAddress) {
  const stretchOf = new Uint16Array(addresses.length)
  const starts: number[] = []
  const texts: Stretch[] = []
  const lengthOf = (row: number) => view.getUint32(row * entryBytes, true)
  for (let from = 0; from < rows.length; ) {
    const first = rows[from] ?? 0
    const start = addresses[first] ?? 0
    let end = start
    let to = from
    for (; to < rows.length; to++) {
      const row = rows[to] ?? 0
      const address = addresses[row] ?? 0
      if (address - end >= smallestPage) break
      end = Math.max(end, address + lengthOf(row))
      stretchOf[row] = texts.length
    }
    const offset = view.byteOffset + first * entryBytes + 8
    texts.push(stretchText(readAddress(view.buffer, offset, end - start)))
    starts.push(start)
    from = to
  }
  return (row: number, length: number): string => {
    const stretch = stretchOf[row] ?? 0
    const from = (addresses[row] ?? 0) - (starts[stretch] ?? 0)
    return texts[stretch]?.(from, from + length) ?? ''
  }
}

type Stretch = (from: number, to: number) => string

/** Plain ASCII is decoded once and cut; anything else string by string. */
function stretchText(read: Uint8Array): Stretch {
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength)
  if (!isAscii(bytes)) return (from, to) => bytes.toString('utf8', from, to)
  const text = bytes.toString('latin1')
  return (from, to) => text.slice(from, to)
}

function shortText(bytes: Buffer, start: number, length: number): string {
  const end = start + length
  for (let index = start; index < end; index++) {
    if ((bytes[index] ?? 0) > 127) return bytes.toString('utf8', start, end)
  }
  return bytes.toString('latin1', start, end)
}

let known: { readonly read: ReadAddress | undefined } | undefined

function addressReader(): ReadAddress | undefined {
  known ??= { read: findAddressReader() }
  return known.read
}

/** The driver keeps this function in its native package, which is looked up from where the driver is. */
function findAddressReader(): ReadAddress | undefined {
  try {
    const driver = createRequire(import.meta.url).resolve('@duckdb/node-api')
    const bindings: unknown = createRequire(driver)('@duckdb/node-bindings')
    const read: unknown =
      typeof bindings === 'object' && bindings !== null ? Reflect.get(bindings, 'get_data_from_pointer') : undefined
    return typeof read === 'function' ? (read as ReadAddress) : undefined
  } catch {
    return undefined
  }
}
