import { readFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'node:tls'
import type { Client, ClientConfig } from 'pg'
import { connectFailure, isTlsFailure } from './connect-failure.js'
import type { Driver } from './driver.js'
import type { PostgresSettings, SslMode } from './settings.js'

type Encryption = 'tls' | 'plain'

/** Opens clients of one profile; remembers which encryption the server took. */
export class Connector {
  readonly #driver: Driver
  readonly #settings: PostgresSettings
  #known: Encryption | undefined

  constructor(driver: Driver, settings: PostgresSettings) {
    this.#driver = driver
    this.#settings = settings
  }

  get isEncrypted(): boolean {
    return this.#known === 'tls'
  }

  /**
   * A connected client. Throws `server-unreachable`, `login-refused`, `database-missing`, `tls-refused`,
   * `tls-not-trusted`, `too-many-connections`, `server-not-ready`.
   */
  async open(): Promise<Client> {
    const ways = this.#known === undefined ? waysOf(this.#settings.sslMode) : [this.#known]
    let failure: unknown
    for (const way of ways) {
      try {
        const client = await this.#attempt(way)
        this.#known = way
        return client
      } catch (error) {
        failure = failure !== undefined && isTlsFailure(error) ? failure : error
        if (!mayFallBack(this.#settings.sslMode, error)) break
      }
    }
    throw connectFailure(failure, this.#settings)
  }

  async #attempt(way: Encryption): Promise<Client> {
    const client = new this.#driver.Client(await this.#config(way))
    // A client without a listener ends the process when its server goes away.
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
  }

  async #config(way: Encryption): Promise<ClientConfig> {
    const { host, port, user, password, database, options, applicationName, connectTimeoutMs } = this.#settings
    return {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(database === undefined ? {} : { database }),
      ...(options === undefined ? {} : { options }),
      application_name: applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      ssl: way === 'tls' ? await tlsOptions(this.#settings) : false,
    }
  }
}

function waysOf(mode: SslMode): readonly Encryption[] {
  if (mode === 'disable') return ['plain']
  if (mode === 'allow') return ['plain', 'tls']
  return mode === 'prefer' ? ['tls', 'plain'] : ['tls']
}

/** `prefer` takes a plain connection where TLS is refused; `allow` takes TLS where a plain one is. */
function mayFallBack(mode: SslMode, error: unknown): boolean {
  if (mode === 'prefer') return isTlsFailure(error) || isRefusedHere(error)
  return mode === 'allow' && isRefusedHere(error)
}

/** `pg_hba.conf` has no line for this kind of connection. */
function isRefusedHere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '28000'
}

/** `require` encrypts without asking who answers, unless a root certificate is given; as libpq does. */
async function tlsOptions({ sslMode, certificates }: PostgresSettings): Promise<ConnectionOptions> {
  const read = (path: string | undefined) => (path === undefined ? undefined : readFile(path, 'utf8'))
  const [ca, cert, key] = await Promise.all([read(certificates.root), read(certificates.own), read(certificates.key)])
  const verifies = sslMode.startsWith('verify-') || (sslMode === 'require' && ca !== undefined)
  return {
    rejectUnauthorized: verifies,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(verifies && sslMode !== 'verify-full' ? { checkServerIdentity: () => undefined } : {}),
  }
}
