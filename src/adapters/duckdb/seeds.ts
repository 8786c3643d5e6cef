import type { DuckDBConnection as NativeConnection } from '@duckdb/node-api'
import { FftError, type Relation } from '../../core/index.js'
import { quote, relation as relationText } from '../names.js'
import { jsonFault } from '../seeds/json-fault.js'
import { chunksOf, givenTypes, malformed, sizeOf } from '../seeds/seed-file.js'
import type { Column, SeedRequest } from '../types.js'
import { parseEngineError } from './errors.js'
import { fileList, type SeedContext } from './seed-context.js'
import { loadCsv } from './seed-csv.js'

/**
 * Reads a seed's file into a new table. Throws `seed-malformed` with the physical line, `seed-missing`; the table is then
 * not there, or goes with the transaction.
 */
export async function loadSeed(
  context: SeedContext,
  request: SeedRequest,
  into: Relation,
): Promise<{ readonly rows: number; readonly columns: readonly Column[] }> {
  try {
    const rows =
      request.format === 'csv' ? await loadCsv(context, request, into) : await loadByEngine(context, request, into)
    return { rows, columns: await columnsOf(context.native, into) }
  } catch (error) {
    // In a transaction that the engine has aborted this fails, and the rollback removes the table.
    await context.native.run(`drop table if exists ${relationText(into)}`).catch(() => {})
    throw error
  }
}

async function columnsOf(native: NativeConnection, into: Relation): Promise<readonly Column[]> {
  const result = await native.run(`describe select * from ${relationText(into)}`)
  return (await result.getRowsJS()).map(([name, type]) => ({ name: String(name), type: String(type) }))
}

/** Parquet and JSON carry their types, so the engine's readers do all of it. */
async function loadByEngine({ native }: SeedContext, request: SeedRequest, into: Relation): Promise<number> {
  if ((await sizeOf(request)) === 0) throw malformed(request, { line: 1, message: 'the file is empty' })
  const reader = request.format === 'parquet' ? 'read_parquet' : 'read_json_auto'
  const options = request.format === 'parquet' ? '' : ', sample_size = -1'
  const from = `${reader}(${fileList(request)}${options})`
  try {
    const result = await native.run(`describe select * from ${from}`)
    const names = (await result.getRowsJS()).map(([name]) => String(name))
    const types = givenTypes(request, names)
    const selected = names.map((name, index) => castColumn(name, types[index]))
    const extra = request.extraColumns.map(
      ({ name, type, valueSql }) => `cast(${valueSql} as ${type}) as ${quote(name)}`,
    )
    const sql = `create ${into.database === 'temp' ? 'temp ' : ''}table ${relationText(into)} as select ${[...selected, ...extra].join(', ')} from ${from}`
    const created = await native.run(sql)
    return Number(created.getChunk(0).getColumnVector(0).getItem(0))
  } catch (thrown) {
    throw thrown instanceof FftError ? thrown : await readerError(request, thrown)
  }
}

function castColumn(name: string, type: string | undefined): string {
  return type === undefined ? quote(name) : `cast(${quote(name)} as ${type}) as ${quote(name)}`
}

async function readerError(request: SeedRequest, thrown: unknown): Promise<FftError> {
  const { message } = parseEngineError(thrown instanceof Error ? thrown.message : String(thrown))
  const [first = ''] = message.replaceAll(request.absolutePath, request.path).split('\n')
  if (request.format !== 'json') return malformed(request, { line: 1, message: first.trim(), cause: thrown })
  const hint = 'the file has to be a JSON list of objects, or one object a line'
  return malformed(request, { line: await lineOfJsonFault(request), message: first.trim(), hint, cause: thrown })
}

const longestJson = 100_000_000

/** The engine's own number is one too high, and for a list it counts values; 1 when nothing is found. */
async function lineOfJsonFault(request: SeedRequest): Promise<number> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunksOf(request)) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > longestJson) break
  }
  const text = Buffer.concat(chunks).toString('utf8')
  if (text.trimStart().startsWith('[')) return lineOfOffset(text, jsonFault(text) ?? 0)
  const line = text.split('\n').findIndex((content) => content.trim() !== '' && jsonFault(content) !== undefined)
  return line + 1 || 1
}

function lineOfOffset(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
