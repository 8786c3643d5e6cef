import { describe, expect, test } from 'vitest'
import { databricksSettings, tableFormatOf } from './settings.js'

const workspace = { host: 'adb-1.azuredatabricks.net', http_path: 'sql/1.0/warehouses/a', token: 'dapi-1' }

describe('the databricks section of a profile', () => {
  test('reaches a workspace over TLS with its token', () => {
    expect(databricksSettings(workspace)).toEqual({
      host: 'adb-1.azuredatabricks.net',
      port: 443,
      httpPath: '/sql/1.0/warehouses/a',
      protocol: 'https',
      credentials: { kind: 'token', token: 'dapi-1' },
      schema: 'default',
      tableFormat: 'delta',
    })
  })

  test('takes a service principal in place of a token', () => {
    const { token: _, ...rest } = workspace
    expect(databricksSettings({ ...rest, client_id: 'a', client_secret: 'b' }).credentials).toEqual({
      kind: 'oauth',
      clientId: 'a',
      clientSecret: 'b',
    })
  })

  test.each([
    ['http://localhost:10002', 'http', 'localhost', 10002],
    ['https://x.cloud.databricks.com/', 'https', 'x.cloud.databricks.com', 443],
  ])('reads protocol and port out of a host that is a URL: %s', (host, protocol, name, port) => {
    expect(databricksSettings({ ...workspace, host })).toMatchObject({ protocol, host: name, port })
  })

  test("reaches a Spark Thrift server of one's own without a token, or with the server's user and password", () => {
    const server = { host: 'localhost', http_path: '/cliservice', protocol: 'http' }
    expect(databricksSettings(server)).toMatchObject({ port: 10001, credentials: { kind: 'basic', user: 'fft' } })
    expect(databricksSettings({ ...server, token: 'ann:secret' }).credentials).toEqual({
      kind: 'basic',
      user: 'ann',
      password: 'secret',
    })
  })

  test.each([
    [{ ...workspace, host: '' }, /'host' is missing/],
    [{ ...workspace, http_path: undefined }, /'http_path' is missing/],
    [{ ...workspace, token: '' }, /neither a token nor a client_id/],
    [{ ...workspace, token: '', client_id: 'a' }, /client_secret/],
    [{ ...workspace, host: 'http://a', protocol: 'https' }, /protocol is https, but host begins with http/],
    [{ ...workspace, port: 'x' }, /'x' is no port/],
    [{ ...workspace, table_format: 'iceberg' }, /iceberg/],
  ])('that cannot work is refused by the name of the key: %j', (values, message) => {
    expect(() => databricksSettings(values)).toThrow(message)
  })

  test('never shows a secret in an error', () => {
    expect(() => databricksSettings({ ...workspace, host: 'a b', token: 'dapi-secret' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('dapi-secret') }),
    )
  })

  test('tells what to do instead of iceberg', () => {
    expect(() => tableFormatOf('iceberg')).toThrow(expect.objectContaining({ hint: expect.stringMatching(/delta/) }))
  })
})
