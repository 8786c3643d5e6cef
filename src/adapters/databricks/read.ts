import { concat, type Sql, sqlText } from '../../core/index.js'
import type { Column, ColumnBatch, QueryResult, TextRow } from '../types.js'
import type { Operation } from './driver.js'
import { isQuery } from './script.js'
import type { Row, ServerSession } from './session.js'
import { thrownOf } from './thrown.js'
import { parseType } from './type-names.js'
import { streamValue } from './values.js'

const reading = { isReplayable: true }

/** Runs a query and reads every cell as the engine's text. */
export async function readText(session: ServerSession, sql: Sql): Promise<QueryResult> {
  const text = sqlText(sql)
  const plain = await readPlain(session, text)
  return plain ?? readCast(session, sql, await describe(session, sql))
}

/** Columns of a SELECT without running it. */
export async function describe(session: ServerSession, select: Sql): Promise<readonly Column[]> {
  const rows = await session.rows(`describe query ${sqlText(select)}`)
  return rows.map(({ col_name: name, data_type: type }) => ({ name: String(name), type: String(type) }))
}

/** Streams a query's rows as lossless values. */
export async function openStream(session: ServerSession, select: Sql): Promise<AsyncGenerator<ColumnBatch>> {
  const columns = await describe(session, select)
  const sql = sqlText(castSelect(select, columns, (column) => !isDirect(column)))
  return batches(session, sql, columns)
}

/** How many rows are fetched at once. */
const batchRows = 20_000

async function* batches(session: ServerSession, sql: string, columns: readonly Column[]): AsyncGenerator<ColumnBatch> {
  const operation = await session.start(sql)
  const names = columns.map((column) => column.name)
  try {
    do {
      const rows = (await operation.fetchChunk({ maxRows: batchRows })) as readonly Row[]
      if (rows.length === 0) continue
      const values = columns.map((column, index) => rows.map((row) => decoded(row[`c${index}`], column)))
      yield { columns: names, values }
    } while (await operation.hasMoreRows())
  } finally {
    session.end(operation)
  }
}

function decoded(cell: unknown, column: Column): unknown {
  if (cell === null || cell === undefined) return null
  if (!isDirect(column)) return streamValue(String(cell), column.type)
  return cell
}

/** Types whose values the driver gives as they are. */
function isDirect({ type }: Column): boolean {
  return ['tinyint', 'smallint', 'int', 'boolean', 'string', 'varchar', 'char'].includes(parseType(type).name)
}

/** Thrift's type ids of values that print as the engine prints them: booleans, whole numbers, text, dates, times, NULL. */
const plainTypes: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 7, 8, 16, 17, 18, 19])

/** The rows when the driver gives them without loss; undefined when the engine has to print them. */
async function readPlain(session: ServerSession, text: string): Promise<QueryResult | undefined> {
  try {
    return await session.run(text, (operation) => plainRows(operation, isQuery(text)), reading)
  } catch (thrown) {
    // The server runs a SELECT of such a type and then cannot name it.
    if (isQuery(text) && /Unrecognized type name/.test(thrownOf(thrown)?.message ?? '')) return undefined
    throw thrown
  }
}

async function plainRows(operation: Operation, canCast: boolean): Promise<QueryResult | undefined> {
  const schema = await operation.getSchema()
  const described = (schema?.columns ?? []).map(({ columnName, typeDesc }) => {
    const id = typeDesc.types[0]?.primitiveEntry?.type ?? 7
    return { name: columnName, type: typeNames[id] ?? 'string', isPlain: plainTypes.has(id) }
  })
  const columns = described.map(({ name, type }) => ({ name, type }))
  const isPlain =
    described.every((column) => column.isPlain) && new Set(columns.map(({ name }) => name)).size === columns.length
  if (!isPlain && canCast) {
    const first = await operation.fetchChunk({ maxRows: 1 })
    return first.length === 0 ? { columns, rows: [] } : undefined
  }
  const rows = (await operation.fetchAll()) as readonly Row[]
  const cells = rows.map((row) => columns.map(({ name }) => cellText(row[name])))
  const isExact = rows.every((row) =>
    Object.values(row).every((cell) => typeof cell !== 'number' || Number.isFinite(cell)),
  )
  return isExact || !canCast ? { columns, rows: cells } : undefined
}

const typeNames: Readonly<Record<number, string>> = {
  0: 'boolean',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'bigint',
  5: 'float',
  6: 'double',
  8: 'timestamp',
  9: 'binary',
  15: 'decimal',
  17: 'date',
}

function cellText(cell: unknown): string | null {
  if (cell === null || cell === undefined) return null
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
}

async function readCast(session: ServerSession, sql: Sql, columns: readonly Column[]): Promise<QueryResult> {
  const rows = await session.rows(sqlText(castSelect(sql, columns, () => true)))
  const cells = rows.map((row): TextRow => columns.map((_, index) => cellText(row[`c${index}`])))
  return { columns, rows: cells }
}

/** The SELECT with columns `c0`, `c1`, …, those chosen as text. */
function castSelect(select: Sql, columns: readonly Column[], isCast: (column: Column) => boolean): Sql {
  const aliases = columns.map((_, index) => `c${index}`)
  const items = columns.map((column, index) => {
    const alias = aliases[index] ?? ''
    return isCast(column) ? `${textExpression(alias, column.type)} as ${alias}` : alias
  })
  return concat(`select ${items.join(', ')} from (\n`, withoutEnd(select), `\n) as q(${aliases.join(', ')})`)
}

function withoutEnd(select: Sql): Sql {
  const last = select.at(-1)
  if (last === undefined || 'hole' in last || !/;\s*$/.test(last.text)) return select
  return [...select.slice(0, -1), { ...last, text: last.text.replace(/;\s*$/, '') }]
}

const jsonOptions =
  "map('ignoreNullFields', 'false', 'timestampFormat', 'yyyy-MM-dd HH:mm:ss.SSSSSS', 'timestampNTZFormat', 'yyyy-MM-dd HH:mm:ss.SSSSSS')"

/** The lossless text of a value, which `streamValue` reads. */
function textExpression(expression: string, type: string): string {
  const { name } = parseType(type)
  if (name === 'binary') return `hex(${expression})`
  if (name === 'variant') return `to_json(${expression})`
  if (name === 'array' || name === 'map' || name === 'struct') return `to_json(${expression}, ${jsonOptions})`
  return `cast(${expression} as string)`
}
