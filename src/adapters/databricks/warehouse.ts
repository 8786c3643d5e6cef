import { FftError, type Relation } from '../../core/index.js'
import type {
  Connection,
  Dialect,
  Fact,
  OpenOptions,
  RelationState,
  SchemaName,
  StateRecord,
  Warehouse,
} from '../types.js'
import { closeClient, connectClient, firstStatements, openSession } from './client.js'
import { DatabricksConnection } from './connection.js'
import { databricksDialect } from './dialect.js'
import { type Client, loadDriver, type Session } from './driver.js'
import { toFftError } from './errors.js'
import { readFacts } from './facts.js'
import { Refreshes } from './refreshes.js'
import { type Readers, readCarried, readRelations } from './relations.js'
import { ServerSession, startUpMs } from './session.js'
import { type DatabricksSettings, databricksSettings } from './settings.js'
import { probeTag } from './state.js'

/**
 * Opens the profile's server: one client, a session for each connection. Throws `driver-missing`, `server-unreachable`,
 * `login-refused`, `tls-refused`, `tls-not-trusted`, `http-path-wrong`, `server-not-ready`.
 */
export async function openDatabricks(options: OpenOptions): Promise<Warehouse> {
  const settings = databricksSettings(options.profile.settings)
  const driver = await loadDriver()
  try {
    const client = await connectClient(driver, settings)
    const onWait = () => options.onWait?.(`the server ${settings.host}, which is starting or full`)
    const pool = new SessionPool(client, settings, onWait)
    const first = await pool.take()
    const tagsCommits = await takesTags(first)
    pool.give(first)
    return new DatabricksWarehouse(
      pool,
      settings,
      databricksDialect({ tagsCommits, tableFormat: settings.tableFormat }),
    )
  } catch (thrown) {
    throw atServer(toFftError(thrown), settings)
  }
}

/** Of a server that cannot be reached it has to be known which one was meant. */
function atServer(error: FftError, { protocol, host, port, httpPath }: DatabricksSettings): FftError {
  if (!/^(?:server|tls|http-path|login|connection)-/.test(error.code)) return error
  const { code, hint, cause } = error
  return new FftError(`${error.message}: ${protocol}://${host}:${port}${httpPath}`, { code, hint, cause })
}

async function takesTags(session: ServerSession): Promise<boolean> {
  try {
    for (const statement of probeTag) await session.rows(statement)
    return true
  } catch (thrown) {
    // Only what the engine itself says counts; a lost connection does not.
    const { code } = toFftError(thrown)
    if (/^(?:connection|server)-/.test(code) || code === 'login-refused') throw thrown
    return false
  }
}

/** On the way out nobody waits for a server that takes seconds to close its first session. */
const closingMs = 150
const mostIdle = 8

/** Sessions that are open and not in use. */
class SessionPool {
  readonly #client: Client
  readonly #settings: DatabricksSettings
  readonly #onWait: () => void
  readonly #idle: ServerSession[] = []
  readonly #refreshes = new Refreshes()

  constructor(client: Client, settings: DatabricksSettings, onWait: () => void) {
    this.#client = client
    this.#settings = settings
    this.#onWait = onWait
  }

  async take(): Promise<ServerSession> {
    return this.#idle.pop() ?? new ServerSession(await this.#open(), () => this.#open(), this.#refreshes)
  }

  give(session: ServerSession): void {
    if (session.isUsable && this.#idle.length < mostIdle) this.#idle.push(session)
    else void session.close(closingMs)
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((session) => session.close(closingMs)))
    await closeClient(this.#client, closingMs)
  }

  async #open(): Promise<Session> {
    const patience = { forMs: startUpMs, onWait: this.#onWait }
    const session = await openSession(this.#client, this.#settings, patience)
    const opened = new ServerSession(session, async () => session, this.#refreshes)
    for (const statement of firstStatements(this.#settings)) await opened.rows(statement)
    return session
  }
}

/** Sessions that read columns of relations at the same time. */
const mostReaders = 4

/** An open server of this process. */
class DatabricksWarehouse implements Warehouse {
  readonly dialect: Dialect
  readonly defaults: { readonly database?: string; readonly schema: string }
  readonly #pool: SessionPool
  readonly #settings: DatabricksSettings
  readonly #open = new Set<DatabricksConnection>()

  constructor(pool: SessionPool, settings: DatabricksSettings, dialect: Dialect) {
    this.#pool = pool
    this.#settings = settings
    this.dialect = dialect
    const { catalog, schema } = settings
    this.defaults = catalog === undefined ? { schema } : { database: catalog, schema }
  }

  async connect(): Promise<Connection> {
    const session = await this.#take()
    const connection = new DatabricksConnection(session, this.#settings.tableFormat, async (closed) => {
      this.#open.delete(closed)
      this.#pool.give(session)
    })
    this.#open.add(connection)
    return connection
  }

  async relations(
    schemas: readonly SchemaName[],
    needsColumns?: (relation: Relation) => boolean,
  ): Promise<readonly RelationState[]> {
    return schemas.length === 0 ? [] : this.#reading((readers) => readRelations(readers, schemas, needsColumns))
  }

  async committedRecords(relations: readonly Relation[]): Promise<readonly StateRecord[]> {
    return this.#reading((readers) => readCarried(readers, relations))
  }

  async #reading<Result>(read: (readers: Readers) => Promise<Result>): Promise<Result> {
    const first = await this.#take()
    const sessions = [first]
    try {
      const more = async () => {
        while (sessions.length < mostReaders) sessions.push(await this.#take())
        return sessions
      }
      return await read({ first, more })
    } catch (thrown) {
      throw toFftError(thrown)
    } finally {
      for (const session of sessions) this.#pool.give(session)
    }
  }

  async facts(): Promise<readonly Fact[]> {
    const session = await this.#take()
    try {
      return await readFacts(session, this.#settings, this.dialect)
    } catch (thrown) {
      throw toFftError(thrown)
    } finally {
      this.#pool.give(session)
    }
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.cancel()))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.close()))
    await this.#pool.close()
  }

  async #take(): Promise<ServerSession> {
    try {
      return await this.#pool.take()
    } catch (thrown) {
      throw toFftError(thrown)
    }
  }
}
