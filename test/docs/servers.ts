import pg from 'pg'
import { postgresServer } from '../postgres/server.js'
import { sparkMissing, sparkPatienceMs, sparkServer } from '../spark/server.js'

/** A server that a page's commands need. */
export type Server = 'postgres' | 'spark'

/** What a page may use while it runs. */
export interface Served {
  /** Environment variables that lead to the servers. */
  readonly variables: Readonly<Record<string, string>>
  end(): Promise<void>
}

/** Why a page cannot run here; undefined: it can. */
export function missing(needs: readonly Server[]): string | undefined {
  return needs.includes('spark') ? sparkMissing : undefined
}

/** How long a page may take: a server may have to be fetched first. */
export function patienceMs(needs: readonly Server[]): number {
  return needs.includes('spark') ? sparkPatienceMs : 60_000
}

/** Starts or joins the test run's servers; a page has a database of its own. */
export async function serve(needs: readonly Server[]): Promise<Served> {
  const postgres = needs.includes('postgres') ? await postgresDatabase() : undefined
  const spark = needs.includes('spark') ? await sparkVariables() : {}
  return {
    variables: { ...(postgres === undefined ? {} : { FF_PG_DSN: postgres.dsn }), ...spark },
    end: async () => postgres?.drop(),
  }
}

async function postgresDatabase() {
  const server = await postgresServer()
  const name = `shop_${crypto.randomUUID().slice(0, 8)}`
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: server.dsn() })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  await admin(`create database ${name}`)
  return { dsn: server.dsn(name), drop: () => admin(`drop database if exists ${name} with (force)`) }
}

async function sparkVariables(): Promise<Readonly<Record<string, string>>> {
  const { host, port, httpPath } = await sparkServer()
  return {
    DATABRICKS_HOST: host,
    DATABRICKS_HTTP_PATH: httpPath,
    FF_DBR_PROTOCOL: 'http',
    FF_DBR_PORT: String(port),
  }
}
