import type { Adapter, Warehouse } from '../adapters/index.js'
import type { Profile } from '../config/index.js'
import { FftError } from '../core/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext } from './options.js'
import { openWarehouse } from './warehouse.js'

/** Opens the engine while the project is still being read; a command that then does not run closes it again. */
export class EarlyWarehouse {
  #opening: Promise<Warehouse | undefined> | undefined

  /** Starts to open what is there already; nothing is created and nobody is waited for. */
  readonly start = (adapter: Adapter, profile: Profile): void => {
    const opening = adapter.openExisting?.({ profile, waitLockMs: 0 })
    // What goes wrong now goes wrong again when it is needed, and is reported then.
    this.#opening = opening?.catch((error: unknown) => {
      if (error instanceof FftError) return undefined
      throw error
    })
  }

  /** The open engine for the time of a function. */
  async use<Result>(
    graph: LoadedGraph,
    waitLockMs: number,
    app: AppContext,
    work: (warehouse: Warehouse) => Promise<Result>,
  ): Promise<Result> {
    const warehouse = (await this.#opening) ?? (await openWarehouse(graph, waitLockMs, app))
    this.#opening = undefined
    try {
      return await work(warehouse)
    } finally {
      await warehouse.close()
    }
  }

  /** Closes what was opened and not used. Never throws. */
  async abandon(): Promise<void> {
    const warehouse = await this.#opening?.catch(() => undefined)
    this.#opening = undefined
    await warehouse?.close()
  }
}
