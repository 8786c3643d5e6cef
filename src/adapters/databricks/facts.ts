import type { Dialect } from '../types.js'
import type { ServerSession } from './session.js'
import type { DatabricksSettings } from './settings.js'

type Fact = { readonly name: string; readonly value: string }

/** What `fft debug` shows of a server. */
export async function readFacts(
  session: ServerSession,
  settings: DatabricksSettings,
  dialect: Dialect,
): Promise<readonly Fact[]> {
  const [row] = await session.rows(
    'select version() as version, current_catalog() as catalog, current_schema() as schema, current_user() as user',
  )
  const began = performance.now()
  await session.rows('select 1')
  const latencyMs = Math.round(performance.now() - began)
  return [
    { name: 'server', value: `${settings.protocol}://${settings.host}:${settings.port}${settings.httpPath}` },
    { name: 'driver', value: '@databricks/sql 2.1.0' },
    { name: 'Spark', value: String(row?.version ?? '') },
    { name: 'user', value: String(row?.user ?? '') },
    { name: 'catalog', value: settings.catalog ?? String(row?.catalog ?? '') },
    { name: 'schema', value: settings.schema },
    { name: 'table format', value: settings.tableFormat },
    { name: 'latency', value: `${latencyMs} ms` },
    { name: 'commits carry watermarks', value: dialect.commits.by === 'statement' ? 'yes' : 'no' },
  ]
}
