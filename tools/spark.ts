/** Starts a local Spark with Delta for the demo and prints the environment variables that lead to it. Ctrl-C stops it. */
import { installSpark } from './spark/install.js'
import { startSpark } from './spark/server.js'

try {
  installSpark((line) => console.error(line))
  const server = await startSpark(Number(process.argv[2] ?? 0))
  const [listening, answering] = [server.listeningMs, server.answeringMs].map((ms) => (ms / 1000).toFixed(1))
  console.error(`Spark listens after ${listening} s and answers after ${answering} s. In another terminal:\n`)
  console.log(`export DATABRICKS_HOST=${server.host}
export FF_DBR_PORT=${server.port}
export DATABRICKS_HTTP_PATH=${server.httpPath}
export FF_DBR_PROTOCOL=http`)
  console.error(`\nFor a profile without port and protocol: DATABRICKS_HOST=http://${server.host}:${server.port}`)
  console.error('Ctrl-C stops it; its tables go with it.')
  const stop = () => void server.stop().then(() => process.exit(0))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
