import type * as v from 'valibot'
import { closest } from '../core/index.js'
import {
  anything,
  either,
  fields,
  filledText,
  flag,
  key,
  list,
  map,
  mapOf,
  needed,
  number,
  oneOf,
  text,
  wholeNumber,
} from './values.js'

/** One engine's section of a profile. */
export interface EngineSection {
  /** Other names of the engine in `profiles.yml`, `--engine` and the like. */
  readonly aliases: readonly string[]
  readonly entries: v.ObjectEntries
  /** Other spellings of its keys. */
  readonly keyAliases: Readonly<Record<string, string>>
  readonly defaults: Readonly<Record<string, unknown>>
  readonly secrets: readonly string[]
  /** Environment variables that replace a key's value. */
  readonly overrides: Readonly<Record<string, string>>
  /** Keys of upstream that say nothing here; they give one warning. */
  readonly ignored: readonly string[]
  /** Keys that name files, which count from the project folder. */
  readonly paths: Readonly<Record<string, PathKind>>
  /** Keys whose override from the environment replaces other keys too. */
  readonly covers: Readonly<Record<string, readonly string[]>>
}

/**
 * `file`: the value is a path. `databases`: paths by name, or a list of them, each perhaps as a map with `path` and
 * `type`; those of the types named are files.
 */
export type PathKind = 'file' | { readonly databases: readonly string[] }

const scalar = either('a string, a number, true or false', text, number, flag)
const limit = either("a number of milliseconds or a text such as '30s'", text, wholeNumber)

/** The engines that fft speaks and what `profiles.yml` may say of each. */
export const engineSections = {
  duckdb: {
    aliases: [],
    entries: {
      path: key('The database file, from the project folder; `:memory:` by default.', filledText),
      schema: key('The schema of the models; `main` by default.', filledText),
      catalog: key('The name that the database gets.', text),
      attach: key(
        'Further databases: `{name: path}` or a list of `{path, alias, type, read_only}`.',
        either('a list or a map of databases', list(anything), map),
      ),
      settings: key('DuckDB settings for every connection.', mapOf(scalar)),
    },
    keyAliases: { db_schema: 'schema' },
    defaults: { path: ':memory:', schema: 'main' },
    secrets: [],
    overrides: { FF_DUCKDB_PATH: 'path', FF_DUCKDB_SCHEMA: 'schema', FF_DUCKDB_CATALOG: 'catalog' },
    ignored: [],
    paths: { path: 'file', attach: { databases: ['duckdb', 'sqlite'] } },
    covers: {},
  },
  postgres: {
    aliases: ['postgresql'],
    entries: {
      dsn: key('A connection string, in place of host, port, user, password and dbname.', text),
      host: key('The server.', text),
      port: key('Its port; 5432 by default.', wholeNumber),
      user: key('The user.', text),
      password: key('The password.', text),
      dbname: key('The database.', text),
      schema: key('The schema of the models; `public` by default.', filledText),
      sslmode: key(
        'How the connection is encrypted.',
        oneOf(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']),
      ),
      role: key('The role that the session takes.', text),
      statement_timeout: key('How long one statement may take.', limit),
      lock_timeout: key('How long one statement may wait for a lock.', limit),
    },
    keyAliases: { db_schema: 'schema', database: 'dbname' },
    defaults: { schema: 'public' },
    secrets: ['dsn', 'password'],
    overrides: { FF_PG_DSN: 'dsn', FF_PG_SCHEMA: 'schema' },
    ignored: [],
    paths: {},
    covers: { dsn: ['host', 'port', 'user', 'password', 'dbname'] },
  },
  databricks: {
    aliases: ['databricks_spark'],
    entries: {
      host: key('The workspace, without https://.', text),
      http_path: key("The SQL warehouse's or cluster's HTTP path.", text),
      token: key('A personal access token.', text),
      client_id: key('The id of a service principal, with `client_secret`.', text),
      client_secret: key('The secret of the service principal.', text),
      catalog: key('The catalog.', text),
      schema: key('The schema of the models; `default` by default.', filledText),
      table_format: key('The format of new tables; `delta` by default.', filledText),
      port: key('The port; 443 by default.', wholeNumber),
      protocol: key('`http` reaches an open-source Spark Thrift server.', oneOf(['https', 'http'])),
    },
    keyAliases: { database: 'schema', db_schema: 'schema' },
    defaults: { schema: 'default', table_format: 'delta' },
    secrets: ['token', 'client_secret'],
    overrides: {
      FF_DBR_TABLE_FORMAT: 'table_format',
      FF_DBR_DATABASE: 'schema',
      DATABRICKS_HOST: 'host',
      DATABRICKS_HTTP_PATH: 'http_path',
      DATABRICKS_TOKEN: 'token',
    },
    ignored: ['master', 'app_name', 'warehouse_dir', 'extra_conf', 'use_hive_metastore', 'table_options'],
    paths: {},
    covers: {},
  },
} as const satisfies Readonly<Record<string, EngineSection>>

export type EngineName = keyof typeof engineSections

/** The section of an engine by any of its names, with its one name; undefined for an engine that fft does not speak. */
export function engineSection(name: string): (EngineSection & { readonly engine: EngineName }) | undefined {
  const lower = name.toLowerCase()
  const found = engineNames.find((each) => each === lower || aliasesOf(each).includes(lower))
  return found === undefined ? undefined : { engine: found, ...engineSections[found] }
}

export const engineNames = Object.keys(engineSections) as readonly EngineName[]

/** The engine that a name nearly spells; undefined for a name that is right or far from all. */
export function closestEngine(name: string): string | undefined {
  if (engineSection(name) !== undefined) return undefined
  return closest(
    name,
    engineNames.flatMap((each) => [each, ...aliasesOf(each)]),
  )
}

function aliasesOf(engine: EngineName): readonly string[] {
  return engineSections[engine].aliases
}

/** Schema of `vars` and `threads`, which stand beside the engine's section. */
export const profileEntries = {
  engine: needed('The engine: `duckdb`, `postgres` or `databricks`.', filledText),
  vars: key('Values for `var()` in this environment.', map),
  threads: key('How many nodes are built at the same time.', wholeNumber),
}

/** Schema of `profiles.yml`: environments by name, each with an engine and its section. */
export const profilesSchema = mapOf(
  fields({
    ...profileEntries,
    ...Object.fromEntries(
      engineNames.flatMap((name) =>
        [name, ...aliasesOf(name)].map((spelling) => [
          spelling,
          key(`The connection to ${name}.`, sectionSchema(name)),
        ]),
      ),
    ),
  }),
)

/** Schema of an engine's section, every spelling of its keys included. */
function sectionSchema(engine: EngineName) {
  const { entries, keyAliases, ignored }: EngineSection = engineSections[engine]
  const aliases = Object.entries(keyAliases).flatMap(([alias, name]) => {
    const schema = entries[name]
    return schema === undefined ? [] : [[alias, schema] as const]
  })
  const passedOver = ignored.map(
    (name) => [name, key("A key of upstream's Spark session; it has no effect.", anything)] as const,
  )
  return fields({ ...entries, ...Object.fromEntries([...aliases, ...passedOver]) })
}
