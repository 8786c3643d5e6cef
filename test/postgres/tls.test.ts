import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, openPostgres } from './fixture.js'
import { type PostgresServer, postgresServer } from './server.js'

let server: PostgresServer
let certificate: string

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** Switches encryption on or off for sessions that begin from now on. */
async function setTls(value: 'on' | 'off'): Promise<void> {
  const client = new pg.Client({ connectionString: server.dsn() })
  await client.connect()
  await client.query(`alter system set ssl = ${value}`)
  await client.query('select pg_reload_conf()')
  await client.query('select pg_sleep(0.5)')
  await client.end()
}

// Version 15, which no other test wants without encryption.
describe.skipIf(!hasOpenssl)('encryption', () => {
  beforeAll(async () => {
    server = await postgresServer(15)
    certificate = join(server.dataDir, 'server.crt')
    const key = join(server.dataDir, 'server.key')
    const subject = ['-subj', '/CN=example.org', '-addext', 'subjectAltName=DNS:example.org']
    const files = ['-keyout', key, '-out', certificate]
    const options = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files]
    execFileSync('openssl', options, { stdio: 'ignore' })
    const { uid, gid } = statSync(server.dataDir)
    for (const file of [key, certificate]) {
      chownSync(file, uid, gid)
      chmodSync(file, 0o600)
    }
    await setTls('on')
  })
  afterAll(async () => {
    await setTls('off')
    rmSync(certificate)
  })

  const open = (mode: string, further = '') => openPostgres({ dsn: `${server.dsn()}?sslmode=${mode}${further}` })

  test.each([
    ['disable', 'none'],
    ['allow', 'none'],
    ['prefer', 'TLS'],
    ['require', 'TLS'],
  ])('sslmode %s gives %s', async (mode, encryption) => {
    const warehouse = await open(mode)
    const facts = await warehouse.facts()
    expect(facts.find(({ name }) => name === 'encryption')?.value).toBe(encryption)
    await warehouse.close()
  })

  test('a certificate of nobody known is refused where it is checked', async () => {
    for (const mode of ['verify-ca', 'verify-full']) {
      const error = await errorOf(open(mode))
      expect(error.code).toBe('tls-not-trusted')
      expect(error.hint).toContain('sslrootcert=')
    }
  })

  test('with the root certificate verify-ca asks who signed, verify-full also for the name', async () => {
    const root = `&sslrootcert=${certificate}`
    await (await open('verify-ca', root)).close()
    expect((await errorOf(open('verify-full', root))).message).toContain('does not match')
  })
})
