import type { FieldDef } from 'pg'
import { FftError } from '../../core/index.js'
import { quote, quoteText } from '../names.js'
import type { Connection, Dialect, Fact, OpenOptions, RelationState, SchemaName, Warehouse } from '../types.js'
import { Connector } from './connect.js'
import { type Host, PostgresConnection } from './connection.js'
import { loadDriver } from './driver.js'
import { serverError, toFftError } from './errors.js'
import { facts } from './facts.js'
import { relationStates, relationsText } from './relations.js'
import { Session } from './session.js'
import { type PostgresSettings, postgresSettings } from './settings.js'
import { builtInName } from './type-names.js'

/**
 * Opens the profile's server: one session, to know that it answers. Throws what `Connector.open` throws,
 * `driver-missing`, `dsn-not-valid`, `setting-refused`, `server-too-old`.
 */
export async function openPostgres(options: OpenOptions & { readonly dialect: Dialect }): Promise<Warehouse> {
  const settings = postgresSettings(options.profile.settings)
  const warehouse = new PostgresWarehouse(new Connector(await loadDriver(), settings), settings, options)
  await warehouse.warm()
  return warehouse
}

const oldestVersion = 150_000

/** A server with the sessions that are open to it. */
class PostgresWarehouse implements Warehouse {
  readonly dialect: Dialect
  readonly defaults: { readonly schema: string }
  readonly #connector: Connector
  readonly #settings: PostgresSettings
  readonly #isReadOnly: boolean
  readonly #open = new Set<PostgresConnection>()
  readonly #idle: Session[] = []
  readonly #typeNames = new Map<string, string>()
  #isClosed = false

  constructor(connector: Connector, settings: PostgresSettings, { dialect, readOnly }: WarehouseParts) {
    this.dialect = dialect
    this.defaults = { schema: settings.schema }
    this.#connector = connector
    this.#settings = settings
    this.#isReadOnly = readOnly === true
  }

  /** Opens the first session. */
  async warm(): Promise<void> {
    this.#idle.push(await this.#newSession())
  }

  async connect(): Promise<Connection> {
    const connection = new PostgresConnection(this.#host())
    this.#open.add(connection)
    return connection
  }

  async relations(schemas: readonly SchemaName[]): Promise<readonly RelationState[]> {
    if (schemas.length === 0) return []
    const session = await this.#acquire()
    try {
      return relationStates(await session.run(relationsText(schemas)))
    } catch (thrown) {
      await session.end()
      throw toFftError(thrown)
    } finally {
      await this.#release(session)
    }
  }

  async facts(): Promise<readonly Fact[]> {
    const session = await this.#acquire()
    try {
      return await facts(session, this.#settings, this.#connector.isEncrypted)
    } finally {
      await this.#release(session)
    }
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.cancel()))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#open].map((connection) => connection.close()))
    await Promise.all(this.#idle.splice(0).map((session) => session.end()))
  }

  #host(): Host {
    return {
      acquire: () => this.#acquire(),
      release: (session) => this.#release(session),
      cancel: (session) => this.#cancel(session),
      nameTypes: (session, fields) => this.#nameTypes(session, fields),
      lockTimeout: this.#settings.lockTimeout,
      closed: (connection) => void this.#open.delete(connection),
    }
  }

