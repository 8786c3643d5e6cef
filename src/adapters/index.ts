import { FftError } from '../core/index.js'
import { databricksAdapter } from './databricks/adapter.js'
import { duckDbAdapter } from './duckdb/adapter.js'
import type { Adapter } from './types.js'

export * from './types.js'

const adapters: readonly Adapter[] = [duckDbAdapter, databricksAdapter]

/** The adapter of an engine. Throws 'engine-not-built'. */
export function adapterOf(engine: string): Adapter {
  const adapter = adapters.find(({ dialect }) => dialect.engine === engine || dialect.aliases.includes(engine))
  if (adapter !== undefined) return adapter
  const known = adapters.map(({ dialect }) => dialect.engine).join(', ')
  throw new FftError(`engine '${engine}' is not built yet`, {
    code: 'engine-not-built',
    hint: `engines that work now: ${known}; choose one with --env or --engine`,
  })
}
