import { quote } from '../names.js'
import type { Fact } from '../types.js'
import { serverName } from './connect-failure.js'
import { serverError } from './errors.js'
import type { Session } from './session.js'
import type { PostgresSettings } from './settings.js'

/** What `fft debug` shows: the server, who asks, and which rights there are, found by trying and rolled back. */
export async function facts(
  session: Session,
  settings: PostgresSettings,
  isEncrypted: boolean,
): Promise<readonly Fact[]> {
  const began = performance.now()
  await session.run('select 1')
  const latencyMs = performance.now() - began
  const [result] = await session.run(
    "select current_setting('server_version'), current_database(), session_user, current_user, pg_is_in_recovery()",
  )
  const [version, database, user, role, isStandby] = result?.rows[0] ?? []
  return [
    { name: 'server', value: serverName(settings) },
    { name: 'encryption', value: isEncrypted ? 'TLS' : 'none' },
    { name: 'Postgres', value: version ?? '' },
    { name: 'database', value: `${database ?? ''}${isStandby === 't' ? ' (a standby: read-only)' : ''}` },
    { name: 'user', value: user === role ? (user ?? '') : `${user ?? ''} as role ${role ?? ''}` },
    { name: 'schema', value: settings.schema },
    { name: 'latency', value: `${latencyMs.toFixed(1)} ms` },
    ...(await rights(session, settings, role ?? '')),
  ]
}

async function rights(session: Session, { schema }: PostgresSettings, role: string): Promise<readonly Fact[]> {
  const [found] = await session.run(
    `select exists (select 1 from pg_namespace where nspname = '${schema.replaceAll("'", "''")}'), current_database()`,
  )
  const hasSchema = found?.rows[0]?.[0] === 't'
  const database = quote(found?.rows[0]?.[1] ?? '')
  const [name, grantee] = [quote(schema), quote(role)]
  const trial = quote(`__fft_debug_${session.pid}`)
  const createSchema = await tried(session, [`create schema ${trial}`])
  const inSchema = [`create table ${name}.${trial} (a integer)`, `drop table ${name}.${trial}`]
  const table = await tried(session, hasSchema ? inSchema : [`create schema ${name}`, ...inSchema])
  const grant = hasSchema
    ? `grant usage, create on schema ${name} to ${grantee}`
    : `grant create on database ${database} to ${grantee}, or create schema ${name} authorization ${grantee}`
  return [
    // Whoever has the schemas made by somebody else needs no right to make more of them.
    { name: 'may create schemas', value: right(createSchema) },
    { name: `may build in ${schema}`, value: right(table), ...(table === undefined ? {} : { fix: grant }) },
  ]
}

function right(refused: string | undefined): string {
  return refused === undefined ? 'yes' : `no: ${refused}`
}

/** What the server has against the statements, which are never kept; undefined: nothing. */
async function tried(session: Session, statements: readonly string[]): Promise<string | undefined> {
  await session.run('begin')
  try {
    for (const statement of statements) await session.run(statement)
    return undefined
  } catch (error) {
    return serverError(error).message
  } finally {
    await session.run('rollback')
  }
}
