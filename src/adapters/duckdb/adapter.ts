import { existsSync } from 'node:fs'
import type { Adapter, OpenOptions, Warehouse } from '../types.js'
import { duckDbDialect } from './dialect.js'

/** DuckDB; the driver is loaded when a database is opened. */
export const duckDbAdapter: Adapter = {
  dialect: duckDbDialect,
  defaults: ({ settings }) => {
    const schema = typeof settings['schema'] === 'string' ? settings['schema'] : 'main'
    const { catalog } = settings
    return typeof catalog === 'string' && catalog !== '' ? { database: catalog, schema } : { schema }
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
