/**
 * Starts a Postgres server and keeps it until the process that it belongs to has ended, then stops and removes it:
 * `keeper.ts VERSION OWNER_PID FILE`. FILE gets the port, or why there is no server.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Binaries, binaries } from './binaries.js'
import type { PostgresVersion } from './server.js'

const [version = '18', owner = '0', file = ''] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'fft-postgres-'))
const dataDir = join(folder, 'data')
let server: ChildProcess | undefined

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end())

try {
  tell(await start())
} catch (error) {
  tell({ error: String(error) })
  await end()
}
while (isAlive(Number(owner))) await sleep(300)
await end()

async function start() {
  chmodSync(folder, 0o755)
  const found = binaries(Number(version) as PostgresVersion, folder)
  const password = randomBytes(9).toString('hex')
  initialise(found, password)
  const port = await freePort()
  const listening = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-p', String(port)]
  const fast = ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_connections=200']
  server = spawn(found.postgres, ['-D', dataDir, ...listening, ...fast], {
    ...found.as,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await ready(server)
  return { port, password, dataDir, pid: server.pid }
}

function initialise({ initdb, as }: Binaries, password: string): void {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password)
  mkdirSync(dataDir)
  for (const path of [dataDir, passwordFile]) if (as.uid !== undefined) chownSync(path, as.uid, as.gid ?? as.uid)
  const options = ['--no-sync', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--username=postgres']
  execFileSync(initdb, [...options, `--pgdata=${dataDir}`, `--pwfile=${passwordFile}`], {
    ...as,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  rmSync(passwordFile)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (part) => {
      said = `${said}${part}`.slice(-4_000)
      if (said.includes('ready to accept connections')) resolve()
    })
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)))
    child.on('error', reject)
  })
}

function tell(facts: object): void {
  writeFileSync(`${file}.new`, JSON.stringify(facts))
  renameSync(`${file}.new`, file)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function end(): Promise<void> {
  const running = server
  server = undefined
  if (running !== undefined && running.exitCode === null) {
    const ended = new Promise((resolve) => running.once('exit', resolve))
    // An immediate shutdown: nobody wants this data again.
    running.kill('SIGQUIT')
    await Promise.race([ended, sleep(5_000)])
  }
  rmSync(folder, { recursive: true, force: true })
  rmSync(file, { force: true })
  rmSync(`${file}.lock`, { recursive: true, force: true })
  process.exit()
}
