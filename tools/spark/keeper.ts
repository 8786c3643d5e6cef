/**
 * Runs one Spark server in a process of its own and ends it, folder and all, when its standard input ends: that is also
 * so when the parent was killed. Prints one line of JSON when the server is ready. Argument: the port, 0 for any.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javaArguments, javaCommand, readyLine } from './command-line.js'

const graceMs = 5_000
const keptLogBytes = 20_000

const folder = mkdtempSync(join(tmpdir(), 'fft-spark-'))
const java = spawn(javaCommand(), javaArguments({ folder, port: Number(process.argv[2] ?? 0) }), {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'pipe'],
})

let log = ''
let port: number | undefined
java.stderr.on('data', (chunk: Buffer) => {
  log = (log + chunk.toString()).slice(-keptLogBytes)
  const ready = port === undefined ? readyLine.exec(log) : null
  if (ready === null) return
  port = Number(ready[1])
  process.stdout.write(`${JSON.stringify({ port, pid: java.pid, folder })}\n`)
})

let isStopping = false
function stop(): void {
  if (isStopping) return
  isStopping = true
  java.kill('SIGTERM')
  setTimeout(() => java.kill('SIGKILL'), graceMs).unref()
}

function end(code: number): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  process.exit(code)
}

java.on('error', (error) => {
  process.stderr.write(`Java does not start: ${error.message}\n`)
  end(1)
})
java.on('exit', (code) => {
  if (!isStopping) process.stderr.write(`Spark ended with ${code}\n${log}\n`)
  end(isStopping ? 0 : 1)
})

process.stdin.on('end', stop).on('error', stop).resume()
// A terminal sends its Ctrl-C to the parent too, which ends the input when it is done.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
