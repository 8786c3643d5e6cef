import { type Relation, sqlText, text } from '../../core/index.js'
import type { Column, ColumnBatch } from '../types.js'
import { cancelledError } from './errors.js'
import { list, names, quote, quoteText, relation } from './names.js'
import type { ServerSession } from './session.js'
import { isNested, parseType } from './type-names.js'

export interface LoadContext {
  readonly session: ServerSession
  readonly signal: AbortSignal
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
  { session, signal }: LoadContext,
  into: Relation,
  columns: readonly Column[],
  batches: AsyncIterable<ColumnBatch>,
): Promise<number> {
  const insert = insertStatement(into, columns)
  let pending: string[] = []
  let length = 0
  let loaded = 0
  const flush = async () => {
    if (signal.aborted) throw cancelledError()
    if (pending.length === 0) return
    await session.rows(insert(`[${pending.join(',')}]`), { isReplayable: false })
    loaded += pending.length
    pending = []
    length = 0
  }
  for await (const batch of batches) {
    for (const row of rowsOf(batch, columns)) {
      pending.push(row)
      length += row.length
      if (length >= longestLiteral || pending.length >= mostRows) await flush()
    }
  }
  await flush()
  return loaded
}

function insertStatement(into: Relation, columns: readonly Column[]): (json: string) => string {
  const items = columns.map(({ name, type }, index) => `${fromText(`r[${index}]`, type)} as ${quote(name)}`)
  const head = `insert into ${relation(into)} (${list(names(columns))}) select ${items.join(', ')} from (select explode(from_json(`
  return (json) => sqlText(text(`${head}${quoteText(json)}, 'array<array<string>>', map('mode', 'FAILFAST'))) as r)`))
}

/** The value of a type from its text. */
function fromText(expression: string, type: string): string {
  const { name } = parseType(type)
  if (name === 'string') return expression
  if (name === 'binary') return `unhex(${expression})`
  if (name === 'variant') return `parse_json(${expression})`
  if (isNested(type)) return `from_json(${expression}, ${quoteText(type)}, ${jsonOptions})`
  return `cast(${expression} as ${type})`
}

const jsonOptions = "map('mode', 'FAILFAST')"

function* rowsOf({ columns: given, values }: ColumnBatch, columns: readonly Column[]): Generator<string> {
  const sources = columns.map(({ name, type }) => {
    const at = given.indexOf(name)
    const source = values[at === -1 ? given.findIndex((other) => other.toLowerCase() === name.toLowerCase()) : at]
    return { source, type: parseType(type).name }
  })
  const count = values[0]?.length ?? 0
  for (let row = 0; row < count; row++) {
    yield `[${sources.map(({ source, type }) => jsonCell(source?.[row], type)).join(',')}]`
  }
}

/** A value as a JSON string of the text that its type is cast from. */
function jsonCell(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'null'
  return JSON.stringify(cellText(value, type))
}

function cellText(value: unknown, type: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return type === 'date' ? value.toISOString().slice(0, 10) : value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return jsonText(value)
}

/** Nested values as JSON: bigints with all their digits, dates as ISO text, bytes as base64; maps from `{key, value}`. */
function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (Array.isArray(value)) return `[${value.map((item: unknown) => jsonText(item)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  return `{${Object.entries(value)
    .map(([name, inner]) => `${JSON.stringify(name)}:${jsonText(inner)}`)
    .join(',')}}`
}
