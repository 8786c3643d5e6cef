import type { Dialect, Statement } from '../adapters/index.js'
import type { Relation } from '../core/index.js'
import type { Purpose, Step, Transaction } from './types.js'

/** Statements as steps of one purpose. */
export function steps(purpose: Purpose, ...statements: readonly Statement[]): readonly Step[] {
  return statements.map(({ onlyIf, ...statement }): Step => {
    const step: Step = { kind: 'statement', purpose, ...statement }
    return onlyIf === undefined
      ? step
      : { kind: 'choose', ...onlyIf, usual: 'false', cases: { true: [step], false: [] } }
  })
}

/** Steps that are kept or lost together and write one relation. */
export function transaction({ locks }: Dialect, target: Relation, steps: readonly Step[]): Transaction {
  return locks === 'relation' ? { steps, locks: target } : { steps }
}
