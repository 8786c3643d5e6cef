import { type Failure, FftError, type NodeStatus, type SourceSpan } from '../core/index.js'
import type { Batch, Transaction } from '../plan/index.js'
import { failureOf } from './failure.js'
import { NodeRefused } from './run-steps.js'

/** A batch that failed, and why. */
interface FailedBatch {
  readonly name: string
  readonly error: unknown
}

/** How the batches of one node went: each is kept or fails alone. */
export class Batches {
  readonly failures: FailedBatch[] = []
  readonly #signal: AbortSignal
  #done = 0

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** A run that was stopped goes on with nothing. */
  stopWhenAborted(error: unknown): void {
    if (this.#signal.aborted) throw error
  }

  did({ windows }: Batch): void {
    this.#done += windows
  }

  /** Several windows that failed together are tried one by one, so that those that can be done are. */
  async failed(
    error: unknown,
    { batch }: Transaction,
    run: (transaction: Transaction) => Promise<void>,
  ): Promise<void> {
    if (batch === undefined) throw error
    if (batch.alone.length === 0) {
      this.failures.push({ name: batch.name, error })
      return
    }
    for (const each of batch.alone) {
      try {
        await run(each)
        if (each.batch !== undefined) this.did(each.batch)
      } catch (thrown) {
        this.stopWhenAborted(thrown)
        if (!isOfNode(thrown)) throw thrown
        this.failures.push({ name: each.batch?.name ?? '', error: thrown })
      }
    }
  }

  outcome(): { readonly status: NodeStatus; readonly detail: string } {
    const total = this.#done + this.failures.length
    return {
      status: this.#done > 0 ? 'partial success' : 'error',
      detail: `${this.#done} of ${total} windows done`,
    }
  }

  /** The first one's, with the names of all that failed. */
  failure(file: SourceSpan | undefined): Failure {
    const [first] = this.failures
    if (first === undefined) throw new Error('no batch has failed: this is a bug in fft')
    const failure = failureOf(first.error, file)
    const names = this.failures.map(({ name }) => name)
    const shown = names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names
    return { ...failure, message: `window ${shown.join(', ')}: ${failure.message}` }
  }
}

/** Whether an error is of the node's own making; others (a lost connection, a bug) end the node. */
export function isOfNode(error: unknown): boolean {
  if (error instanceof NodeRefused) return true
  return error instanceof FftError && !endsConnection.has(error.code)
}

const endsConnection: ReadonlySet<string> = new Set(['cancelled', 'connection-lost', 'bug'])
