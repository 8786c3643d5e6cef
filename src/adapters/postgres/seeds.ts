import { FftError, type Relation } from '../../core/index.js'
import { readSeedLocally } from '../local-seeds.js'
import { givenTypes, malformed, sizeOf } from '../seeds/seed-file.js'
import type { SeedRequest } from '../types.js'
import { loadBatches } from './load.js'
import { seedCsv } from './seed-csv.js'
import { createSeedTable, finishSeed, type LoadedSeed, type SeedContext } from './seed-table.js'
import { seedType } from './seed-types.js'

/**
 * Loads a seed's file into a new table, in a transaction. Throws `seed-malformed` with the physical line,
 * `seed-missing`.
 */
export async function loadSeed(context: SeedContext, request: SeedRequest, into: Relation): Promise<LoadedSeed> {
  await sizeOf(request)
  const loaded = request.format === 'csv' ? await seedCsv(context, request, into) : undefined
  return loaded ?? loadLocally(context, request, into)
}

/** Parquet and JSON, and what of CSV only our own reader takes. */
async function loadLocally(context: SeedContext, request: SeedRequest, into: Relation): Promise<LoadedSeed> {
  const seed = await readSeedLocally(request)
  try {
    const given = givenTypes(
      request,
      seed.columns.map(({ name }) => name),
    )
    const columns = seed.columns.map(({ name, type }, index) => ({ name, type: given[index] ?? seedType(type) }))
    await createSeedTable(context, request, into, columns)
    const rows = await loadBatches(context, { into, columns }, seed.batches()).catch((error: unknown) => {
      throw refusedBySeed(request, error)
    })
    return finishSeed(context, request, into, { rows, columns })
  } finally {
    await seed.close()
  }
}

function refusedBySeed(request: SeedRequest, error: unknown): unknown {
  if (!(error instanceof FftError) || error.code !== 'value-not-loadable') return error
  return malformed(request, {
    line: 1,
    message: error.message,
    hint: 'correct the value, or the type in column_types',
    cause: error,
  })
}
