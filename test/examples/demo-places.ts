import type { Database, Engine } from '../conformance/engines/index.js'
import { settingsOf } from '../conformance/engines/index.js'

/** How an example that runs on every engine is led to a database of a test's own. */
export interface DemoPlace {
  /** The environment of `profiles.yml`, and the engine's name in tags and in `only`. */
  readonly environment: string
  readonly tag: string
  /** What a person sets to reach a server, or to have the file elsewhere. */
  readonly variables: Readonly<Record<string, string>>
  /** The database as the example's profile sees it. */
  readonly database: Database
}

/** The place of an example whose models are in `schema`, on engines that have schemas to choose from. */
export async function demoPlace(engine: Engine, schema: string): Promise<DemoPlace> {
  const database = await engine.database({ quiet: true })
  const settings = Object.fromEntries(Object.entries(settingsOf(database)).map(([key, value]) => [key, String(value)]))
  const within = (name: string): Database => ({
    ...database,
    schema: name,
    profile: { ...database.profile, [engine.name]: { ...settingsOf(database), schema: name } },
  })
  if (engine.name === 'duckdb') {
    const variables = { FF_DUCKDB_PATH: settings['path'] ?? '' }
    return { environment: 'dev_duckdb', tag: 'tag:engine:duckdb', variables, database }
  }
  if (engine.name === 'postgres') {
    const variables = { FF_PG_DSN: settings['dsn'] ?? '' }
    return { environment: 'dev_postgres', tag: 'tag:engine:postgres', variables, database: within(schema) }
  }
  const variables = {
    DATABRICKS_HOST: settings['host'] ?? '',
    FF_DBR_PORT: settings['port'] ?? '',
    DATABRICKS_HTTP_PATH: settings['http_path'] ?? '',
    FF_DBR_PROTOCOL: settings['protocol'] ?? 'https',
    DATABRICKS_TOKEN: settings['token'] ?? '',
    // Several tests share the server, so each has a schema of its own.
    FF_DBR_DATABASE: database.schema,
  }
  return { environment: 'dev_databricks', tag: 'tag:engine:databricks_spark', variables, database }
}
