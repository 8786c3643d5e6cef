import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersRight, type SparkPlace } from './answers.js'

/** A running Spark Thrift server with Delta; its catalog and its files are gone when it stops. */
export interface SparkServer extends SparkPlace {
  /** Of the Java process. */
  readonly pid: number
  /** Milliseconds until the server listened, and until its first right answer. */
  readonly listeningMs: number
  readonly answeringMs: number
  stop(): Promise<void>
}

const jiti = join(dirname(createRequire(import.meta.url).resolve('jiti/package.json')), 'lib', 'jiti-cli.mjs')
const keeper = fileURLToPath(new URL('keeper.ts', import.meta.url))

/** The command and arguments that keep a server in a process of its own. */
export function keeperCommand(...options: readonly string[]): readonly [string, readonly string[]] {
  return [process.execPath, [jiti, keeper, ...options]]
}

/** What a keeper says when its server listens, or why it does not. */
export type KeeperFacts = { readonly port: number; readonly pid: number } | { readonly error: string }

/** The place of a keeper's server. Throws what kept it from starting. */
export function placeOf(facts: KeeperFacts): SparkPlace & { readonly pid: number } {
  if ('error' in facts) throw new Error(`Spark did not start: ${facts.error}`)
  return { host: '127.0.0.1', port: facts.port, httpPath: '/cliservice', pid: facts.pid }
}

/** Starts a server on a port (0: any free one) and waits until it answers right. */
export async function startSpark(port = 0): Promise<SparkServer> {
  const began = performance.now()
  const [command, options] = keeperCommand(String(port))
  const child = spawn(command, options, { stdio: ['pipe', 'pipe', 'inherit'] })
  const place = placeOf(await factsOf(child))
  const listeningMs = performance.now() - began
  try {
    await answersRight(place)
  } catch (error) {
    await stop(child)
    throw error
  }
  return { ...place, listeningMs, answeringMs: performance.now() - began, stop: () => stop(child) }
}

async function factsOf(child: ChildProcess): Promise<KeeperFacts> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('\n')) resolve(JSON.parse(output) as KeeperFacts)
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error('the process that keeps Spark ended before it was ready')))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.stdin?.end()
  await ended
}
