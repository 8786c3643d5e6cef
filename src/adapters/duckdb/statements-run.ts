import type {
  DuckDBMaterializedResult,
  DuckDBPreparedStatement,
  DuckDBResult,
  DuckDBType,
  DuckDBConnection as NativeConnection,
} from '@duckdb/node-api'
import { quote } from '../names.js'
import { toldCounts } from '../told-counts.js'
import type { ColumnBatch, QueryResult, TextRow, Written } from '../types.js'
import { decodeText, decodeValues, hasOwnText } from './decode.js'
import type { Driver } from './driver.js'
import { cancelledError } from './errors.js'

/**
 * Runs all statements of a text; gives what one of them tells itself, or else how many rows they inserted, updated,
 * deleted or created, in all.
 */
export async function runCounting(driver: Driver, native: NativeConnection, text: string): Promise<Written> {
  if (!mayBeSeveral(text)) {
    const result = await native.run(text)
    return toldBy(driver, result) ?? { rowsAffected: affectedRows(driver, result) }
  }
  let rows = 0
  let told: Written | undefined
  const count = (result: DuckDBMaterializedResult): void => {
    told ??= toldBy(driver, result)
    rows += affectedRows(driver, result)
  }
  const last = await runAllButLast(native, text, count)
  if (last !== undefined) count(await using(last, () => last.run()))
  return told ?? { rowsAffected: rows }
}

/** The counts of a statement that tells them itself. */
function toldBy(driver: Driver, result: DuckDBMaterializedResult): Written | undefined {
  return result.columnCount > 0 && result.columnName(0) === 'rows_affected'
    ? toldCounts(result.columnNames(), textRows(driver, result)[0])
    : undefined
}

/** Runs a query and reads every row as the engine's text. */
export async function readText(driver: Driver, native: NativeConnection, text: string): Promise<QueryResult> {
  const last = await runAllButLast(native, text)
  if (last === undefined) return { columns: [], rows: [] }
  const types = Array.from({ length: last.columnCount }, (_, index) => last.columnType(index))
  const result = types.every((type) => hasOwnText(driver, type))
    ? await using(last, () => last.run())
    : await runCast(driver, native, { text, last, types })
  const rows = textRows(driver, result)
  const columns = types.map((type, index) => ({ name: result.columnName(index), type: typeName(type) }))
  return { columns, rows }
}

/** An open query: batches until undefined. `end` frees the engine's side early. */
export interface RowStream {
  next(): Promise<ColumnBatch | undefined>
  /** Lets the next `next` throw `cancelled`. */
  cancel(): void
  end(): Promise<void>
}

/** Starts a query whose rows are read in batches, as lossless values. */
export async function openStream(driver: Driver, native: NativeConnection, text: string): Promise<RowStream> {
  const result = await native.stream(text)
  const columns = result.columnNames()
  let state: 'open' | 'cancelled' | 'ended' = 'open'
  return {
    async next() {
      if (state === 'cancelled') throw cancelledError()
      if (state === 'ended') return undefined
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) {
        state = 'ended'
        return undefined
      }
      const values = columns.map((_, index) => decodeValues(driver, chunk.getColumnVector(index)))
      return { columns, values }
    },
    cancel() {
      if (state === 'open') state = 'cancelled'
    },
    async end() {
      if (state === 'ended') return
      state = 'ended'
      await drain(native, result)
    },
  }
}

/** An unfinished result keeps the database open, even after its connection is closed: interrupt it and read it out. */
async function drain(native: NativeConnection, result: DuckDBResult): Promise<void> {
  try {
    for (;;) {
      native.interrupt()
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) return
    }
  } catch {
    // The interrupt itself, or the query's own late error: nobody reads on.
  }
}

// PIVOT becomes several statements inside the engine, and a plain run gives the first one's result.
function mayBeSeveral(text: string): boolean {
  return /;\s*\S|\bpivot\b/i.test(text)
}

async function runAllButLast(
  native: NativeConnection,
  text: string,
  onResult: (result: DuckDBMaterializedResult) => void = () => {},
): Promise<DuckDBPreparedStatement | undefined> {
  if (!mayBeSeveral(text)) return prepareOne(native, text)
  const statements = await native.extractStatements(text)
  for (let index = 0; index < statements.count - 1; index++) {
    const statement = await statements.prepare(index)
    onResult(await using(statement, () => statement.run()))
  }
  return statements.prepare(statements.count - 1)
}

async function prepareOne(native: NativeConnection, text: string): Promise<DuckDBPreparedStatement | undefined> {
  try {
    return await native.prepare(text)
  } catch (thrown) {
    // A text of comments alone.
    if (thrown instanceof Error && thrown.message.includes('No statement to prepare')) return undefined
    throw thrown
  }
}

async function using<T>(statement: DuckDBPreparedStatement, task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } finally {
    statement.destroySync()
  }
}

/** `create table as` counts in its one row, RETURNING by its rows, everything else in the result's own count. */
function affectedRows(driver: Driver, result: DuckDBMaterializedResult): number {
  const { ResultReturnType: kind, StatementType: statement } = driver
  if (result.returnType === kind.CHANGED_ROWS) return result.rowsChanged
  if (result.returnType === kind.QUERY_RESULT) {
    const writes: readonly number[] = [statement.INSERT, statement.UPDATE, statement.DELETE, statement.MERGE_INTO]
    return writes.includes(result.statementType) ? result.rowCount : 0
  }
  if (result.statementType !== statement.CREATE || result.rowCount === 0) return 0
  return Number(result.getChunk(0).getColumnVector(0).getItem(0))
}

interface PreparedQuery {
  readonly text: string
  readonly last: DuckDBPreparedStatement
  readonly types: readonly DuckDBType[]
}

/** Lets the engine print what only it prints right (nested values, intervals, …). */
async function runCast(
  driver: Driver,
  native: NativeConnection,
  query: PreparedQuery,
): Promise<DuckDBMaterializedResult> {
  const { text, last, types } = query
  if (last.statementType !== driver.StatementType.SELECT || mayBeSeveral(text)) return using(last, () => last.run())
  const names = types.map((_, index) => quote(last.columnName(index)))
  last.destroySync()
  const aliases = types.map((_, index) => `c${index}`)
  const selected = types.map((type, index) => {
    const alias = aliases[index] ?? ''
    return `${hasOwnText(driver, type) ? alias : `${alias}::varchar`} as ${names[index] ?? alias}`
  })
  // The line break keeps a comment at the end from swallowing the bracket.
  const inner = text.replace(/;\s*$/, '')
  return native.run(`select ${selected.join(', ')} from (${inner}\n) as q(${aliases.join(', ')})`)
}

function textRows(driver: Driver, result: DuckDBMaterializedResult): readonly TextRow[] {
  const rows: TextRow[] = []
  for (let index = 0; index < result.chunkCount; index++) {
    const chunk = result.getChunk(index)
    const columns = Array.from({ length: chunk.columnCount }, (_, column) =>
      decodeText(driver, chunk.getColumnVector(column)),
    )
    for (let row = 0; row < chunk.rowCount; row++) rows.push(columns.map((values) => values[row] ?? null))
  }
  return rows
}

function typeName(type: DuckDBType): string {
  return type.alias ?? type.toString()
}
