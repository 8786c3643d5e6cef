import { setTimeout as sleep } from 'node:timers/promises'
import { adapterOf, type Warehouse } from '../../../src/adapters/index.js'
import { text } from '../../../src/core/index.js'
import { sparkSettings } from '../../../tools/spark/answers.js'
import { sparkMissing, sparkServer } from '../../spark/server.js'
import type { Database, Engine, TimeSample, TypeSample, ValueSample, Words } from './engine.js'

// Raw tables take columns of any name, as those of fft do where they need it.
const delta = "using delta tblproperties ('delta.columnMapping.mode' = 'name')"

const words: Words = {
  types: { text: 'string', timestamp: 'timestamp', double: 'double' },
  createTable: (relation, columns) => `create table ${relation} (${columns}) ${delta}`,
  createTableAs: (relation, select) => `create table ${relation} ${delta} as ${select}`,
  replaceTable: (relation, select) => [`create or replace table ${relation} ${delta} as ${select}`],
  addColumn: (relation, column) => [`alter table ${relation} add columns (${column})`],
  dropColumn: (relation, column) => [`alter table ${relation} drop column ${column}`],
  range: (first, end) => `range(${first}, ${end}) as r(i)`,
  lasting: 'select id from range(3000000) as a where hash(a.id) % 2 = 0',
  endless: 'select count(*) as id from range(100000000000) as a where hash(a.id) % 7 = 30',
}

const samples: readonly TypeSample[] = [
  { type: 'array<int>', values: ['array(1, null)', 'array()'] },
  {
    type: 'struct<a: int, b: string>',
    values: ["named_struct('a', 1, 'b', 'x')", "named_struct('a', null, 'b', 'x')"],
  },
  { type: 'map<string, int>', values: ["map('k', 1)", 'map()'] },
  { type: 'variant', values: [`parse_json('{"a": 1}')`, `parse_json('{"a": 2}')`] },
  { type: 'binary', values: ["X'6162'", "X''"] },
  {
    type: 'timestamp_ntz',
    values: ["timestamp_ntz '2024-01-01 00:00:00.000001'", "timestamp_ntz '2024-01-01 00:00:00'"],
  },
  { type: 'timestamp', values: ["timestamp '2024-01-01 00:00:00+02:00'", "timestamp '2024-01-01 00:00:00'"] },
  { type: 'decimal(38, 9)', values: ['0.000000001', '-0.000000001'] },
  { type: 'double', values: ["double('NaN')", "double('-Infinity')"] },
  { type: 'float', values: ['1.5f', '-0.5f'] },
  { type: 'tinyint', values: ['127y', '-128y'] },
  { type: 'boolean', values: ['true', 'false'] },
]

const times: Readonly<Record<string, TimeSample>> = {
  integer: { type: 'int', values: ['-5', '7', '8'], texts: ['7', '8'] },
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
      "timestamp '2024-02-29 14:00:00.123456+02:00'",
      "timestamp '2024-02-29 12:00:00.123457'",
    ],
    texts: ['2024-02-29 12:00:00.123456', '2024-02-29 12:00:00.123457'],
  },
  timestamp_ntz: {
    type: 'timestamp_ntz',
    values: [
      "timestamp_ntz '1969-12-31 23:59:59.999999'",
      "timestamp_ntz '2024-02-29 12:00:00.123456'",
      "timestamp_ntz '2024-02-29 12:00:00.123457'",
    ],
    texts: ['2024-02-29 12:00:00.123456', '2024-02-29 12:00:00.123457'],
  },
}

const values: readonly ValueSample[] = [
  { type: 'timestamp_ntz', text: '2024-01-01 10:00:00.1', value: '2024-01-01 10:00:00.1' },
]

/** Databricks, as open-source Spark with Delta speaks it: a server for the whole test run, a schema a test. */
export const databricks: Engine = {
  name: 'databricks',
  missing: sparkMissing,
  speed: 'slow',
  can: new Set(['two_connections']),
  without: {
    'long-names': 'Spark cuts no name',
  },
  words,
  samples,
  times,
  values,
  start: async () => {
    await admin('select 1')
  },
  stop: async () => {
    await (await opened)?.close()
  },
  database,
}

let opened: Promise<Warehouse> | undefined

/** Something that is done outside fft's runs. */
async function admin(...statements: readonly string[]): Promise<void> {
  opened ??= open()
  const connection = await (await opened).connect()
  try {
    for (const statement of statements) await connection.execute(text(statement))
  } finally {
    await connection.close()
  }
}

async function open(): Promise<Warehouse> {
  const settings = sparkSettings(await sparkServer())
  const profile = { env: 'admin', engine: 'databricks', settings, sources: [], vars: {} } as const
  return (await adapterOf('databricks')).open({ profile, waitLockMs: 0 })
}

async function database(): Promise<Database> {
  const schema = `lab_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
  const stateSchema = `${schema}_state`
  await admin(`create schema ${schema}`)
  return {
    profile: { engine: 'databricks', databricks: sparkSettings(await sparkServer(), schema) },
    schema,
    stateSchema,
    drop: () => dropSchemas(schema, stateSchema),
  }
}

/** A statement that was cancelled a moment ago may still write its files. */
async function dropSchemas(...schemas: readonly string[]): Promise<void> {
  for (const schema of schemas) {
    const drop = () => admin(`drop schema if exists ${schema} cascade`)
    await drop().catch(() => sleep(500).then(drop))
  }
}
