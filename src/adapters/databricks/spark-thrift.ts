import type { Client } from './driver.js'

/** What a profile with `protocol: http` adds to how the driver connects. */
export interface BasicUser {
  readonly user: string
  readonly password: string
}

/**
 * Makes a new client speak to an open-source Spark Thrift server, which differs from Databricks in five places: no TLS;
 * Basic authentication (see `basicHeader`); a protocol version that it knows; a result format that it does not name; and
 * columns that it counts from 0, where the driver reads from 1 and would silently give wrong rows. Seen with Spark 3.5,
 * 4.0 and 4.1 under version 2.1.0 of the driver, whose methods of these names are replaced on this one client.
 */
export function speakSparkThrift(client: Client): void {
  replace(client, 'getConnectionOptions', (original) => (...given) => ({ ...record(original(...given)), https: false }))
  let adjusted: object | undefined
  replace(client, 'getDriver', (original) => async (...given) => {
    adjusted ??= adjustedCalls(record(await original(...given)))
    return adjusted
  })
}

/** The header that a Spark Thrift server reads the user from, also when it checks nothing. */
export function basicHeader({ user, password }: BasicUser): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

type Call = (...given: readonly unknown[]) => unknown

/** HIVE_CLI_SERVICE_PROTOCOL_V10 */
const protocolVersion = 9
/** COLUMN_BASED_SET */
const columnBased = 1

function adjustedCalls(calls: object): object {
  const openSession = method(calls, 'openSession')
  const metadata = method(calls, 'getResultSetMetadata')
  return new Proxy(calls, {
    get(target, name) {
      if (name === 'openSession') {
        return (request: object) => openSession(Object.assign(request, { client_protocol: protocolVersion }))
      }
      if (name === 'getResultSetMetadata') return async (request: object) => numbered(record(await metadata(request)))
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

function numbered(metadata: object): object {
  const format: unknown = Reflect.get(metadata, 'resultFormat')
  Reflect.set(metadata, 'resultFormat', format ?? columnBased)
  const schema: unknown = Reflect.get(metadata, 'schema')
  const columns: unknown = typeof schema === 'object' && schema !== null ? Reflect.get(schema, 'columns') : undefined
  if (Array.isArray(columns))
    columns.forEach((column: object, index) => void Reflect.set(column, 'position', index + 1))
  return metadata
}

function replace(client: Client, name: string, by: (original: Call) => Call): void {
  Object.defineProperty(client, name, { value: by(method(client, name)), configurable: true })
}

function method(of: object, name: string): Call {
  const member: unknown = Reflect.get(of, name)
  if (typeof member !== 'function') throw new Error(`the driver has no ${name}: this version of it is not known`)
  return (...given) => member.apply(of, given)
}

function record(value: unknown): object {
  if (typeof value === 'object' && value !== null) return value
  throw new Error('the driver answered with no object: this version of it is not known')
}
