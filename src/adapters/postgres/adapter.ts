import type { Adapter, OpenOptions, Warehouse } from '../types.js'
import { postgresDialect } from './dialect.js'
import { postgresSettings } from './settings.js'

/** Postgres 15 and later; the driver is loaded when a server is opened. */
export const postgresAdapter: Adapter = {
  dialect: postgresDialect,
  defaults: ({ settings }) => ({ schema: postgresSettings(settings).schema }),
  open,
}

async function open(options: OpenOptions): Promise<Warehouse> {
  const { openPostgres } = await import('./warehouse.js')
  return openPostgres({ ...options, dialect: postgresDialect })
}
