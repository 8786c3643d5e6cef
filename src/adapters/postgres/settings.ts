import { type DsnParts, parseDsn } from './dsn.js'

/** How far a connection is encrypted and who is trusted, with libpq's meanings. */
export type SslMode = (typeof sslModes)[number]

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

/** The `postgres` section of a profile; what is undefined is left to libpq's variables (`PGHOST`, …). */
export interface PostgresSettings {
  readonly host: string | undefined
  readonly port: number | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
  readonly schema: string
  readonly sslMode: SslMode
  /** Files of `sslrootcert`, `sslcert`, `sslkey` in the connection string. */
  readonly certificates: { readonly root?: string; readonly own?: string; readonly key?: string }
  readonly role: string | undefined
  /** As the server reads them: milliseconds, or with a unit. */
  readonly statementTimeout: string | undefined
  readonly lockTimeout: string | undefined
  readonly connectTimeoutMs: number
  /** `options` of the connection string. */
  readonly options: string | undefined
  readonly applicationName: string
}

const defaultConnectTimeoutMs = 15_000

/** Reads a profile's settings; parts of their own win over those of the connection string. Throws 'dsn-not-valid'. */
export function postgresSettings(values: Readonly<Record<string, unknown>>): PostgresSettings {
  const dsn = text(values['dsn']) === undefined ? {} : parseDsn(text(values['dsn']) ?? '')
  const part = (key: string) => text(values[key]) ?? dsn[key]
  const port = part('port')
  const seconds = Number(dsn['connect_timeout'] ?? 0)
  return {
    host: part('host') ?? dsn['hostaddr'],
    port: port === undefined ? undefined : Number(port),
    user: part('user'),
    password: part('password'),
    database: part('dbname'),
    schema: schemaOf(values),
    sslMode: sslModeOf(part('sslmode')),
    certificates: certificatesOf(dsn),
    role: part('role'),
    statementTimeout: text(values['statement_timeout']),
    lockTimeout: text(values['lock_timeout']),
    connectTimeoutMs: seconds > 0 ? seconds * 1_000 : defaultConnectTimeoutMs,
    options: dsn['options'],
    applicationName: dsn['application_name'] ?? 'fft',
  }
}

/** Where unqualified names go. */
export function schemaOf(values: Readonly<Record<string, unknown>>): string {
  return text(values['schema']) ?? 'public'
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function sslModeOf(value: string | undefined): SslMode {
  return sslModes.find((mode) => mode === value) ?? 'prefer'
}

function certificatesOf({ sslrootcert, sslcert, sslkey }: DsnParts): PostgresSettings['certificates'] {
  return {
    ...(sslrootcert === undefined || sslrootcert === 'system' ? {} : { root: sslrootcert }),
    ...(sslcert === undefined ? {} : { own: sslcert }),
    ...(sslkey === undefined ? {} : { key: sslkey }),
  }
}
