import type { Client, Driver, Session } from './driver.js'
import { type Patience, patiently } from './retry.js'
import type { DatabricksSettings } from './settings.js'
import { basicHeader, speakSparkThrift } from './spark-thrift.js'
import { thrownOf } from './thrown.js'

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
  return client
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
  return { configuration: { ...sparkConfiguration, ...(hasSchema ? { 'use:database': schema } : {}) } }
}

/** `${…}` in a statement is text of the user's, not the name of a setting. */
const sparkConfiguration = {
  'set:hiveconf:spark.sql.session.timeZone': 'UTC',
  'set:hiveconf:spark.sql.variable.substitute': 'false',
}

/** Statements that a session of a workspace needs first. */
export function firstStatements({ protocol }: DatabricksSettings): readonly string[] {
  return protocol === 'https' ? ["set time zone 'UTC'"] : []
}
