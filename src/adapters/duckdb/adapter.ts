import { existsSync } from 'node:fs'
import type { Adapter, OpenOptions, Warehouse } from '../types.js'
import { duckDbDialect } from './dialect.js'
import { databaseName, duckDbSettings } from './settings.js'

/** DuckDB; the driver is loaded when a database is opened. */
export const duckDbAdapter: Adapter = {
  dialect: duckDbDialect,
  defaults: ({ settings }) => {
    const { path, schema, catalog } = duckDbSettings(settings)
    const database = catalog ?? databaseName(path)
    // Two-part names are ambiguous when the database is called like the schema.
    const isNeeded = catalog !== undefined || database.toLowerCase() === schema.toLowerCase()
    return isNeeded ? { database, schema } : { schema }
  },
  open,
  openExisting: (options) => {
    const { path } = options.profile.settings
    return typeof path === 'string' && existsSync(path) ? open(options) : undefined
  },
}

async function open(options: OpenOptions): Promise<Warehouse> {
  const { openDuckDb } = await import('./warehouse.js')
  return openDuckDb({ ...options, dialect: duckDbDialect })
}
