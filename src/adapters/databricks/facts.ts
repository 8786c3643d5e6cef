import { sqlText } from '../../core/index.js'
import type { Dialect, Fact, SchemaName } from '../types.js'
import { toFftError } from './errors.js'
import { relation, schemaName } from './names.js'
import type { ServerSession } from './session.js'
import type { DatabricksSettings } from './settings.js'

/** What `fft debug` shows of a server: where and what it is, and what the profile's user may do there, by trying. */
export async function readFacts(
  session: ServerSession,
  settings: DatabricksSettings,
  dialect: Dialect,
): Promise<readonly Fact[]> {
  const [row] = await session.rows('select version() as version, current_catalog() as catalog, current_user() as user')
  const began = performance.now()
  await session.rows('select 1')
  const latencyMs = Math.round(performance.now() - began)
  const { protocol, host, port, httpPath, schema, tableFormat } = settings
  const tag = dialect.commits.by === 'statement' && dialect.commits.tag(anyRecord) !== undefined
  return [
    { name: 'server', value: `${protocol}://${host}:${port}${httpPath}` },
    { name: 'driver', value: '@databricks/sql 2.1.0' },
    { name: 'Spark', value: String(row?.version ?? '').split(' ', 1)[0] ?? '' },
    { name: 'user', value: String(row?.user ?? '') },
    { name: 'catalog', value: settings.catalog ?? String(row?.catalog ?? '') },
    { name: 'schema', value: schema },
    { name: 'table format', value: tableFormat },
    { name: 'latency', value: `${latencyMs} ms` },
    { name: 'commits carry watermarks', value: tag ? 'yes' : 'no: the server refuses the settings (a SQL warehouse)' },
    ...(await triedRights(session, settings, dialect)),
  ]
}

const anyRecord = {
  target: { schema: '', identifier: '' },
  model: '',
  runId: '',
  recordedAt: '',
  action: 'run',
  watermarks: [],
  intervals: [],
} as const

/** The name of a relation that a killed `fft debug` may leave behind; the next run removes it. */
const tried = '__fft_debug_00000000_0'

async function triedRights(
  session: ServerSession,
  settings: DatabricksSettings,
  dialect: Dialect,
): Promise<readonly Fact[]> {
  const { catalog, schema } = settings
  const place: SchemaName = catalog === undefined ? { schema } : { database: catalog, schema }
  const table = { ...place, identifier: tried }
  const name = relation(table)
  const create = dialect.createEmpty(table, [{ name: 'id', type: 'int' }], 'aside')
  const merge = `merge into ${name} as t using (select 1 as id) as d on t.id = d.id when not matched then insert (id) values (d.id)`
  const facts = [
    await trying(session, 'may use or create the schema', `create schema if not exists ${schemaName(place)}`),
    await trying(session, 'may create tables', sqlText(create.sql)),
    await trying(session, 'may write them with MERGE', merge),
    await trying(session, 'may drop them', `drop table if exists ${name}`),
  ]
  return facts
}

async function trying(session: ServerSession, name: string, sql: string): Promise<Fact> {
  try {
    await session.rows(sql, { isReplayable: false })
    return { name, value: 'yes' }
  } catch (thrown) {
    const { message, hint } = toFftError(thrown)
    return { name, value: `no: ${message}`, fix: hint ?? 'grant it to the user of the profile' }
  }
}
