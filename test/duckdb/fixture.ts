import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckDb } from '../../src/adapters/duckdb/warehouse.js'
import type { Connection, Dialect, Warehouse } from '../../src/adapters/index.js'
import { FftError, text } from '../../src/core/index.js'

export interface OpenParts {
  readonly path?: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly waitLockMs?: number
  readonly onWait?: (holder: string) => void
  readonly readOnly?: boolean
}

/** A DuckDB warehouse of a test's own; in memory when no path is given. */
export function open(parts: OpenParts = {}): Promise<Warehouse> {
  const { path = ':memory:', settings = {}, waitLockMs = 0, ...rest } = parts
  const profile = { env: 'dev', engine: 'duckdb', settings: { path, ...settings }, sources: [], vars: {} } as const
  // The engine's SQL is not what these tests are about, and opening only hands it on.
  const dialect = { engine: 'duckdb' } as Dialect
  return openDuckDb({ profile, waitLockMs, dialect, ...rest })
}

/** A folder under the system's temporary folder, and how to remove it. */
export async function temporaryFolder(): Promise<{
  path: string
  file: (name: string) => string
  remove: () => Promise<void>
}> {
  const path = await mkdtemp(join(tmpdir(), 'fft-duckdb-'))
  return { path, file: (name) => join(path, name), remove: () => rm(path, { recursive: true, force: true }) }
}

/** The rows of a query as text. */
export async function rowsOf(connection: Connection, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  return (await connection.query(text(sql))).rows
}

/** The FftError that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<FftError> {
  const error = await promise.then(
    (value) => new Error(`nothing was thrown, the value is ${String(value)}`),
    (thrown: unknown) => thrown,
  )
  if (error instanceof FftError) return error
  throw error
}
