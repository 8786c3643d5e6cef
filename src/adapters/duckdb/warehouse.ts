import type { DuckDBConnection as NativeConnection } from '@duckdb/node-api'
import { FftError, suggest, text } from '../../core/index.js'
import { quote, quoteText } from '../names.js'
import type { Connection, Dialect, Fact, OpenOptions, RelationState, SchemaName, Warehouse } from '../types.js'
import { DuckDbConnection } from './connection.js'
import { type Driver, loadDriver } from './driver.js'
import { parseEngineError, toFftError } from './errors.js'
import { type Lease, openInstance } from './instances.js'
import { relationStates, relationsQuery } from './relations.js'
import { type DuckDbSettings, duckDbSettings } from './settings.js'

/**
 * Opens the profile's database: one instance per file and process, waiting for another process that holds it. Throws
 * `database-locked`, `database-not-valid`, `database-not-writable`, `driver-missing`, `setting-refused`.
 */
export async function openDuckDb(options: OpenOptions & { readonly dialect: Dialect }): Promise<Warehouse> {
  const settings = duckDbSettings(options.profile.settings)
  const { waitLockMs, onWait, readOnly = false } = options
  const { path, catalog } = settings
  const [driver, lease] = await Promise.all([
    loadDriver(),
    openInstance({ path, catalog, readOnly, waitLockMs, onWait }),
  ])
  const warehouse = new DuckDbWarehouse({ driver, lease, settings, dialect: options.dialect })
  try {
    await warehouse.attach()
  } catch (error) {
    await warehouse.close()
    throw error
  }
  return warehouse
}

interface Parts {
  readonly driver: Driver
  readonly lease: Lease
  readonly settings: DuckDbSettings
  readonly dialect: Dialect
}

/** An open DuckDB database of this process. */
class DuckDbWarehouse implements Warehouse {
  readonly dialect: Dialect
  readonly defaults: { readonly database?: string; readonly schema: string }
  readonly #driver: Driver
  readonly #lease: Lease
  readonly #settings: DuckDbSettings
  readonly #open = new Set<DuckDbConnection>()

  constructor({ driver, lease, settings, dialect }: Parts) {
    this.dialect = dialect
    this.#driver = driver
    this.#lease = lease
    this.#settings = settings
    const { schema, catalog } = settings
    this.defaults = catalog === undefined ? { schema } : { database: catalog, schema }
  }

  /** Attaches the profile's further databases; a shared instance may have them already. */
  async attach(): Promise<void> {
    if (this.#settings.attach.length === 0) return
    await this.#briefly(async (connection) => {
      for (const { name, path, type, readOnly } of this.#settings.attach) {
        const options = [...(type === undefined ? [] : [`type ${quoteText(type)}`]), ...(readOnly ? ['read_only'] : [])]
        const tail = options.length === 0 ? '' : ` (${options.join(', ')})`
        await connection.execute(text(`attach if not exists ${quoteText(path)} as ${quote(name)}${tail}`))
      }
    })
  }

  async connect(): Promise<Connection> {
    const native = await this.#lease.instance.connect()
    try {
      await this.#startSession(native)
    } catch (error) {
      native.closeSync()
      throw error
    }
    const connection = new DuckDbConnection(this.#driver, native, (closed) => this.#open.delete(closed))
    this.#open.add(connection)
    return connection
  }

  async relations(schemas: readonly SchemaName[]): Promise<readonly RelationState[]> {
    if (schemas.length === 0) return []
    const sql = text(relationsQuery(schemas))
    return this.#briefly(async (connection) => relationStates(await connection.query(sql), schemas))
  }

  async facts(): Promise<readonly Fact[]> {
    const sql = `select version(), current_database(), current_schema(), current_setting('threads'),
      current_setting('memory_limit'),
      (select string_agg(database_name || coalesce(' (' || path || ')', ''), ', ') from duckdb_databases()
       where not internal),
      (select readonly from duckdb_databases() where database_name = current_database())`
    const { rows } = await this.#briefly((connection) => connection.query(text(sql)))
    const names = ['DuckDB', 'database', 'schema', 'threads', 'memory limit', 'databases', 'read only']
    const values = rows[0] ?? []
    return [
      { name: 'path', value: this.#settings.path },
      ...names.map((name, index) => ({ name, value: values[index] ?? '' })),
    ]
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.cancel()))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.close()))
    this.#lease.release()
  }

  async #briefly<T>(task: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.connect()
    try {
      return await task(connection)
    } finally {
      await connection.close()
    }
  }

  async #startSession(native: NativeConnection): Promise<void> {
    await native.run("set errors_as_json = true; set TimeZone = 'UTC'")
    for (const [name, value] of Object.entries(this.#settings.settings)) {
      // Every time that fft compares and stores is in UTC.
      if (name.toLowerCase() === 'timezone') continue
      try {
        await native.run(`set ${quote(name)} = ${typeof value === 'string' ? quoteText(value) : value}`)
      } catch (thrown) {
        throw settingError(name, thrown)
      }
    }
    const { catalog, schema } = this.#settings
    if (catalog !== undefined) await native.run(`use ${quote(catalog)}`)
    // A schema that does not exist yet cannot be made current; fft's own statements name it in full anyway.
    if (schema !== 'main') await native.run(`set schema = ${quoteText(quote(schema))}`).catch(() => {})
  }
}

function settingError(name: string, thrown: unknown): FftError {
  const { candidates } = parseEngineError(thrown instanceof Error ? thrown.message : String(thrown))
  return new FftError(`DuckDB refuses the setting '${name}' of the profile: ${toFftError(thrown).message}`, {
    code: 'setting-refused',
    hint: suggest(name, candidates, 'settings') ?? 'correct or remove it under `settings` of the duckdb section',
    cause: thrown,
  })
}
