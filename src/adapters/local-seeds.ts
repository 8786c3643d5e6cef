import type { Column, ColumnBatch, SeedRequest } from './types.js'

/** A seed that was read in this process, by the rules that hold on every engine. */
export interface LocalSeed {
  /** Types as the reader spells them: `VARCHAR`, `DECIMAL(38,2)`, `STRUCT(a INTEGER)`, …; `localType` takes them apart. */
  readonly columns: readonly Column[]
  readonly rows: number
  batches(): AsyncIterable<ColumnBatch>
  close(): Promise<void>
}

/**
 * Reads a seed for engines that cannot read its format themselves. Columns of `columnTypes` come as text, for the engine
 * to cast. Throws `seed-malformed`, `seed-missing`, `driver-missing`.
 */
export async function readSeedLocally(request: SeedRequest): Promise<LocalSeed> {
  const { readSeed } = await import('./duckdb/seed-reader.js')
  return readSeed(request)
}
