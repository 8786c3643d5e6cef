import { FftError } from '../../core/index.js'
import type { PostgresSettings } from './settings.js'

/** Why no connection came about, in words that tell what to do. */
export function connectFailure(thrown: unknown, settings: PostgresSettings): FftError {
  if (thrown instanceof FftError) return thrown
  const code = codeOf(thrown)
  const { code: known, message, hint } = (bySqlState(code, settings) ?? byNetwork(thrown, code, settings)) as Failure
  return new FftError(message, { code: known, hint, cause: thrown })
}

interface Failure {
  readonly code: string
  readonly message: string
  readonly hint: string
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '') return messageOf(thrown.errors[0])
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** `host:port`, as far as the profile says. */
export function serverName({ host, port }: PostgresSettings): string {
  return `${host ?? 'localhost'}:${port ?? 5432}`
}

function bySqlState(code: string, settings: PostgresSettings): Failure | undefined {
  const server = serverName(settings)
  const user = settings.user === undefined ? 'the user' : `the user '${settings.user}'`
  const where = 'user and password of the profile (`fft debug` shows where each comes from)'
  switch (code) {
    case '28P01':
      return {
        code: 'login-refused',
        message: `Postgres at ${server} refuses the password of ${user}`,
        hint: `correct ${where}`,
      }
    case '28000':
      return {
        code: 'login-refused',
        message: `Postgres at ${server} does not let ${user} in this way`,
        hint: `correct ${where}; if both are right, pg_hba.conf of the server has no line for this host, user, database and sslmode`,
      }
    case '3D000':
      return {
        code: 'database-missing',
        message: `Postgres at ${server} has no database '${settings.database ?? settings.user ?? ''}'`,
        hint: 'create it (create database …), or correct dbname of the profile',
      }
    case '42501':
      return {
        code: 'permission-denied',
        message: `${user} may not connect to the database '${settings.database ?? settings.user ?? ''}'`,
        hint: `grant it: grant connect on database … to ${settings.user ?? '…'}`,
      }
    case '53300':
      return {
        code: 'too-many-connections',
        message: `Postgres at ${server} takes no more connections`,
        hint: 'use fewer with --jobs, end others, or raise max_connections',
      }
    case '57P03':
      return {
        code: 'server-not-ready',
        message: `Postgres at ${server} is starting up, shutting down or recovering`,
        hint: 'wait a moment and run again',
      }
    default:
      return undefined
  }
}

function byNetwork(thrown: unknown, code: string, settings: PostgresSettings): Failure {
  const server = serverName(settings)
  const message = messageOf(thrown)
  if (/client password must be a string/.test(message)) {
    return {
      code: 'login-refused',
      message: `Postgres at ${server} wants a password`,
      hint: 'set password (or dsn) in the profile, best from an environment variable',
    }
  }
  if (isTlsFailure(thrown)) return tlsFailure(message, server)
  if (code in reasons || /timeout expired/.test(message)) {
    const reason = reasons[code] ?? 'it does not answer in time'
    return {
      code: 'server-unreachable',
      message: `no Postgres can be reached at ${server}: ${reason}`,
      hint: 'start the server, or correct host and port of the profile (`fft debug` shows where each comes from)',
    }
  }
  if (/^\d[0-9A-Z]{4}$/.test(code)) {
    return {
      code: 'connection-failed',
      message: `Postgres at ${server} refuses the connection: ${message}`,
      hint: 'correct the postgres section of the profile',
    }
  }
  return {
    code: 'connection-failed',
    message: `the connection to Postgres at ${server} failed: ${message}`,
    hint: 'check that a Postgres server listens there (`fft debug` shows where host and port come from)',
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ETIMEDOUT: 'it does not answer in time',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ENOENT: 'there is no such socket',
  EACCES: 'the socket may not be opened',
}

function tlsFailure(message: string, server: string): Failure {
  if (/does not support SSL|error establishing an SSL/.test(message)) {
    return {
      code: 'tls-refused',
      message: `Postgres at ${server} takes no encrypted connections, and sslmode asks for one`,
      hint: 'switch on ssl at the server; in a network that you trust, set sslmode: prefer or disable',
    }
  }
  return {
    code: 'tls-not-trusted',
    message: `the certificate of Postgres at ${server} is not trusted: ${message}`,
    hint: "give the authority's certificate (sslrootcert=… in the dsn), or set sslmode: require to encrypt without a check",
  }
}

/** Whether encryption is what failed. */
export function isTlsFailure(thrown: unknown): boolean {
  return (
    /SSL|TLS|CERT|SELF_SIGNED|VERIFY_LEAF/i.test(`${codeOf(thrown)} ${messageOf(thrown)}`) &&
    !/^\d/.test(codeOf(thrown))
  )
}
