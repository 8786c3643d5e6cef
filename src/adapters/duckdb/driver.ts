import type * as DuckDb from '@duckdb/node-api'
import { FftError } from '../../core/index.js'

/** The engine's package, loaded. */
export type Driver = typeof DuckDb

let loading: Promise<Driver> | undefined

/**
 * Starts loading the engine's package, or gives what is already loaded. Throws `driver-missing` when the package or its
 * native part for this platform is not installed.
 */
export function loadDriver(): Promise<Driver> {
  loading ??= importDriver()
  return loading
}

async function importDriver(): Promise<Driver> {
  try {
    const module = await import('@duckdb/node-api')
    // A bundler turns this CommonJS package into a module whose named exports stand under `default` alone.
    return 'DuckDBInstance' in module ? module : (module as { default: Driver }).default
  } catch (cause) {
    loading = undefined
    throw new FftError('the DuckDB driver cannot be loaded', {
      code: 'driver-missing',
      hint: 'install it again for this platform: npm install @duckdb/node-api',
      cause,
    })
  }
}
