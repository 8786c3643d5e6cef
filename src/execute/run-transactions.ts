import type { NodePlan, Transaction } from '../plan/index.js'
import { isOfNode } from './batches.js'
import { Repeats } from './repeats.js'
import { NodeRefused, runTransaction, type StepContext } from './run-steps.js'
import { runTogether, type Together } from './run-together.js'

/** Runs what is kept together, one after the other; gives the plan that was executed in the end. */
export async function runTransactions(
  plan: NodePlan,
  context: Omit<StepContext, 'plan'>,
  together: Together,
): Promise<NodePlan> {
  const repeats = new Repeats()
  let current = plan
  for (let index = 0; index < current.transactions.length; ) {
    const transaction = current.transactions[index]
    if (transaction === undefined) break
    const attempt = await attempted(transaction, { ...context, plan: current }, { ...together, repeats })
    if (attempt.isDone) {
      index += 1
      continue
    }
    // Of windows that another run did meanwhile none is left in a new plan.
    if (attempt.plan !== current && isOfWindows(transaction)) index = 0
    current = attempt.plan
    if (current.refusal !== undefined) throw new NodeRefused(current.refusal)
  }
  return current
}

type Attempt = { readonly isDone: true } | { readonly isDone: false; readonly plan: NodePlan }

/** One try; the plan to try again with, when that makes sense. Throws what ends the node. */
async function attempted(
  transaction: Transaction,
  context: StepContext,
  { repeats, batches, jobs }: Together & { readonly repeats: Repeats },
): Promise<Attempt> {
  try {
    const atOnce = transaction.together ?? []
    await runTransaction(transaction, context, () =>
      atOnce.length === 0 ? Promise.resolve() : runTogether(atOnce, context, { batches, jobs }),
    )
    if (transaction.batch !== undefined) batches.did(transaction.batch)
    return { isDone: true }
  } catch (error) {
    batches.stopWhenAborted(error)
    try {
      return { isDone: false, plan: await repeats.after(error, context.plan, context) }
    } catch (thrown) {
      if (transaction.batch === undefined || !isOfNode(thrown)) throw thrown
      await batches.failed(thrown, transaction, (each) => runTransaction(each, context))
      return { isDone: true }
    }
  }
}

function isOfWindows({ batch, together }: Transaction): boolean {
  return batch !== undefined || together !== undefined
}
