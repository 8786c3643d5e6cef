import type { UniqueId } from '../core/index.js'

/**
 * Hands out nodes whose parents have ended, in the given order. A node whose parent failed is handed out too, so that
 * it is reported as skipped; `blockedBy` tells.
 */
export class Schedule {
  isStopping = false
  readonly #waiting: UniqueId[]
  readonly #parents: ReadonlyMap<UniqueId, readonly UniqueId[]>
  readonly #ended = new Map<UniqueId, boolean>()
  readonly #idle: ((id: UniqueId | undefined) => void)[] = []

  constructor(ids: readonly UniqueId[], parents: (id: UniqueId) => readonly UniqueId[]) {
    const known = new Set(ids)
    this.#waiting = [...ids]
    this.#parents = new Map(ids.map((id) => [id, parents(id).filter((parent) => known.has(parent))]))
  }

  /** The next node that may run; waits for one, undefined when none is left. */
  next(): Promise<UniqueId | undefined> {
    const ready = this.#take()
    if (ready !== undefined || this.#waiting.length === 0) return Promise.resolve(ready)
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  finish(id: UniqueId, isGood: boolean): void {
    this.#ended.set(id, isGood)
    while (this.#idle.length > 0) {
      const ready = this.#take()
      if (ready === undefined && this.#waiting.length > 0) return
      this.#idle.shift()?.(ready)
    }
  }

  /** Lets every waiting worker go; nothing more is handed out. */
  stop(): void {
    this.#waiting.length = 0
    for (const resolve of this.#idle.splice(0)) resolve(undefined)
  }

  /** The parent whose failure keeps this node from running. */
  blockedBy(id: UniqueId): UniqueId | undefined {
    return this.#parents.get(id)?.find((parent) => this.#ended.get(parent) === false)
  }

  #take(): UniqueId | undefined {
    const index = this.#waiting.findIndex((id) => this.isReady(id))
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0]
  }

  /** Whether its parents have ended, well or not. */
  isReady(id: UniqueId): boolean {
    return this.#parents.get(id)?.every((parent) => this.#ended.has(parent)) ?? false
  }
}
