import type { Connection, Dialect } from '../adapters/index.js'
import { FftError, type UniqueId } from '../core/index.js'
import type { NodePlan, TestPlan } from '../plan/index.js'

interface Test {
  readonly id: UniqueId
  readonly test: TestPlan
}

// One query for all tests of a relation with very many would only delay the first result.
const mostAtOnce = 50

/**
 * Counts rows at fault; tests of one relation that are ready at the same time are counted in one query, which saves a
 * trip to the engine for each of them.
 */
export class TestCounts {
  readonly #dialect: Dialect
  readonly #isReady: (id: UniqueId) => boolean
  readonly #groups = new Map<string, Test[]>()
  /** Undefined when the common query failed: then each test asks for itself, and shows its own error. */
  readonly #known = new Map<UniqueId, Promise<number | undefined>>()

  constructor(dialect: Dialect, plans: readonly NodePlan[], isReady: (id: UniqueId) => boolean) {
    this.#dialect = dialect
    this.#isReady = isReady
    for (const { id, test } of plans) {
      if (test?.group === undefined) continue
      const group = this.#groups.get(test.group) ?? []
      group.push({ id, test })
      this.#groups.set(test.group, group)
    }
  }

  async of(asked: Test, connection: Connection): Promise<number> {
    if (!this.#known.has(asked.id)) this.#countTogether(asked, connection)
    const known = await this.#known.get(asked.id)
    return known ?? (await this.#count([asked], connection))[0] ?? 0
  }

  #countTogether(asked: Test, connection: Connection): void {
    const group = this.#groups.get(asked.test.group ?? '') ?? []
    const mates = group.filter(({ id }) => id !== asked.id && !this.#known.has(id) && this.#isReady(id))
    if (mates.length === 0) return
    const together = [asked, ...mates].slice(0, mostAtOnce)
    const counts = this.#count(together, connection).catch((error: unknown) => {
      if (error instanceof FftError && error.code !== 'cancelled') return []
      throw error
    })
    for (const [index, { id }] of together.entries()) {
      const mine = counts.then((all) => all[index])
      mine.catch(() => {})
      this.#known.set(id, mine)
    }
  }

  async #count(tests: readonly Test[], connection: Connection): Promise<readonly number[]> {
    const { rows } = await connection.query(this.#dialect.tests.counts(tests.map(({ test }) => test.failures)))
    return (rows[0] ?? []).map(Number)
  }
}
