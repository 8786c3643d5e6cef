import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { answersRight, type SparkPlace } from '../../tools/spark/answers.js'
import { installCommand, isSparkInstalled } from '../../tools/spark/cache.js'
import { type KeeperFacts, keeperCommand, placeOf } from '../../tools/spark/server.js'

/** Why tests on Spark are skipped here; undefined: they run. Under `CI=true` the server is fetched, so they always do. */
export const sparkMissing: string | undefined =
  isSparkInstalled() || process.env['CI'] === 'true' ? undefined : `Spark is not installed: ${installCommand}`

/** How long a test's hook may wait for the server: it may have to be fetched first. */
export const sparkPatienceMs = 600_000

let known: Promise<SparkPlace> | undefined

/**
 * The test run's Spark server with Delta: started by whoever asks first, shared through a file, stopped and removed by a
 * process of its own as soon as the test run has ended in whatever way. It costs some seconds at first, so ask for it
 * in a hook with `sparkPatienceMs`.
 */
export function sparkServer(): Promise<SparkPlace> {
  known ??= startOrJoin()
  return known
}

async function startOrJoin(): Promise<SparkPlace> {
  const file = join(tmpdir(), `fft-spark-of-${owner()}.json`)
  const began = performance.now()
  const isFirst = claim(`${file}.lock`)
  if (isFirst) {
    const [command, options] = keeperCommand('0', String(owner()), file)
    spawn(command, options, { detached: true, stdio: 'ignore' }).unref()
  }
  const place = placeOf(await factsIn(file))
  if (isFirst) {
    const listening = performance.now() - began
    await answersRight(place)
    const times = [listening, performance.now() - began].map((ms) => (ms / 1000).toFixed(1))
    process.stderr.write(`Spark listened after ${times[0]} s and answered after ${times[1]} s\n`)
  }
  return place
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

async function factsIn(file: string): Promise<KeeperFacts> {
  for (const began = Date.now(); Date.now() - began < sparkPatienceMs; ) {
    const written = await readFile(file, 'utf8').catch(() => undefined)
    if (written !== undefined) return JSON.parse(written) as KeeperFacts
    await sleep(50)
  }
  throw new Error(`no Spark after ${sparkPatienceMs / 1000} s`)
}
