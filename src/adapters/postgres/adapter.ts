import type { Adapter, OpenOptions, Warehouse } from '../types.js'
import { postgresDialect } from './dialect.js'
import { postgresSettings, schemaOf } from './settings.js'

/** Postgres 15 and later; the driver is loaded when a server is opened. */
export const postgresAdapter: Adapter = {
  dialect: postgresDialect,
  defaults: ({ settings }) => ({ schema: schemaOf(settings) }),
  open,
  // Opening a session creates nothing and waits for nobody; faults of the profile are told when it is needed.
  openExisting: (options) => (hasFault(options) ? undefined : open(options)),
}

async function open(options: OpenOptions): Promise<Warehouse> {
  const { openPostgres } = await import('./warehouse.js')
  return openPostgres({ ...options, dialect: postgresDialect })
}

function hasFault({ profile }: OpenOptions): boolean {
  try {
    postgresSettings(profile.settings)
    return false
  } catch {
    return true
  }
}
