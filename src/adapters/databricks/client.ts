import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, Driver, Session } from './driver.js'
import { quote } from './names.js'
import { type Patience, patiently } from './retry.js'
import type { DatabricksSettings } from './settings.js'
import { basicHeader, speakSparkThrift } from './spark-thrift.js'
import { thrownOf } from './thrown.js'
import { failOnTruncatedAnswers } from './truncated-answers.js'

/** A dead server is noticed within some five seconds: so long are polls of a running statement repeated. */
const polling = { retryMaxAttempts: 6, retryDelayMin: 100, retryDelayMax: 1_500, retriesTimeout: 5_000 }

/** A client of the server; it opens no connection before the first session. */
export async function connectClient(driver: Driver, settings: DatabricksSettings): Promise<Client> {
  const client = new driver.DBSQLClient({ logger: { log() {} } })
  // Rows in Arrow would come without the microseconds of timestamps; text in columns is read the same on every server.
  Object.assign(client.getConfig(), { arrowEnabled: false, useCloudFetch: false })
  if (settings.protocol === 'http') speakSparkThrift(client)
  const { host, port, httpPath: path } = settings
  const common = { host, port, path, telemetryEnabled: false, userAgentEntry: 'fastflowtransform', ...polling }
  const { credentials } = settings
  if (credentials.kind === 'basic') {
    const Authorization = basicHeader(credentials)
    await client.connect({ ...common, authType: 'custom', provider: { authenticate: async () => ({ Authorization }) } })
  } else if (credentials.kind === 'token') {
    await client.connect({ ...common, token: credentials.token })
  } else {
    const { clientId: oauthClientId, clientSecret: oauthClientSecret } = credentials
    await client.connect({ ...common, authType: 'databricks-oauth', oauthClientId, oauthClientSecret })
  }
  const agent = await agentOf(client)
  if (agent !== undefined) failOnTruncatedAnswers(agent)
  return client
}

/** Closes the client; waits for the server at most so long, and cuts what is open then. */
export async function closeClient(client: Client, waitMs: number): Promise<void> {
  const agent = await agentOf(client)
  const closed = client.close().catch(() => {})
  await Promise.race([closed, sleep(waitMs, undefined, { ref: false })])
  // Requests that are still open would keep the process alive.
  agent?.destroy()
}

async function agentOf(client: Client): Promise<Agent | undefined> {
  const provider = await client.getConnectionProvider()
  const agent: unknown = await provider.getAgent()
  return agent instanceof Agent ? agent : undefined
}

/**
 * Opens a session in UTC whose unqualified names go to the profile's schema, or to the server's default while that schema
 * does not exist. Waits for a warehouse that is starting.
 */
export async function openSession(client: Client, settings: DatabricksSettings, patience: Patience): Promise<Session> {
  try {
    return await patiently(patience, () => client.openSession(request(settings, true)))
  } catch (thrown) {
    if (!/NOT_FOUND|does not exist|NO_SUCH/i.test(thrownOf(thrown)?.message ?? '')) throw thrown
    return patiently(patience, () => client.openSession(request(settings, false)))
  }
}

type SessionRequest = NonNullable<Parameters<Client['openSession']>[0]>

function request({ protocol, catalog, schema }: DatabricksSettings, hasSchema: boolean): SessionRequest {
  if (protocol === 'https') {
    return {
      ...(catalog === undefined ? {} : { initialCatalog: catalog }),
      ...(hasSchema ? { initialSchema: schema } : {}),
    }
  }
  return { configuration: { ...sparkConfiguration, ...(hasSchema ? { 'use:database': quote(schema) } : {}) } }
}

/**
 * `${…}` in a statement is text of the user's, not the name of a setting. Types of more than 25 fields are told whole. Delta
 * answers `max` of a date from its log with an error when the Thrift server asks (4.4: `LocalDate cannot be cast`).
 */
const sparkConfiguration = {
  'set:hiveconf:spark.databricks.delta.optimizeMetadataQuery.enabled': 'false',
  'set:hiveconf:spark.sql.session.timeZone': 'UTC',
  'set:hiveconf:spark.sql.variable.substitute': 'false',
  'set:hiveconf:spark.sql.debug.maxToStringFields': '10000',
}

/** Statements that a session of a workspace needs first. */
export function firstStatements({ protocol }: DatabricksSettings): readonly string[] {
  return protocol === 'https' ? ["set time zone 'UTC'"] : []
}
