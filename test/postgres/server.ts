import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Versions of Postgres that npm packages bring along. */
export type PostgresVersion = 15 | 18

/** A running server that belongs to the whole test run. */
export interface PostgresServer {
  readonly version: PostgresVersion
  readonly host: string
  readonly port: number
  /** A superuser; connections over TCP need the password. */
  readonly user: string
  readonly password: string
  /** The folder of the cluster. */
  readonly dataDir: string
  /** A connection string for one of its databases. */
  dsn(database?: string): string
}

const servers = new Map<PostgresVersion, Promise<PostgresServer>>()

/**
 * The test run's server: started by whoever asks first, shared through a file, stopped and removed by a process of its
 * own as soon as the test run has ended in whatever way.
 */
export function postgresServer(version: PostgresVersion = 18): Promise<PostgresServer> {
  const known = servers.get(version) ?? startOrJoin(version)
  servers.set(version, known)
  return known
}

async function startOrJoin(version: PostgresVersion): Promise<PostgresServer> {
  const file = join(tmpdir(), `fft-postgres-${version}-of-${owner()}.json`)
  if (claim(`${file}.lock`)) await startKeeper(version, file)
  const facts = await waitForFile(file)
  if ('error' in facts) throw new Error(`Postgres ${version} did not start: ${facts.error}`)
  const { port, password, dataDir } = facts
  const host = '127.0.0.1'
  const dsn = (database = 'postgres') => `postgresql://postgres:${password}@${host}:${port}/${database}`
  return { version, host, port, user: 'postgres', password, dataDir, dsn }
}

/** The process whose end is the end of the test run: vitest's own for its workers. */
function owner(): number {
  return process.env['VITEST_POOL_ID'] !== undefined && process.send !== undefined ? process.ppid : process.pid
}

function claim(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return false
  }
}

async function startKeeper(version: PostgresVersion, file: string): Promise<void> {
  await rm(file, { force: true })
  const jiti = createRequire(import.meta.url)
    .resolve('jiti/package.json')
    .replace(/package\.json$/, 'lib/jiti-cli.mjs')
  const keeper = fileURLToPath(new URL('./keeper.ts', import.meta.url))
  const child = spawn(process.execPath, [jiti, keeper, String(version), String(owner()), file], {
    detached: true,
    stdio: 'ignore',
  })
  child.unref()
}

type Facts = { readonly port: number; readonly password: string; readonly dataDir: string } | { readonly error: string }

const patienceMs = 60_000

async function waitForFile(file: string): Promise<Facts> {
  for (const began = Date.now(); Date.now() - began < patienceMs; ) {
    const written = await readFile(file, 'utf8').catch(() => undefined)
    if (written !== undefined) return JSON.parse(written) as Facts
    await sleep(20)
  }
  throw new Error(`no Postgres after ${patienceMs / 1000} s`)
}
