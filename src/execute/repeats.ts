import { setTimeout as sleep } from 'node:timers/promises'
import { FftError } from '../core/index.js'
import type { NodePlan } from '../plan/index.js'
import { PlanOutdated, type StepContext } from './run-steps.js'

const mostRepeats = 2
const pauseMs = 200

/** Transactions of one node that were rolled back and may be run again, with the plan that they are run by. */
export class Repeats {
  #failures = 0

  /** The plan to go on with; throws the error when it is the node's own fault, or came too often. */
  async after(error: unknown, plan: NodePlan, { hooks, connect }: Pick<StepContext, 'hooks' | 'connect'>) {
    if (error instanceof PlanOutdated) return hooks.replan(plan, connect)
    const wasMadeMeanwhile = error instanceof FftError && error.code === 'relation-exists' && plan.action === 'create'
    const mayRunAgain = error instanceof FftError && error.mayRunAgain
    if (!(wasMadeMeanwhile || mayRunAgain) || ++this.#failures > mostRepeats) throw error
    if (wasMadeMeanwhile) return hooks.replan(plan, connect)
    await sleep(this.#failures * pauseMs)
    return plan
  }
}
