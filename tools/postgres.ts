/** Starts a local Postgres of the test packages' own for the demo and prints the variable that leads to it. */
import { postgresServer } from '../test/postgres/server.js'

try {
  const server = await postgresServer()
  console.error(`Postgres ${server.version} listens. In another terminal:\n`)
  console.log(`export FF_PG_DSN=${server.dsn()}`)
  console.error('\nCtrl-C stops it; its tables go with it.')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(0))
  // The server lives as long as this process does.
  setInterval(() => undefined, 60_000)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
