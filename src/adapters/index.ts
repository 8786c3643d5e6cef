import type { EngineName } from '../config/index.js'
import type { Adapter } from './types.js'

export { makeFolder } from './make-folder.js'
export * from './types.js'

/** Every engine that fft speaks; only the one that is used is loaded. */
const adapters: Readonly<Record<EngineName, () => Promise<Adapter>>> = {
  duckdb: async () => (await import('./duckdb/adapter.js')).duckDbAdapter,
  postgres: async () => (await import('./postgres/adapter.js')).postgresAdapter,
  databricks: async () => (await import('./databricks/adapter.js')).databricksAdapter,
}

/** The adapter of an engine. */
export function adapterOf(engine: EngineName): Promise<Adapter> {
  return adapters[engine]()
}
