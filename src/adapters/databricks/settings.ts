import { FftError } from '../../core/index.js'

/** How a session proves who it is. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'oauth'; readonly clientId: string; readonly clientSecret: string }
  /** For an open-source Spark Thrift server. */
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }

export type TableFormat = 'delta' | 'parquet'

/** The `databricks` section of a profile, with defaults. */
export interface DatabricksSettings {
  readonly host: string
  readonly port: number
  /** With a slash in front. */
  readonly httpPath: string
  /** `http`: an open-source Spark Thrift server. */
  readonly protocol: 'https' | 'http'
  readonly credentials: Credentials
  readonly catalog?: string
  readonly schema: string
  readonly tableFormat: TableFormat
}

/** Reads a profile's settings. Throws `profile-not-valid` with the key that is missing or does not fit. */
export function databricksSettings(values: Readonly<Record<string, unknown>>): DatabricksSettings {
  const place = placeOf(values)
  const catalog = textOf(values.catalog)
  const httpPath = textOf(values.http_path)
  if (httpPath === undefined) throw missing('http_path', 'DATABRICKS_HTTP_PATH')
  return {
    ...place,
    httpPath: httpPath.startsWith('/') ? httpPath : `/${httpPath}`,
    credentials: place.protocol === 'http' ? basicCredentials(values) : workspaceCredentials(values),
    schema: textOf(values.schema) ?? 'default',
    tableFormat: tableFormatOf(values.table_format),
    ...(catalog === undefined ? {} : { catalog }),
  }
}

/** The format of new tables; asked for without a connection too. */
export function tableFormatOf(value: unknown): TableFormat {
  const format = (textOf(value) ?? 'delta').toLowerCase()
  if (format === 'delta' || format === 'parquet') return format
  const hint =
    format === 'iceberg'
      ? 'write delta: on Databricks its tables can be read as Iceberg too (delta.universalFormat.enabledFormats)'
      : 'write delta or parquet'
  throw notValid(`table_format '${format}' is not supported`, hint)
}

type Place = Pick<DatabricksSettings, 'host' | 'port' | 'protocol'>

/** `host` may be a URL, as the workspace shows it, with the protocol and the port in it. */
function placeOf(values: Readonly<Record<string, unknown>>): Place {
  const given = textOf(values.host)
  if (given === undefined) throw missing('host', 'DATABRICKS_HOST')
  const match = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^/:?#\s]+)(?::(\d+))?\/*$/i.exec(given)
  if (match === null) throw notValid(`'${given}' is no host`, 'write the name alone, or https://name')
  const [, scheme, host = '', urlPort] = match
  const protocol = protocolOf(values.protocol, scheme?.toLowerCase())
  const port = portOf(values.port) ?? portOf(urlPort)
  return { host, protocol, port: port ?? (protocol === 'https' ? 443 : 10001) }
}

function protocolOf(value: unknown, scheme: string | undefined): 'https' | 'http' {
  const named = textOf(value)
  if (named !== undefined && scheme !== undefined && named !== scheme) {
    throw notValid(`protocol is ${named}, but host begins with ${scheme}://`, 'say it once')
  }
  const protocol = named ?? scheme ?? 'https'
  if (protocol === 'https' || protocol === 'http') return protocol
  throw notValid(`protocol '${protocol}' is unknown`, 'write https, or http for an open-source Spark Thrift server')
}

function portOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw notValid(`'${String(value)}' is no port`, 'write a number from 1 to 65535')
}

function workspaceCredentials(values: Readonly<Record<string, unknown>>): Credentials {
  const token = textOf(values.token)
  const [clientId, clientSecret] = [textOf(values.client_id), textOf(values.client_secret)]
  if (token !== undefined) return { kind: 'token', token }
  if (clientId !== undefined && clientSecret !== undefined) return { kind: 'oauth', clientId, clientSecret }
  if (clientId !== undefined) throw notValid('client_id needs client_secret', 'add it, from an environment variable')
  const hint = 'set DATABRICKS_TOKEN, or client_id and client_secret of a service principal'
  throw notValid('there is neither a token nor a client_id', hint)
}

/** A token is the server's `user:password`, or the password alone; a server without authentication takes anything. */
function basicCredentials(values: Readonly<Record<string, unknown>>): Credentials {
  const token = textOf(values.token) ?? ''
  const colon = token.indexOf(':')
  if (colon > 0) return { kind: 'basic', user: token.slice(0, colon), password: token.slice(colon + 1) }
  return { kind: 'basic', user: 'fft', password: token === '' ? 'fft' : token }
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return text === '' ? undefined : text
}

function missing(key: string, variable: string): FftError {
  return notValid(`'${key}' is missing`, `set it in profiles.yml, or ${variable} in the environment`)
}

function notValid(fault: string, hint: string): FftError {
  return new FftError(`the profile's databricks section: ${fault}`, { code: 'profile-not-valid', hint })
}
