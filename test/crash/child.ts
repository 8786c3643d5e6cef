import type { ResourceType } from '../../src/core/index.js'
import { compileFolder, openCompiled } from '../support/stage-runner.js'
import { watched } from './watched.js'

/** A database of its own and the call at which the run on it stops. */
export interface Point {
  readonly path: string
  readonly call: number
  readonly when: 'before' | 'after'
}

/** What the parent asks for: a run on each database, each up to its point; then the process dies with all of them. */
export interface Order {
  readonly dir: string
  readonly types: readonly ResourceType[]
  readonly fullRefresh: boolean
  readonly points: readonly Point[]
}

process.once('message', (order: Order) => void obey(order))
process.send?.('ready')

async function obey({ dir, types, fullRefresh, points }: Order): Promise<void> {
  const compiled = await compileFolder(dir, types)
  for (const { path, call, when } of points) {
    await new Promise<void>((reached, failed) => {
      const stop = (number: number): void | Promise<void> => {
        if (number !== call) return
        reached()
        // The run waits here for ever, its transaction open.
        return new Promise(() => undefined)
      }
      const watch = when === 'before' ? { before: stop } : { after: stop }
      openCompiled(compiled, { path, decorate: (warehouse) => watched(warehouse, watch) })
        .then((runner) => runner.run({ fullRefresh }))
        .then(() => failed(new Error(`the run has no call ${call}`)), failed)
    })
  }
  process.kill(process.pid, 'SIGKILL')
}
