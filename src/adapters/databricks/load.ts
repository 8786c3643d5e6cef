import type { Relation } from '../../core/index.js'
import { cancelledError } from '../error-place.js'
import type { Column, ColumnBatch } from '../types.js'
import { list, names, quote, quoteText, relation } from './names.js'
import type { ServerSession } from './session.js'
import { isNested, parseType, type TypeTree } from './type-names.js'

/** A column that has one value in all rows, as SQL. */
export interface ConstantColumn {
  readonly name: string
  readonly sql: string
}

export interface LoadContext {
  readonly session: ServerSession
  readonly signal: AbortSignal
  /** Columns beside those that are loaded. */
  readonly constants?: readonly ConstantColumn[]
}

/** How much a statement carries: a server's limit is some 16 MB, and longer ones are not faster. */
const longestLiteral = 6_000_000
const mostRows = 50_000

/**
 * Puts rows into an existing table through statements that carry them as one JSON text: the server need not see a file,
 * and it is the fastest way of those that it offers then. Columns are matched by name; a value that its type refuses is
 * an error.
 */
export async function loadBatches(
  { session, signal, constants = [] }: LoadContext,
  into: Relation,
  columns: readonly Column[],
  batches: AsyncIterable<ColumnBatch>,
): Promise<number> {
  const values = columns.map(({ name, type }, index) => `${valueFromText(`r[${index}]`, type)} as ${quote(name)}`)
  const items = [...values, ...constants.map(({ name, sql }) => `${sql} as ${quote(name)}`)]
  const insert = `insert into ${relation(into)} (${list([...columns, ...constants].map(({ name }) => name))}) select ${items.join(', ')} from `
  const rows = new JsonRows(names(columns))
  let loaded = 0
  const flush = async () => {
    if (signal.aborted) throw cancelledError()
    const { json, count } = rows.take()
    if (count > 0) await session.rows(insert + rowsFrom(json), { isReplayable: false })
    loaded += count
  }
  for await (const batch of batches) {
    for (const row of rowsOf(batch, columns)) {
      rows.add(row)
      if (rows.isFull) await flush()
    }
  }
  await flush()
  return loaded
}

/** Rows on their way into one statement. */
export class JsonRows {
  readonly #hasColumns: boolean
  #rows: string[] = []
  #length = 0

  constructor(columns: readonly string[]) {
    this.#hasColumns = columns.length > 0
  }

  get isFull(): boolean {
    return this.#length >= longestLiteral || this.#rows.length >= mostRows
  }

  add(cells: readonly (string | null)[]): void {
    if (!this.#hasColumns) return
    const row = JSON.stringify(cells)
    this.#rows.push(row)
    this.#length += row.length
  }

  take(): { readonly json: string; readonly count: number } {
    const taken = { json: `[${this.#rows.join(',')}]`, count: this.#rows.length }
    this.#rows = []
    this.#length = 0
    return taken
  }
}

/** Rows `r`, arrays of text, as a FROM item. */
export function rowsFrom(json: string): string {
  return `(select explode(from_json(${quoteText(json)}, 'array<array<string>>', map('mode', 'FAILFAST'))) as r)`
}

/** The value of a type from its text. */
export function valueFromText(expression: string, type: string): string {
  const { name } = parseType(type)
  if (name === 'string') return expression
  if (name === 'binary') return `unhex(${expression})`
  if (name === 'variant') return `parse_json(${expression})`
  if (isNested(type)) return `from_json(${expression}, ${quoteText(type)}, map('mode', 'FAILFAST'))`
  return `cast(${expression} as ${type})`
}

function* rowsOf({ columns: given, values }: ColumnBatch, columns: readonly Column[]): Generator<(string | null)[]> {
  const sources = columns.map(({ name, type }) => {
    const at = given.indexOf(name)
    const source = values[at === -1 ? given.findIndex((other) => other.toLowerCase() === name.toLowerCase()) : at]
    return { source, type: parseType(type) }
  })
  const count = values[0]?.length ?? 0
  for (let row = 0; row < count; row++) yield sources.map(({ source, type }) => cellText(source?.[row], type))
}

/** The text that a value of a type is cast from. */
function cellText(value: unknown, type: TypeTree): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return type.name === 'date' ? value.toISOString().slice(0, 10) : value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return jsonText(value, type)
}

/** Nested values as JSON: bigints with all their digits, dates as ISO text, bytes as base64; maps from `{key, value}`. */
function jsonText(value: unknown, type: TypeTree | undefined): string {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (Array.isArray(value)) {
    if (type?.name === 'map') return objectText(value.map(entryOf), () => type.inner[1]?.type)
    return `[${value.map((item: unknown) => jsonText(item, type?.inner[0]?.type)).join(',')}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  return objectText(Object.entries(value), (name) => type?.inner.find(({ field }) => unquoted(field) === name)?.type)
}

function entryOf(entry: unknown): readonly [string, unknown] {
  const { key, value } = (entry ?? {}) as { readonly key?: unknown; readonly value?: unknown }
  return [String(key), value]
}

function unquoted(field: string | undefined): string | undefined {
  return field?.startsWith('`') ? field.slice(1, -1).replaceAll('``', '`') : field
}

function objectText(
  entries: readonly (readonly [string, unknown])[],
  typeOf: (name: string) => TypeTree | undefined,
): string {
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${jsonText(inner, typeOf(name))}`).join(',')}}`
}
