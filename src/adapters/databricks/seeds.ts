import { type FftError, type Relation, sqlText, text } from '../../core/index.js'
import { cancelledError } from '../error-place.js'
import { readSeedLocally } from '../local-seeds.js'
import { CsvScan } from '../seeds/csv-scan.js'
import { atLine, chunksOf, delimiterOf, givenTypes, malformed, sizeOf } from '../seeds/seed-file.js'
import type { Column, SeedRequest } from '../types.js'
import { CsvRows } from './csv-rows.js'
import { mappedDelta } from './delta-table.js'
import { engineErrorOf, toFftError } from './errors.js'
import { type ConstantColumn, JsonRows, type LoadContext, loadBatches, rowsFrom, valueFromText } from './load.js'
import { quote, quoteText, relation } from './names.js'
import { parquetStatements } from './parquet.js'
import { seedType } from './seed-types.js'
import type { TableFormat } from './settings.js'
import { createEmpty } from './statements.js'

export interface SeedContext extends LoadContext {
  readonly tableFormat: TableFormat
}

/**
 * Reads a seed's file into a new table: checked and its types found here, its rows sent as JSON literals, as the server
 * does not see our files. Throws `seed-malformed` with the physical line, `seed-missing`.
 */
export async function loadSeed(
  context: SeedContext,
  request: SeedRequest,
  into: Relation,
): Promise<{ readonly rows: number; readonly columns: readonly Column[] }> {
  return request.format === 'csv' ? loadCsv(context, request, into) : loadLocally(context, request, into)
}

type Loaded = { readonly rows: number; readonly columns: readonly Column[] }

async function loadCsv(context: SeedContext, request: SeedRequest, into: Relation): Promise<Loaded> {
  const scan = await checked(context, request)
  const columns = columnsOf(request, scan)
  const target = new SeedTable(context, request, into, columns)
  const rows = new JsonRows(columns.map(({ name }) => name))
  for await (const row of recordsOf(request, columns.length)) {
    rows.add(row)
    if (rows.isFull) await target.write(rows.take())
  }
  await target.write(rows.take())
  return { rows: scan.rows, columns: target.columns }
}

/** Parquet and JSON carry their types. */
async function loadLocally(context: SeedContext, request: SeedRequest, into: Relation): Promise<Loaded> {
  await sizeOf(request)
  const seed = await readSeedLocally(request)
  try {
    const given = givenTypes(
      request,
      seed.columns.map(({ name }) => name),
    )
    const read = seed.columns.map(({ name, type }, index) => ({ name, type: seedType(given[index] ?? type) }))
    const columns = [...read, ...request.extraColumns.map(({ name, type }) => ({ name, type: seedType(type) }))]
    await context.session.rows(sqlText(tables[context.tableFormat].createEmpty(into, columns).sql))
    const rows = await loadBatches({ ...context, constants: constants(request) }, into, read, seed.batches())
    return { rows, columns }
  } catch (thrown) {
    if (engineErrorOf(thrown) === undefined) throw thrown
    const { message } = toFftError(thrown)
    const hint = 'correct the value, or the type in column_types'
    throw malformed(request, { line: 1, message, hint, cause: thrown })
  } finally {
    await seed.close()
  }
}

/** The columns that are the same in all rows. */
function constants({ extraColumns }: SeedRequest): readonly ConstantColumn[] {
  return extraColumns.map(({ name, type, valueSql }) => ({ name, sql: `cast(${valueSql} as ${seedType(type)})` }))
}

/** How a table begins, by its format. A new table in Parquet takes nothing's place: its name is the run's own. */
const tables = {
  delta: { createEmpty, asSelect: (table: string) => `create or replace table ${table}${mappedDelta}` },
  parquet: {
    createEmpty: parquetStatements.createEmpty,
    asSelect: (table: string) => `create table ${table} using parquet as `,
  },
} as const

