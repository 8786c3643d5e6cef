import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersRight } from './answers.js'

/** A running Spark Thrift server with Delta; its catalog and its files are gone when it stops. */
export interface SparkServer {
  readonly host: string
  readonly port: number
  readonly httpPath: string
  /** Of the Java process. */
  readonly pid: number
  /** Milliseconds until the server listened, and until its first right answer. */
  readonly listeningMs: number
  readonly answeringMs: number
  stop(): Promise<void>
}

const jiti = join(dirname(createRequire(import.meta.url).resolve('jiti/package.json')), 'lib', 'jiti-cli.mjs')
const keeper = fileURLToPath(new URL('keeper.ts', import.meta.url))

/** Starts a server on a port (0: any free one) and waits until it answers right. The jars must be installed. */
export async function startSpark(port = 0): Promise<SparkServer> {
  const began = performance.now()
  const child = spawn(process.execPath, [jiti, keeper, String(port)], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ready = await readyOf(child)
  const listeningMs = performance.now() - began
  const place = { host: '127.0.0.1', port: ready.port, httpPath: '/cliservice' }
  try {
    await answersRight(place)
  } catch (error) {
    await stop(child)
    throw error
  }
  const answeringMs = performance.now() - began
  return { ...place, pid: ready.pid, listeningMs, answeringMs, stop: () => stop(child) }
}

async function readyOf(child: ChildProcess): Promise<{ readonly port: number; readonly pid: number }> {
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('\n')) resolve(JSON.parse(output) as { port: number; pid: number })
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`Spark did not start\n${errors.trim()}`)))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.stdin?.end()
  await ended
}
