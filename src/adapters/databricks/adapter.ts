import type { Adapter } from '../types.js'
import { databricksDialect } from './dialect.js'

/** Databricks, and open-source Spark with Delta through its Thrift server; the driver is loaded when it is opened. */
export const databricksAdapter: Adapter = {
  dialect: databricksDialect({ tagsCommits: true, tableFormat: 'delta' }),
  defaults: ({ settings: { catalog, schema } }) => ({
    ...(typeof catalog === 'string' && catalog !== '' ? { database: catalog } : {}),
    schema: typeof schema === 'string' && schema !== '' ? schema : 'default',
  }),
  open: async (options) => {
    const { openDatabricks } = await import('./warehouse.js')
    return openDatabricks(options)
  },
}
