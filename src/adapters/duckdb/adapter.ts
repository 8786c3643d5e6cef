import type { Adapter } from '../types.js'
import { duckDbDialect } from './dialect.js'

/** DuckDB; the driver is loaded when a database is opened. */
export const duckDbAdapter: Adapter = {
  dialect: duckDbDialect,
  defaults: ({ settings }) => {
    const schema = typeof settings['schema'] === 'string' ? settings['schema'] : 'main'
    const { catalog } = settings
    return typeof catalog === 'string' && catalog !== '' ? { database: catalog, schema } : { schema }
  },
  open: async (options) => {
    const { openDuckDb } = await import('./warehouse.js')
    return openDuckDb({ ...options, dialect: duckDbDialect })
  },
}