async function checked({ signal }: LoadContext, request: SeedRequest, stopAtRow?: number): Promise<CsvScan> {
  const scan = new CsvScan(delimiterOf(request).charCodeAt(0), stopAtRow)
  return atLine(request, async () => {
    for await (const chunk of chunksOf(request)) {
      if (signal.aborted) throw cancelledError()
      scan.push(chunk)
      if (scan.stoppedAtLine !== undefined) return scan
    }
    scan.finish()
    return scan
  })
}

function columnsOf(request: SeedRequest, { columns }: CsvScan): readonly Column[] {
  if (columns === undefined) return []
  const found = columns.types()
  return givenTypes(request, columns.names).map((type, index) => ({
    name: columns.names[index] ?? '',
    type: seedType(type ?? found[index] ?? 'string'),
  }))
}

async function* recordsOf(request: SeedRequest, columns: number) {
  const reader = new CsvRows(delimiterOf(request), columns)
  for await (const chunk of chunksOf(request)) yield* reader.push(chunk)
  yield* reader.finish()
}

/** The table that a seed becomes: made by the first rows, filled by the others. */
class SeedTable {
  readonly columns: readonly Column[]
  readonly #context: SeedContext
  readonly #request: SeedRequest
  readonly #into: Relation
  readonly #read: readonly Column[]
  #rowsBefore = 0
  #isMade = false

  constructor(context: SeedContext, request: SeedRequest, into: Relation, columns: readonly Column[]) {
    this.#context = context
    this.#request = request
    this.#into = into
    this.#read = columns
    this.columns = [...columns, ...request.extraColumns.map(({ name, type }) => ({ name, type: seedType(type) }))]
  }

  async write({ json, count }: { readonly json: string; readonly count: number }): Promise<void> {
    if (this.#isMade && count === 0) return
    if (this.#context.signal.aborted) throw cancelledError()
    const table = relation(this.#into)
    const { asSelect } = tables[this.#context.tableFormat]
    const head = this.#isMade ? `insert into ${table} ` : asSelect(table)
    try {
      await this.#context.session.rows(head + this.#select(json), {
        isReplayable: !this.#isMade && this.#context.tableFormat === 'delta',
      })
    } catch (thrown) {
      throw (await this.#refusedValue(json, thrown)) ?? toFftError(thrown, text(head))
    }
    this.#isMade = true
    this.#rowsBefore += count
  }

  #select(json: string): string {
    const values = this.#read.map(({ name, type }, index) => `${valueFromText(`r[${index}]`, type)} as ${quote(name)}`)
    const extra = constants(this.#request).map(({ name, sql }) => `${sql} as ${quote(name)}`)
    return `select ${[...values, ...extra].join(', ')} from ${rowsFrom(json)}`
  }

  /** The first value that its column's type refuses, at its line; undefined when that was not the fault. */
  async #refusedValue(json: string, thrown: unknown): Promise<FftError | undefined> {
    if (!/^(?:CAST_|DATATYPE|INVALID|NUMERIC_VALUE|CONVERSION)/.test(engineErrorOf(thrown)?.errorClass ?? ''))
      return undefined
    const checks = this.#read.map(
      ({ type }, index) => `r[${index}] is not null and try_cast(r[${index}] as ${type}) is null`,
    )
    const first = `case ${checks.map((check, index) => `when ${check} then ${index}`).join(' ')} end`
    const from = rowsFrom(json)
      .replace(/^\(select explode/, '(select posexplode')
      .replace(/as r\)$/, 'as (n, r))')
    const sql = `select n, at, r[at] as value from (select n, r, ${first} as at from ${from}) where at is not null order by n limit 1`
    const [row] = await this.#context.session.rows(sqlText(text(sql)))
    const column = this.#read[Number(row?.at ?? -1)]
    if (row === undefined || column === undefined) return undefined
    const scan = await checked(this.#context, this.#request, this.#rowsBefore + Number(row.n))
    return malformed(this.#request, {
      line: scan.stoppedAtLine ?? 1,
      message: `${quoteText(String(row.value).slice(0, 80))} in the column '${column.name}' is no ${column.type}`,
      hint: 'correct the value, or the type in column_types',
      cause: thrown,
    })
  }
}
