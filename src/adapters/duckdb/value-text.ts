import type { DuckDBType } from '@duckdb/node-api'
import { jsonText } from '../json-text.js'
import { doubleText } from '../print-text.js'
import type { Driver } from './driver.js'

/** A value that a column's type cannot take; `index` counts from the start of the part that was encoded. */
export class NotLoadable extends Error {
  readonly index: number
  readonly value: unknown

  constructor(index: number, value: unknown) {
    super('a value does not fit its column')
    this.index = index
    this.value = value
  }
}

/** A JavaScript value as text that the engine casts to the type; undefined when it has none (an invalid date, a function). */
export function valueText(driver: Driver, value: unknown, type: DuckDBType): string | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return type.typeId === driver.DuckDBTypeId.VARCHAR ? String(value) : doubleText(value).replace(/\.0$/, '')
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      return value === null ? undefined : objectText(driver, value, type)
    default:
      return undefined
  }
}

function objectText(driver: Driver, value: object, type: DuckDBType): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : dateTimeText(value)
  if (value instanceof Uint8Array) return bytesText(value)
  if ('keyType' in type) return mapText(driver, value, type)
  if ('entryNames' in type) return structText(driver, value, type)
  if ('valueType' in type) return listText(driver, value, type.valueType)
  return type.typeId === driver.DuckDBTypeId.VARCHAR ? jsonText(value) : undefined
}

function listText(driver: Driver, value: object, type: DuckDBType): string | undefined {
  if (!Array.isArray(value)) return undefined
  const items: readonly unknown[] = value
  return joined(
    '[',
    ']',
    items.map((item) => nestedText(driver, item, type)),
  )
}

/** ISO 8601 without the `T` and `Z`: UTC. */
function dateTimeText(value: Date): string {
  return value
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '')
}

function bytesText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}

/** A value inside a list, struct or map: text is always quoted, so that nothing in it has a meaning. */
function nestedText(driver: Driver, value: unknown, type: DuckDBType): string | undefined {
  if (value === null || value === undefined) return 'NULL'
  const text = type.alias === 'JSON' ? jsonText(value) : valueText(driver, value, type)
  if (text === undefined) return undefined
  const isBare = typeof value === 'object' && 'typeId' in type && isNested(driver, type)
  return isBare || typeof value === 'number' || typeof value === 'bigint' ? text : quoted(text)
}

function isNested({ DuckDBTypeId: id }: Driver, type: DuckDBType): boolean {
  const nested: readonly number[] = [id.LIST, id.ARRAY, id.STRUCT, id.MAP]
  return nested.includes(type.typeId)
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, (character) => `\\${character}`)}"`
}

function structText(
  driver: Driver,
  value: object,
  type: { readonly entryNames: readonly string[]; readonly entryTypes: readonly DuckDBType[] },
): string | undefined {
  if (Array.isArray(value)) return undefined
  // A key that the type does not have must not vanish.
  if (Object.keys(value).some((key) => !type.entryNames.includes(key))) return undefined
  const entries = type.entryNames.map((name, index) => {
    const entryType = type.entryTypes[index]
    const text = entryType === undefined ? undefined : nestedText(driver, Reflect.get(value, name), entryType)
    return text === undefined ? undefined : `${quoted(name)}: ${text}`
  })
  return joined('{', '}', entries)
}

function mapText(
  driver: Driver,
  value: object,
  type: { readonly keyType: DuckDBType; readonly valueType: DuckDBType },
): string | undefined {
  const entries = mapEntries(value)?.map(([key, entry]) => {
    const keyText = nestedText(driver, key, type.keyType)
    const text = nestedText(driver, entry, type.valueType)
    return keyText === undefined || text === undefined ? undefined : `${keyText}=${text}`
  })
  return entries === undefined ? undefined : joined('{', '}', entries)
}

function mapEntries(value: object): readonly (readonly [unknown, unknown])[] | undefined {
  if (value instanceof Map) return [...value.entries()]
  if (!Array.isArray(value)) return Object.entries(value)
  const entries: (readonly [unknown, unknown])[] = []
  for (const entry of value as unknown[]) {
    if (typeof entry !== 'object' || entry === null || !('key' in entry)) return undefined
    entries.push([entry.key, 'value' in entry ? entry.value : null])
  }
  return entries
}

function joined(open: string, close: string, parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(', ')}${close}`
}
