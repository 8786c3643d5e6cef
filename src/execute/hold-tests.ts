import type { Connection, Dialect } from '../adapters/index.js'
import type { SourceSpan, UniqueId } from '../core/index.js'
import type { HeldTest } from '../plan/index.js'
import { failureOf } from './failure.js'
import { NodeRefused } from './run-steps.js'
import { runTest } from './run-test.js'
import type { NodeResult } from './types.js'

/** What a test came to. */
export type TestOutcome = Pick<NodeResult, 'status' | 'failures' | 'detail' | 'failure'>

/** What tests came to that were looked at before the rows of their model were kept. */
export class HeldOutcomes {
  readonly #outcomes = new Map<UniqueId, TestOutcome>()
  readonly #placeOf: (id: UniqueId) => Promise<SourceSpan | undefined>

  constructor(placeOf: (id: UniqueId) => Promise<SourceSpan | undefined>) {
    this.#placeOf = placeOf
  }

  of(id: UniqueId): TestOutcome | undefined {
    return this.#outcomes.get(id)
  }

  /** Runs tests in the open transaction. Throws NodeRefused when one fails, so that nothing is kept. */
  async hold(tests: readonly HeldTest[], { connection, dialect }: { connection: Connection; dialect: Dialect }) {
    const failed: string[] = []
    for (const held of tests) {
      const outcome = await this.#run(held, connection, dialect)
      if (outcome.status === 'fail' || outcome.status === 'error') failed.push(held.name)
      // A window that failed its test is told, whatever the others do.
      if (!isBad(this.#outcomes.get(held.id))) this.#outcomes.set(held.id, outcome)
      // An engine may take no further statement in this transaction.
      if (outcome.status === 'error') break
    }
    if (failed.length === 0) return
    throw new NodeRefused({
      code: 'blocking-test',
      message: `nothing was kept: ${failed.join(', ')} ${failed.length === 1 ? 'fails' : 'fail'} on the new rows`,
      hint: "correct the rows, or give the test severity: 'warn'",
    })
  }

  async #run({ id, test }: HeldTest, connection: Connection, dialect: Dialect): Promise<TestOutcome> {
    try {
      const { rows } = await connection.query(dialect.tests.counts([test.failures]))
      const outcome = await runTest(test, Number(rows[0]?.[0] ?? 0), connection)
      if (outcome.failure === undefined) return outcome
      return { ...outcome, failure: { ...outcome.failure, ...(await this.#spanOf(id)) } }
    } catch (error) {
      return { status: 'error', failure: failureOf(error, await this.#placeOf(id)) }
    }
  }

  async #spanOf(id: UniqueId): Promise<{ readonly span?: SourceSpan }> {
    const span = await this.#placeOf(id)
    return span === undefined ? {} : { span }
  }
}

function isBad(outcome: TestOutcome | undefined): boolean {
  return outcome?.status === 'fail' || outcome?.status === 'error'
}