  async #acquire(): Promise<Session> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isLost) return idle
    }
    return this.#newSession()
  }

  async #release(session: Session): Promise<void> {
    if (session.isLost || this.#isClosed) return session.end()
    this.#idle.push(session)
  }

  async #cancel(session: Session): Promise<void> {
    const other = await this.#acquire()
    try {
      await other.run(`select pg_cancel_backend(${session.pid})`)
    } finally {
      await this.#release(other)
    }
  }

  async #nameTypes(session: Session, fields: readonly FieldDef[]): Promise<readonly string[]> {
    const ids = fields.map(({ dataTypeID, dataTypeModifier }) => ({ oid: dataTypeID, modifier: dataTypeModifier }))
    const keyOf = ({ oid, modifier }: (typeof ids)[number]) => `${oid} ${modifier}`
    const unknown = ids.filter((id) => builtInName(id) === undefined && !this.#typeNames.has(keyOf(id)))
    if (unknown.length > 0) {
      const items = unknown.map(({ oid, modifier }) => `format_type(${oid}, ${modifier})`)
      const [result] = await session.run(`select ${items.join(', ')}`)
      for (const [index, id] of unknown.entries()) this.#typeNames.set(keyOf(id), result?.rows[0]?.[index] ?? '')
    }
    return ids.map((id) => builtInName(id) ?? this.#typeNames.get(keyOf(id)) ?? '')
  }

  async #newSession(): Promise<Session> {
    const session = new Session(await this.#connector.open())
    try {
      const results = await session.run(sessionStart(this.#settings, this.#isReadOnly))
      this.#checkVersion(results.at(-1)?.rows[0] ?? [])
      return session
    } catch (thrown) {
      await session.end()
      throw thrown instanceof FftError ? thrown : settingError(thrown, this.#settings)
    }
  }

  #checkVersion([number, shown]: readonly (string | null)[]): void {
    if (Number(number) >= oldestVersion) return
    throw new FftError(`this is Postgres ${shown ?? '?'}, and fft needs version 15 or later`, {
      code: 'server-too-old',
      hint: 'upgrade the server, or choose another one in the profile',
    })
  }
}

type WarehouseParts = Pick<OpenOptions, 'readOnly'> & { readonly dialect: Dialect }

/** How long a session may hold its locks without sending anything, as a program that has died does. */
const longestIdle = '1h'

/** Everything that fft counts on, in one round trip. A server that cannot look for a lost client goes without. */
function sessionStart(settings: PostgresSettings, isReadOnly: boolean): string {
  const { role, schema, statementTimeout, lockTimeout } = settings
  const set = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`set ${name} = ${quoteText(value)}`]
  const path = `select set_config('search_path', ${quoteText(`${quote(schema)}, `)} || current_setting('search_path'), false)`
  const lostClient =
    "do $$ begin perform set_config('client_connection_check_interval', '10s', false); exception when others then null; end $$"
  return [
    ...(role === undefined ? [] : [`set role ${quote(role)}`]),
    ...set('statement_timeout', statementTimeout),
    ...set('lock_timeout', lockTimeout),
    ...set('idle_in_transaction_session_timeout', longestIdle),
    ...set('timezone', 'UTC'),
    ...set('datestyle', 'ISO, YMD'),
    ...set('intervalstyle', 'postgres'),
    ...set('bytea_output', 'hex'),
    ...set('extra_float_digits', '1'),
    ...set('standard_conforming_strings', 'on'),
    ...set('client_min_messages', 'notice'),
    ...(isReadOnly ? set('default_transaction_read_only', 'on') : []),
    lostClient,
    path,
    "select current_setting('server_version_num'), current_setting('server_version')",
  ].join(';\n')
}

function settingError(thrown: unknown, { role }: PostgresSettings): FftError {
  const { message, code } = serverError(thrown)
  const [, parameter] = /parameter "([^"]+)"/.exec(message) ?? []
  if (parameter !== undefined) {
    return new FftError(`Postgres refuses the setting '${parameter}' of the profile: ${message}`, {
      code: 'setting-refused',
      hint: "write a number of milliseconds or a text such as '30s'",
      cause: thrown,
    })
  }
  if (/role "/.test(message) || code === '42501') {
    return new FftError(`the session cannot take the role '${role ?? ''}': ${message}`, {
      code: 'setting-refused',
      hint: `grant it: grant ${role ?? '…'} to the user of the profile, or remove role from the profile`,
      cause: thrown,
    })
  }
  return toFftError(thrown)
}
