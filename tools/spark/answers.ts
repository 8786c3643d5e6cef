import { setTimeout as sleep } from 'node:timers/promises'
import { adapterOf } from '../../src/adapters/index.js'
import type { Profile } from '../../src/config/index.js'
import { text } from '../../src/core/index.js'

/** Where a server listens. */
export interface SparkPlace {
  readonly host: string
  readonly port: number
  readonly httpPath: string
}

/** The settings of a profile that reaches the server. */
export function sparkSettings(place: SparkPlace, schema = 'default'): Readonly<Record<string, unknown>> {
  return { host: place.host, port: place.port, http_path: place.httpPath, protocol: 'http', schema }
}

const patienceMs = 30_000

/** Waits for the first right answer: a driver that counts columns from one reads this server's rows wrongly. */
export async function answersRight(place: SparkPlace): Promise<void> {
  const profile = { env: 'spark', engine: 'databricks', settings: sparkSettings(place), sources: [], vars: {} } as const
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return await ask(profile)
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(200)
    }
  }
}

async function ask(profile: Profile): Promise<void> {
  const adapter = await adapterOf('databricks')
  const warehouse = await adapter.open({ profile, waitLockMs: 0 })
  try {
    const connection = await warehouse.connect()
    const { columns, rows } = await connection.query(text('select 1 as a, 2 as b'))
    const answer = JSON.stringify({ names: columns.map(({ name }) => name), rows })
    if (answer !== '{"names":["a","b"],"rows":[["1","2"]]}') throw new Error(`Spark answers wrongly: ${answer}`)
  } finally {
    await warehouse.close()
  }
}
