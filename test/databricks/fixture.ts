import { afterAll, beforeAll, describe } from 'vitest'
import { adapterOf, type Connection, type Warehouse } from '../../src/adapters/index.js'
import { type Sql, text } from '../../src/core/index.js'
import { sparkSettings } from '../../tools/spark/answers.js'
import { sparkMissing, sparkPatienceMs, sparkServer } from '../spark/server.js'

/** A schema of one test file's own on the run's Spark server, and a session in it. */
export interface Spark {
  readonly warehouse: Warehouse
  readonly connection: Connection
  readonly schema: string
  /** The settings of a profile. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Runs statements. */
  sql(...statements: readonly string[]): Promise<void>
  /** Rows of a query as text. */
  rows(sql: string): Promise<readonly (readonly (string | null)[])[]>
  /** A relation of the schema, quoted. */
  name(identifier: string): string
}

/** A workspace, or any server that is running, to run the suite against. */
const workspace = process.env['FFT_TEST_DATABRICKS_HOST']

/**
 * Tests on a real Spark server, or on a workspace when `FFT_TEST_DATABRICKS_HOST`, `_HTTP_PATH`, `_TOKEN` and perhaps
 * `_CATALOG` are set; skipped with the command that installs Spark where there is neither.
 */
export function onSpark(title: string, tests: (spark: () => Spark) => void): void {
  const missing = workspace === undefined ? sparkMissing : undefined
  const reason = missing === undefined ? '' : ` (${missing})`
  describe.skipIf(missing !== undefined)(`${title}${reason}`, () => {
    let spark: Spark | undefined
    beforeAll(async () => {
      spark = await openSpark()
    }, sparkPatienceMs)
    afterAll(async () => {
      await spark?.sql(`drop schema if exists ${spark.schema} cascade`)
      await spark?.warehouse.close()
    })
    tests(() => {
      if (spark === undefined) throw new Error('Spark is not started')
      return spark
    })
  })
}

/** A warehouse with those settings. */
export async function openWarehouse(settings: Readonly<Record<string, unknown>>): Promise<Warehouse> {
  const profile = { env: 'test', engine: 'databricks', settings, sources: [], vars: {} } as const
  return (await adapterOf('databricks')).open({ profile, waitLockMs: 0 })
}

async function settingsFor(schema: string): Promise<Readonly<Record<string, unknown>>> {
  if (workspace === undefined) return sparkSettings(await sparkServer(), schema)
  const of = (key: string) => process.env[`FFT_TEST_DATABRICKS_${key}`]
  return { host: workspace, http_path: of('HTTP_PATH'), token: of('TOKEN'), catalog: of('CATALOG'), schema }
}

async function openSpark(): Promise<Spark> {
  const schema = `test_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
  const settings = await settingsFor(schema)
  const warehouse = await openWarehouse(settings)
  const connection = await warehouse.connect()
  await connection.execute(warehouse.dialect.createSchema(warehouse.defaults).sql)
  return {
    warehouse,
    connection,
    schema,
    settings,
    sql: async (...statements) => {
      for (const statement of statements) await connection.execute(text(statement))
    },
    rows: async (sql) => (await connection.query(text(sql))).rows,
    name: (identifier) => warehouse.dialect.relation({ ...warehouse.defaults, identifier }),
  }
}

/** SQL as a user's file has it, for errors with places. */
export function userSql(value: string): Sql {
  return [{ text: value, span: { file: 'models/m.ff.sql', line: 3, column: 1 }, verbatim: true }]
}
