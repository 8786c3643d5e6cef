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

/** A type with two different values, as SQL. */
export interface TypeSample {
  readonly type: string
  readonly values: readonly [string, string]
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
  /** Every type that a column may have, those without order or equality of their own among them. */
  readonly samples: readonly TypeSample[]
  start(): Promise<void>
  stop(): Promise<void>
  database(): Promise<Database>
}

const duckDbSamples: readonly TypeSample[] = [
  { type: 'integer[]', values: ['[1, null]', '[]'] },
  { type: 'struct(a integer, b varchar)', values: ["{'a': 1, 'b': 'x'}", "{'a': null, 'b': 'x'}"] },
  { type: 'map(varchar, integer)', values: ["map {'k': 1}", 'map {}'] },
  { type: 'json', values: [`'{"a": 1}'`, `'{"a": 2}'`] },
  { type: 'blob', values: ["'ab'::blob", "''::blob"] },
  { type: 'bit', values: ["'101'::bit", "'1010'::bit"] },
  { type: 'uuid', values: ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'00000000-0000-0000-0000-000000000000'"] },
  { type: 'interval', values: ["interval '1 day'", "interval '25 hours'"] },
  { type: 'time', values: ["time '10:00:00.000001'", "time '10:00:00'"] },
  { type: 'timestamp_ns', values: ["'2024-01-01 00:00:00.000000001'", "'2024-01-01 00:00:00'"] },
  { type: 'timestamp with time zone', values: ["'2024-01-01 00:00:00+02'", "'2024-01-01 00:00:00+00'"] },
  { type: 'decimal(38, 9)', values: ['0.000000001', '-0.000000001'] },
  { type: 'hugeint', values: ['170141183460469231731687303715884105727', '-1'] },
  { type: 'double', values: ["'nan'", "'-inf'"] },
  { type: 'boolean', values: ['true', 'false'] },
  { type: "enum('a', 'b')", values: ["'a'", "'b'"] },
]

const duckdb: Engine = {
  name: 'duckdb',
  missing: undefined,
  can: new Set(['transactions', 'two_connections']),
  types: { text: 'varchar', timestamp: 'timestamp', timestamptz: 'timestamp with time zone', double: 'double' },
  samples: duckDbSamples,
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
