import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapterOf, type Warehouse } from '../../src/adapters/index.js'

/** What a case may ask of an engine before it runs there. */
export type Capability = 'transactions' | 'two_connections'

/** Names of types, as the engine writes them in DDL. */
export interface TypeNames {
  readonly text: string
  readonly timestamp: string
  readonly timestamptz: string
  readonly double: string
}

/** A database of one case's own. */
export interface Database {
  /** The environment in `profiles.yml`. */
  readonly profile: Readonly<Record<string, unknown>>
  /** The schema of the models; raw tables are made there too. */
  readonly schema: string
  readonly warehouse: Warehouse
  drop(): Promise<void>
}

/** An engine under test. */
export interface Engine {
  readonly name: string
  /** Why it cannot be tested here; undefined: it can. */
  readonly missing: string | undefined
  readonly can: ReadonlySet<Capability>
  readonly types: TypeNames
  start(): Promise<void>
  stop(): Promise<void>
  database(): Promise<Database>
}

const duckdb: Engine = {
  name: 'duckdb',
  missing: undefined,
  can: new Set(['transactions', 'two_connections']),
  types: { text: 'varchar', timestamp: 'timestamp', timestamptz: 'timestamp with time zone', double: 'double' },
  start: async () => undefined,
  stop: async () => undefined,
  database: async () => {
    const dir = await mkdtemp(join(tmpdir(), 'fft-conformance-'))
    const settings = { path: join(dir, 'warehouse.duckdb'), schema: 'main' }
    const profile = { env: 'dev', engine: 'duckdb', settings, sources: [], vars: {} }
    // Kept open for the whole case: runs in this process share the instance instead of opening the file again.
    const warehouse = await adapterOf('duckdb').open({ profile, waitLockMs: 0 })
    const drop = async () => {
      await warehouse.close()
      await rm(dir, { recursive: true, force: true })
    }
    return { profile: { engine: 'duckdb', duckdb: settings }, schema: 'main', warehouse, drop }
  },
}

/** Every engine that the conformance cases run on. */
export const engines: readonly Engine[] = [duckdb]
