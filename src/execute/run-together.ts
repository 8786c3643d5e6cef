import type { Connection, Counted } from '../adapters/index.js'
import { text } from '../core/index.js'
import type { Transaction } from '../plan/index.js'
import { type Batches, isOfNode } from './batches.js'
import { Repeats } from './repeats.js'
import { runTransaction, type StepContext } from './run-steps.js'

/** What batches that run at once need besides the context of their node. */
export interface Together {
  readonly batches: Batches
  /** How many of them may run at once. */
  readonly jobs: number
}

/** Runs batches on connections of their own while the node's own one holds the lock. One that fails leaves the others. */
export async function runTogether(
  transactions: readonly Transaction[],
  context: StepContext,
  { batches, jobs }: Together,
): Promise<void> {
  // The lock travels with a first statement.
  await context.connection.query(text('select 1'))
  const waiting = [...transactions]
  const work = async (): Promise<void> => {
    const connection = await context.connect()
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        await runBatch(next, { ...context, connection }, batches)
    } catch (error) {
      waiting.length = 0
      throw error
    } finally {
      await connection.close()
    }
  }
  const workers = Array.from({ length: Math.max(1, Math.min(jobs, transactions.length)) }, work)
  const failed = (await Promise.allSettled(workers)).find((each) => each.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

async function runBatch(
  transaction: Transaction,
  context: StepContext & { readonly connection: Connection },
  batches: Batches,
): Promise<void> {
  const repeats = new Repeats()
  for (;;) {
    try {
      await runCounted(transaction, context)
      if (transaction.batch !== undefined) batches.did(transaction.batch)
      return
    } catch (error) {
      batches.stopWhenAborted(error)
      try {
        await repeats.after(error, context.plan, context)
      } catch (thrown) {
        if (!isOfNode(thrown)) throw thrown
        return batches.failed(thrown, transaction, (each) => runCounted(each, context))
      }
    }
  }
}

/** Counts by itself, since a transaction that fails takes its counts back. */
async function runCounted(transaction: Transaction, context: StepContext): Promise<void> {
  const counts = new Map<Counted, number>()
  await runTransaction(transaction, { ...context, counts })
  for (const [key, rows] of counts) context.counts.set(key, (context.counts.get(key) ?? 0) + rows)
}
