import { setImmediate } from 'node:timers/promises'
import type { DuckDBAppender, DuckDBType, DuckDBConnection as NativeConnection } from '@duckdb/node-api'
import { FftError, type Relation, relationName, suggest } from '../../core/index.js'
import { quoteText, relation as relationText, sameName } from '../names.js'
import type { Column, ColumnBatch } from '../types.js'
import { untilAborted } from '../until-aborted.js'
import { valueNotLoadable } from '../value-not-loadable.js'
import type { Driver } from './driver.js'
import { type Encoded, encode } from './encode.js'
import { cancelledError } from './errors.js'
import { NotLoadable } from './value-text.js'

export interface LoadContext {
  readonly driver: Driver
  readonly native: NativeConnection
  readonly signal: AbortSignal
}

const chunkRows = 2048

/**
 * Appends batches to a table, columns by name; columns of the table that a batch does not have become NULL. Gives the
 * rows loaded. Throws `value-not-loadable`, `column-missing`; some rows may then be in the table already: roll back.
 */
export async function loadBatches(
  context: LoadContext,
  into: Relation,
  columns: readonly Column[],
  batches: AsyncIterable<ColumnBatch>,
): Promise<number> {
  const { native, signal } = context
  const table = await openTable(context, into, columns)
  const appender = await native.createAppender(into.identifier, into.schema, into.database)
  let rows = 0
  try {
    for await (const batch of untilAborted(batches, signal)) {
      const fields = fieldsOf(table, batch)
      const count = batch.values[0]?.length ?? 0
      for (let from = 0; from < count; from += chunkRows) {
        if (signal.aborted) throw cancelledError()
        await append(context, appender, fields, { from, count: Math.min(chunkRows, count - from), rowsBefore: rows })
      }
      rows += count
      // Appending blocks; this lets timers, signals and other connections have their turn.
      await setImmediate()
    }
    appender.closeSync()
    return rows
  } catch (error) {
    discard(appender)
    throw error
  }
}

interface Table {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: DuckDBType; readonly typeText: string }[]
}

async function openTable({ native }: LoadContext, into: Relation, columns: readonly Column[]): Promise<Table> {
  const statement = await native.prepare(`select * from ${relationText(into)}`)
  const found = Array.from({ length: statement.columnCount }, (_, index) => {
    const name = statement.columnName(index)
    const type = statement.columnType(index)
    const typeText = columns.find((column) => sameName(column.name, name))?.type ?? type.alias ?? type.toString()
    return { name, type, typeText }
  })
  statement.destroySync()
  return { name: relationName(into), columns: found }
}

interface Field {
  readonly name: string
  readonly type: DuckDBType
  readonly typeText: string
  /** Undefined: the batch has no such column. */
  readonly values: readonly unknown[] | undefined
}

function fieldsOf(table: Table, batch: ColumnBatch): readonly Field[] {
  const unknown = batch.columns.find((name) => !table.columns.some((column) => sameName(column.name, name)))
  if (unknown !== undefined) {
    const names = table.columns.map((column) => column.name)
    throw new FftError(`the rows have a column '${unknown}', which ${table.name} does not have`, {
      code: 'column-missing',
      hint: suggest(unknown, names, 'columns'),
    })
  }
  return table.columns.map((column) => {
    const index = batch.columns.findIndex((name) => sameName(name, column.name))
    return { ...column, values: batch.values[index] }
  })
}

interface Slice {
  readonly from: number
  readonly count: number
  /** Rows of the batches before this one. */
  readonly rowsBefore: number
}

async function append(
  context: LoadContext,
  appender: DuckDBAppender,
  fields: readonly Field[],
  slice: Slice,
): Promise<void> {
  const { driver } = context
  const parts = fields.map((field) => encodeField(driver, field, slice))
  const chunk = driver.DuckDBDataChunk.create(
    parts.map((part) => part.type),
    slice.count,
  )
  for (const [index, part] of parts.entries()) part.write(chunk.getColumnVector(index))
  try {
    appender.appendDataChunk(chunk)
  } catch (thrown) {
    throw (await refusedValue(context, fields, parts, slice)) ?? thrown
  }
}

function encodeField(driver: Driver, field: Field, slice: Slice): Encoded {
  const { from, count } = slice
  const { type, values } = field
  try {
    return encode(driver, type, values === undefined ? { values: [], from: 0, count } : { values, from, count })
  } catch (thrown) {
    if (thrown instanceof NotLoadable) throw notLoadable(field, slice, thrown.index, thrown.value)
    throw thrown
  }
}

/** Asks the engine which text it cannot cast: its own error names neither value nor row. */
async function refusedValue(
  { native }: LoadContext,
  fields: readonly Field[],
  parts: readonly Encoded[],
  slice: Slice,
): Promise<FftError | undefined> {
  for (const [position, field] of fields.entries()) {
    const index = await firstRefused(native, field.typeText, parts[position]?.texts ?? [])
    if (index !== undefined) return notLoadable(field, slice, index, field.values?.[slice.from + index])
  }
  return undefined
}

async function firstRefused(
  native: NativeConnection,
  type: string,
  texts: readonly (string | null)[],
): Promise<number | undefined> {
  const list = texts.map((text) => (text === null ? 'null' : quoteText(text))).join(', ')
  if (list === '') return undefined
  // Not try_cast, which makes a list with NULLs of a list with a bad value.
  const result = await native.run(
    `select i from (select unnest([${list}]::varchar[]) as v, generate_subscripts([${list}]::varchar[], 1) as i)
     where v is not null and try(cast(v as ${type})) is null order by i limit 1`,
  )
  const [row] = await result.getRowsJS()
  return row === undefined ? undefined : Number(row[0]) - 1
}

function notLoadable({ name, typeText }: Field, slice: Slice, index: number, value: unknown): FftError {
  return valueNotLoadable({ name, type: typeText }, slice.rowsBefore + slice.from + index + 1, value)
}

function discard(appender: DuckDBAppender): void {
  try {
    appender.clear()
    appender.closeSync()
  } catch {
    // What the appender still holds goes with the rollback.
  }
}
