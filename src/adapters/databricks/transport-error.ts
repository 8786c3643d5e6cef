import { FftError } from '../../core/index.js'
import { thrownChain, thrownOf } from './thrown.js'

/** The error of a request that never got the engine's answer: network, TLS, authentication, a server that is starting. */
export function transportError(thrown: unknown, statement?: string): FftError {
  const { code, message, hint } = reason(thrown)
  return new FftError(message, { code, hint, statement, cause: thrown })
}

interface Reason {
  readonly code: string
  readonly message: string
  readonly hint?: string
}

function reason(thrown: unknown): Reason {
  const status = httpStatus(thrown)
  if (status !== undefined) return byStatus(status)
  const code = networkCode(thrown)
  const known = code === undefined ? undefined : networkReasons[code]
  if (known !== undefined) return known
  const text = thrownOf(thrown)?.message ?? String(thrown)
  if (code !== undefined && /CERT|SIGNED|SSL|TLS/.test(code)) return untrusted(code)
  if (/EPROTO|wrong version number/.test(text)) return networkReasons.EPROTO ?? lost
  if (/certificate|self-signed/i.test(text)) return untrusted(text)
  if (/oauth|OIDC|client_secret|invalid_client|AuthenticationError/i.test(text))
    return { ...refused, message: `${refused.message}: OAuth failed` }
  if (isLost(thrown)) return lost
  return { code: 'engine-error', message: text.split('\n', 1)[0] ?? text }
}

const lost: Reason = {
  code: 'connection-lost',
  message: 'the connection to the server was lost',
  hint: 'what the server did with the last statement is not known; run again: fft takes up where the tables are',
}

const refused: Reason = {
  code: 'login-refused',
  message: 'the server refuses the login',
  hint: 'the token may have expired or belong to another workspace: make a new one and set DATABRICKS_TOKEN',
}

const networkReasons: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: {
    code: 'server-unreachable',
    message: 'nobody answers at the host and port of the profile',
    hint: 'check host and port; a Spark Thrift server of your own must be running (protocol: http)',
  },
  ENOTFOUND: {
    code: 'server-unreachable',
    message: 'the host of the profile is not known to the network',
    hint: 'check host (DATABRICKS_HOST): it is the name in the address of the workspace',
  },
  EAI_AGAIN: {
    code: 'server-unreachable',
    message: 'the host of the profile cannot be looked up',
    hint: 'is there a network?',
  },
  ETIMEDOUT: {
    code: 'server-unreachable',
    message: 'the host of the profile does not answer',
    hint: 'check the network, a proxy or an IP access list of the workspace',
  },
  EHOSTUNREACH: {
    code: 'server-unreachable',
    message: 'there is no way to the host of the profile',
    hint: 'is there a network?',
  },
  EPROTO: {
    code: 'tls-refused',
    message: 'the server does not speak TLS',
    hint: 'for an open-source Spark Thrift server set protocol: http (or write host as http://name:port)',
  },
}

function untrusted(detail: string): Reason {
  return {
    code: 'tls-not-trusted',
    message: `the certificate of the server is not trusted (${detail.split('\n', 1)[0]})`,
    hint: 'name the certificate of your proxy in NODE_EXTRA_CA_CERTS',
  }
}

function byStatus(status: number): Reason {
  if (status === 401 || status === 403) return { ...refused, message: `${refused.message} (HTTP ${status})` }
  if (status === 404 || status === 405 || status === 400) {
    return {
      code: 'http-path-wrong',
      message: `the server has nothing at http_path (HTTP ${status})`,
      hint: 'copy http_path from the connection details of the SQL warehouse or cluster',
    }
  }
  if (status === 429 || status === 503 || status === 502 || status === 504) {
    return {
      code: 'server-not-ready',
      message: `the server is not available now (HTTP ${status})`,
      hint: 'the warehouse may be starting or overloaded: run again in a minute',
    }
  }
  return { code: 'engine-error', message: `the server answered with HTTP ${status}`, hint: 'see the log of the server' }
}

/** The HTTP status of a refused request; undefined when none was received. */
export function httpStatus(thrown: unknown): number | undefined {
  for (const error of thrownChain(thrown)) {
    const status = error.get('statusCode')
    if (typeof status === 'number') return status
    const told = /Hive driver: (\d{3}) when connecting|bad HTTP status code: (\d{3})/.exec(error.message)
    if (told !== null) return Number(told[1] ?? told[2])
  }
  return undefined
}

/** Seconds that the server asks to wait. */
export function retryAfterSeconds(thrown: unknown): number | undefined {
  for (const error of thrownChain(thrown)) {
    const response = error.get('response')
    const headers: unknown =
      typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined
    if (typeof headers !== 'object' || headers === null || !('get' in headers) || typeof headers.get !== 'function')
      continue
    const seconds = Number(headers.get('Retry-After') ?? Number.NaN)
    if (Number.isFinite(seconds) && seconds >= 0) return seconds
  }
  return undefined
}

function isLost(thrown: unknown): boolean {
  if (/ECONNRESET|EPIPE|ECONNABORTED/.test(networkCode(thrown) ?? '')) return true
  const lostTexts = /socket hang up|premature close|aborted|Max retry count exceeded|Retry timeout exceeded|timed out/i
  return thrownChain(thrown).some(({ message }) => lostTexts.test(message))
}

function networkCode(thrown: unknown): string | undefined {
  for (const error of thrownChain(thrown)) {
    const code = error.get('code')
    if (typeof code === 'string' && code !== '') return code
  }
  return undefined
}
