import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database, DatabaseOptions, Engine, TimeSample, TypeSample, ValueSample, Words } from './engine.js'

const words: Words = {
  types: { text: 'varchar', timestamp: 'timestamp', double: 'double' },
  createTable: (relation, columns) => `create table ${relation} (${columns})`,
  createTableAs: (relation, select) => `create table ${relation} as ${select}`,
  replaceTable: (relation, select) => [`create or replace table ${relation} as ${select}`],
  addColumn: (relation, column) => [`alter table ${relation} add column ${column}`],
  dropColumn: (relation, column) => [`alter table ${relation} drop column ${column}`],
  range: (first, end) => `range(${first}, ${end}) r(i)`,
  lasting: 'select i as id from range(12000000) r(i) where hash(i) % 2 = 0',
  endless: 'select count(*) as id from range(100000000) a, range(100000) b where (a.range * b.range) % 7 = 3',
}

const samples: readonly TypeSample[] = [
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

const times: Readonly<Record<string, TimeSample>> = {
  integer: { type: 'integer', values: ['-5', '7', '8'], texts: ['7', '8'] },
  bigint: {
    type: 'bigint',
    values: ['0', '9007199254740992', '9007199254740993'],
    texts: ['9007199254740992', '9007199254740993'],
  },
  date: {
    type: 'date',
    values: ["date '1969-12-31'", "date '2024-02-29'", "date '2024-03-01'"],
    texts: ['2024-02-29', '2024-03-01'],
  },
  timestamp: {
    type: 'timestamp',
    values: [
      "timestamp '1969-12-31 23:59:59.999999'",
      "timestamp '2024-02-29 12:00:00.123456'",
      "timestamp '2024-02-29 12:00:00.123457'",
    ],
    texts: ['2024-02-29 12:00:00.123456', '2024-02-29 12:00:00.123457'],
  },
  timestamptz: {
    type: 'timestamp with time zone',
    values: [
      "timestamptz '2024-02-29 12:00:00+00'",
      "timestamptz '2024-02-29 14:00:00.123456+02:00'",
      "timestamptz '2024-02-29 12:00:00.123457+00'",
    ],
    texts: ['2024-02-29 12:00:00.123456+00', '2024-02-29 12:00:00.123457+00'],
  },
}

const values: readonly ValueSample[] = [
  { type: 'hugeint', text: '170141183460469231731687303715884105727', value: 170141183460469231731687303715884105727n },
  { type: 'timestamp with time zone', text: '2024-01-01 10:00:00+00', value: '2024-01-01 10:00:00+00' },
  { type: 'blob', text: '\\x00A', value: new Uint8Array([0, 65]) },
  { type: 'integer[]', text: '[1, NULL]', value: [1, null] },
  { type: 'uuid', text: '5b0f4c5e-0a1b-4c2d-8e3f-405162738495', value: '5b0f4c5e-0a1b-4c2d-8e3f-405162738495' },
]

/** DuckDB: a file a test. */
export const duckdb: Engine = {
  name: 'duckdb',
  missing: undefined,
  speed: 'fast',
  can: new Set(['transactions', 'odd_relations', 'two_connections', 'timestamptz', 'locks']),
  without: { 'long-names': 'DuckDB cuts no name' },
  words,
  samples,
  times,
  values,
  start: async () => undefined,
  stop: async () => undefined,
  database,
}

async function database({ volatile = false, quiet = false }: DatabaseOptions = {}): Promise<Database> {
  const dir = await mkdtemp(join(tmpdir(), 'fft-duckdb-'))
  const settings = quiet ? { settings: { threads: 1 } } : {}
  let copies = 0
  const remove = () => rm(dir, { recursive: true, force: true })
  const at = (path: string, drop: () => Promise<void>): Database => ({
    profile: { engine: 'duckdb', duckdb: { path, schema: 'main', ...settings } },
    schema: 'main',
    stateSchema: '_fft',
    copy: async () => {
      copies += 1
      const copied = join(dir, `copy-${copies}.duckdb`)
      await copyFile(path, copied)
      return at(copied, async () => undefined)
    },
    drop,
  })
  return at(volatile ? ':memory:' : join(dir, 'warehouse.duckdb'), remove)
}
