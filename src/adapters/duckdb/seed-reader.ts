import { text } from '../../core/index.js'
import type { LocalSeed } from '../local-seeds.js'
import type { SeedRequest } from '../types.js'
import { duckDbDialect } from './dialect.js'
import { openDuckDb } from './warehouse.js'

const seed = { schema: 'main', identifier: 'fft_seed' }

/** Reads a seed into memory, for engines without a reader of their own. */
export async function readSeed(request: SeedRequest): Promise<LocalSeed> {
  const profile = { env: '', engine: 'duckdb', settings: { path: ':memory:' }, sources: [], vars: {} } as const
  const warehouse = await openDuckDb({ profile, waitLockMs: 0, dialect: duckDbDialect })
  try {
    const connection = await warehouse.connect()
    const asText = Object.fromEntries(Object.keys(request.columnTypes).map((column) => [column, 'VARCHAR']))
    const { rows, columns } = await connection.loadSeed({ ...request, columnTypes: asText, extraColumns: [] }, seed)
    return {
      rows,
      columns,
      batches: () => connection.stream(text(`select * from ${duckDbDialect.relation(seed)}`)),
      close: () => warehouse.close(),
    }
  } catch (error) {
    await warehouse.close()
    throw error
  }
}
