import pg from 'pg'
import { type PostgresServer, postgresServer } from '../../postgres/server.js'
import type { Database, DatabaseOptions, Engine, TimeSample, TypeSample, ValueSample, Words } from './engine.js'

const words: Words = {
  types: { text: 'text', timestamp: 'timestamp', double: 'double precision' },
  createTable: (relation, columns) => `create table ${relation} (${columns})`,
  createTableAs: (relation, select) => `create table ${relation} as ${select}`,
  replaceTable: (relation, select) => [
    `create temp table fft_by_hand as ${select}`,
    `drop table ${relation}`,
    `create table ${relation} as select * from fft_by_hand`,
    'drop table fft_by_hand',
  ],
  addColumn: (relation, column) => [`alter table ${relation} add column ${column}`],
  dropColumn: (relation, column) => [`alter table ${relation} drop column ${column}`],
  range: (first, end) => `generate_series(${first}, ${end - 1}) as r(i)`,
  lasting: 'select 1 as id from pg_sleep(5)',
  endSession: 'select pg_terminate_backend(pg_backend_pid())',
  endless: 'select 1 as id from pg_sleep(300)',
  attach: (relation, column) => [
    `comment on table ${relation} is 'by hand'`,
    `comment on column ${relation}.${column} is 'by hand too'`,
    `grant select on ${relation} to public`,
    `create index on ${relation} (${column})`,
  ],
  block: (relation, name) => `create materialized view ${name} as select * from ${relation}`,
  attached: (schema, identifier) => `
    select obj_description(c.oid, 'pg_class'), col_description(c.oid, 1), c.relacl::text,
      (select string_agg(indexdef, '; ' order by indexdef) from pg_indexes where schemaname = '${schema}' and tablename = '${identifier}')
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = '${schema}' and c.relname = '${identifier}'`,
}

const samples: readonly TypeSample[] = [
  { type: 'integer[]', values: ["'{1,null}'", "'{}'"] },
  { type: 'text[]', values: [`'{"a,b",null,"q\\"q"}'`, "'{}'"] },
  { type: 'json', values: [`'{"a": 1}'`, `'{"a": 2}'`] },
  { type: 'jsonb', values: [`'{"a": 1}'`, `'{"a": 2}'`] },
  { type: 'bytea', values: ["'\\xff00'", "''"] },
  { type: 'bit(4)', values: ["B'1010'", "B'0000'"] },
  { type: 'uuid', values: ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'00000000-0000-0000-0000-000000000000'"] },
  { type: 'interval', values: ["interval '1 day'", "interval '25 hours'"] },
  { type: 'time', values: ["time '10:00:00.000001'", "time '10:00:00'"] },
  { type: 'timestamptz', values: ["'2024-01-01 00:00:00+02'", "'2024-01-01 00:00:00+00'"] },
  { type: 'numeric', values: ['0.1', '1e30'] },
  { type: 'numeric(38,9)', values: ['0.000000001', '-0.000000001'] },
  { type: 'double precision', values: ["'nan'", "'-infinity'"] },
  { type: 'boolean', values: ['true', 'false'] },
  { type: 'char(3)', values: ["'a'", "'abc'"] },
  { type: 'varchar(5)', values: ["'a '", "'a'"] },
  { type: 'point', values: ["'(1,2)'", "'(1,3)'"] },
  { type: 'int4range', values: ["'[1,5)'", "'empty'"] },
  { type: 'inet', values: ["'10.0.0.1'", "'10.0.0.2/8'"] },
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
    type: 'timestamptz',
    values: [
      "timestamptz '2024-02-29 12:00:00+00'",
      "timestamptz '2024-02-29 14:00:00.123456+02:00'",
      "timestamptz '2024-02-29 12:00:00.123457+00'",
    ],
    texts: ['2024-02-29 12:00:00.123456+00', '2024-02-29 12:00:00.123457+00'],
  },
}

const values: readonly ValueSample[] = [
  { type: 'timestamptz', text: '2024-01-01 10:00:00+00', value: '2024-01-01 10:00:00+00' },
  { type: 'numeric', text: '123456789012345678901234567890.5', value: '123456789012345678901234567890.5' },
  { type: 'bytea', text: '\\x0041', value: new Uint8Array([0, 65]) },
  { type: 'uuid', text: '5b0f4c5e-0a1b-4c2d-8e3f-405162738495', value: '5b0f4c5e-0a1b-4c2d-8e3f-405162738495' },
  { type: 'jsonb', text: '{"a": 1}', value: '{"a": 1}' },
]

/** Postgres: a server for the whole test run, a schema a test; a database a test where it has to be copied. */
export const postgres: Engine = {
  name: 'postgres',
  missing: undefined,
  speed: 'medium',
  can: new Set([
    'transactions',
    'odd_relations',
    'two_connections',
    'attachments',
    'short_names',
    'timestamptz',
    'locks',
  ]),
  without: {},
  words,
  samples,
  times,
  values,
  start: async () => {
    await admin((client) => client.query(`create database ${shared}`))
  },
  stop: async () => {
    await admin((client) => client.query(`drop database if exists ${shared} with (force)`))
  },
  database: ({ quiet = false }: DatabaseOptions = {}) => (quiet ? ownDatabase() : ownSchema()),
}

const shared = fresh('shared')

function fresh(what: string): string {
  return `fft_${what}_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
}

async function ownSchema(): Promise<Database> {
  const server = await postgresServer()
  const schema = fresh('lab')
  const stateSchema = `${schema}_state`
  await admin((client) => client.query(`create schema ${schema}`), shared)
  return {
    profile: profileOf(server, shared, schema),
    schema,
    stateSchema,
    drop: () => admin((client) => client.query(`drop schema if exists ${schema}, ${stateSchema} cascade`), shared),
  }
}

async function ownDatabase(template?: string): Promise<Database> {
  const server = await postgresServer()
  const name = fresh('database')
  await admin((client) =>
    client.query(`create database ${name}${template === undefined ? '' : ` template ${template}`}`),
  )
  return {
    profile: profileOf(server, name, 'public'),
    schema: 'public',
    stateSchema: '_fft',
    copy: () => ownDatabase(name),
    drop: () => admin((client) => client.query(`drop database if exists ${name} with (force)`)),
  }
}

function profileOf(server: PostgresServer, database: string, schema: string): Database['profile'] {
  return { engine: 'postgres', postgres: { dsn: server.dsn(database), schema } }
}

/** Something that is done by the superuser, outside fft. */
async function admin(work: (client: pg.Client) => Promise<unknown>, database?: string): Promise<void> {
  const server = await postgresServer()
  const client = new pg.Client({ connectionString: server.dsn(database) })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
