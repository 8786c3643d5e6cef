import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Order } from './child.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Starts child processes that obey one order each, and tells how they ended. */
export class Doomed {
  readonly #script: string

  private constructor(script: string) {
    this.#script = script
  }

  /** Bundles the child: it starts in a tenth of the time. */
  static async open(): Promise<Doomed> {
    // Beside the packages, where Node looks for those that are not bundled.
    const script = join(root, 'node_modules', '.cache', `fft-crash-${process.pid}.mjs`)
    await build({
      absWorkingDir: root,
      entryPoints: ['test/crash/child.ts'],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
    })
    return new Doomed(script)
  }

  /** Gives the signal or the exit code that the child ended with. */
  async obey(order: Order): Promise<NodeJS.Signals | number | null> {
    const child = fork(this.#script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] })
    const ended = once(child, 'exit')
    await once(child, 'message')
    child.send(order)
    const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null]
    return signal ?? code
  }

  close(): Promise<void> {
    return rm(this.#script, { force: true })
  }
}
