import type { CompiledSelection } from '../../src/app/compile-nodes.js'
import type { ResourceType } from '../../src/core/index.js'
import { compileFolder, openCompiled } from '../support/stage-runner.js'
import { watched } from './watched.js'

/** A project, a database of its own, and the call at which the run on it stops. */
export interface Point {
  readonly dir: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly call: number
  readonly when: 'before' | 'after'
}

/** What the parent asks for: a run on each database, each up to its point; then the process dies with all of them. */
export interface Order {
  readonly types: readonly ResourceType[]
  readonly fullRefresh: boolean
  readonly points: readonly Point[]
}

process.once('message', (order: Order) => void obey(order))
process.send?.('ready')

async function obey({ types, fullRefresh, points }: Order): Promise<void> {
  const projects = new Map<string, CompiledSelection>()
  for (const { dir, settings, call, when } of points) {
    const compiled = projects.get(dir) ?? (await compileFolder(dir, types))
    projects.set(dir, compiled)
    await new Promise<void>((reached, failed) => {
      const stop = (number: number): void | Promise<void> => {
        if (number !== call) return
        reached()
        // The run waits here for ever, its transaction open.
        return new Promise(() => undefined)
      }
      const watch = when === 'before' ? { before: stop } : { after: stop }
      openCompiled(compiled, { settings, decorate: (warehouse) => watched(warehouse, watch) })
        .then((runner) => runner.run({ fullRefresh }))
        .then(() => failed(new Error(`the run has no call ${call}`)), failed)
    })
  }
  process.kill(process.pid, 'SIGKILL')
}
