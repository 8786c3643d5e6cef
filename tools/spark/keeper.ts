/**
 * Runs one Spark server in a process of its own and ends it, folder and all, when whom it serves has ended, in whatever
 * way. Arguments: the port, 0 for any; then either nothing: it serves the process at its standard input, and prints one
 * line of JSON when the server is ready; or a process id and a file, which gets that line.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isSparkInstalled } from './cache.js'
import { javaArguments, javaCommand, readyLine } from './command-line.js'
import { installSpark } from './install.js'

const graceMs = 5_000
const watchMs = 1_000
const keptLogBytes = 20_000
/** A test that was ended leaves its statement behind, which would hold up all others. */
const longestTestStatementSeconds = 120

const [port = '0', owner, file] = process.argv.slice(2)

/** What whoever waits for the server is told: `{port, pid, folder}` or `{error}`. */
function tell(facts: object): void {
  const line = `${JSON.stringify(facts)}\n`
  if (file === undefined) {
    process.stdout.write(line)
    return
  }
  // A half-written file is never read.
  writeFileSync(`${file}.new`, line)
  renameSync(`${file}.new`, file)
}

const folder = mkdtempSync(join(tmpdir(), 'fft-spark-'))

function end(code: number): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  if (file !== undefined) for (const path of [file, `${file}.lock`]) rmSync(path, { recursive: true, force: true })
  process.exit(code)
}

function run(): void {
  const limit = file === undefined ? {} : { longestStatementSeconds: longestTestStatementSeconds }
  const serverOptions = { folder, port: Number(port), ...limit }
  const java = spawn(javaCommand(), javaArguments(serverOptions), {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  let isReady = false
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    java.kill('SIGTERM')
    setTimeout(() => java.kill('SIGKILL'), graceMs).unref()
  }
  java.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-keptLogBytes)
    const ready = isReady ? null : readyLine.exec(log)
    if (ready === null) return
    isReady = true
    tell({ port: Number(ready[1]), pid: java.pid, folder })
  })
  java.on('error', (error) => fail(`Java does not start: ${error.message}`))
  java.on('exit', (code) => (isStopping ? end(0) : fail(`Spark ended with ${code}\n${log}`)))
  serve(stop)
}

function fail(error: string): void {
  tell({ error })
  // Whoever waits has to read the file before it goes.
  setTimeout(() => end(1), file === undefined ? 0 : 3 * watchMs)
}

/** Calls `stop` when whom the server is for has ended. */
function serve(stop: () => void): void {
  if (owner === undefined) process.stdin.on('end', stop).on('error', stop).resume()
  else setInterval(() => isAlive(Number(owner)) || stop(), watchMs)
  // A terminal sends its Ctrl-C to everybody; whom the server is for says when it is over.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

try {
  if (!isSparkInstalled()) installSpark((line) => process.stderr.write(`${line}\n`))
  run()
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
