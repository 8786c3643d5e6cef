import type * as Pg from 'pg'
import { FftError } from '../../core/index.js'

/** The engine's package, loaded. */
export type Driver = typeof Pg

let loading: Promise<Driver> | undefined

/** Starts loading the driver, or gives what is already loaded. Throws `driver-missing`. */
export function loadDriver(): Promise<Driver> {
  loading ??= importDriver()
  return loading
}

async function importDriver(): Promise<Driver> {
  try {
    const module = await import('pg')
    // A bundler turns this CommonJS package into a module whose named exports stand under `default` alone.
    return 'Client' in module ? module : (module as { default: Driver }).default
  } catch (cause) {
    loading = undefined
    throw new FftError('the Postgres driver cannot be loaded', {
      code: 'driver-missing',
      hint: 'install it: npm install pg',
      cause,
    })
  }
}
