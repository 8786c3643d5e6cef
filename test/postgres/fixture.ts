import pg from 'pg'
import { adapterOf, type Connection, type Warehouse } from '../../src/adapters/index.js'
import { FftError, text } from '../../src/core/index.js'
import { type PostgresVersion, postgresServer } from './server.js'

/** A schema of a test's own on the test run's server. */
export interface Lab {
  readonly schema: string
  readonly warehouse: Warehouse
  readonly connection: Connection
  /** Runs statements as the superuser, outside fft. */
  admin(...statements: readonly string[]): Promise<readonly (readonly unknown[])[]>
  /** Another warehouse on the same schema. */
  open(settings?: Readonly<Record<string, unknown>>): Promise<Warehouse>
  /** The schema's relation of that name. */
  relation(identifier: string): { readonly schema: string; readonly identifier: string }
  end(): Promise<void>
}

export async function openLab(version: PostgresVersion = 18): Promise<Lab> {
  const server = await postgresServer(version)
  const schema = `lab_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
  const client = new pg.Client({ connectionString: server.dsn() })
  await client.connect()
  const admin = async (...statements: readonly string[]) => {
    let rows: readonly (readonly unknown[])[] = []
    for (const statement of statements) rows = (await client.query({ text: statement, rowMode: 'array' })).rows
    return rows
  }
  await admin(`create schema ${schema}`)
  const opened: Warehouse[] = []
  const open = async (settings: Readonly<Record<string, unknown>> = {}) => {
    const warehouse = await openPostgres({ dsn: server.dsn(), schema, ...settings })
    opened.push(warehouse)
    return warehouse
  }
  const warehouse = await open()
  return {
    schema,
    warehouse,
    connection: await warehouse.connect(),
    admin,
    open,
    relation: (identifier) => ({ schema, identifier }),
    async end() {
      await Promise.all(opened.map((each) => each.close()))
      await admin(`drop schema if exists ${schema} cascade`)
      await client.end()
    },
  }
}

/** Opens a profile with these settings. */
export async function openPostgres(settings: Readonly<Record<string, unknown>>): Promise<Warehouse> {
  const profile = { env: 'dev', engine: 'postgres' as const, settings, sources: [], vars: {} }
  return (await adapterOf('postgres')).open({ profile, waitLockMs: 0 })
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
