import type { Column, Dialect, RelationState } from '../adapters/index.js'
import { type Relation, relationName } from '../core/index.js'
import { findColumn } from './columns.js'
import { steps } from './steps.js'
import type { Refusal, Step } from './types.js'

/** Two relations that change places. */
export interface Swap {
  readonly dialect: Dialect
  /** Built and checked. */
  readonly aside: Relation
  readonly target: Relation
  readonly present: RelationState | undefined
}

/**
 * Puts what was built aside in the target's place. Where that would take away what fft does not own, the rows are
 * replaced inside the table that is there; with other columns the node fails instead, and the old rows stay.
 */
export function publishSteps(swap: Swap): readonly Step[] {
  const { dialect, aside, target, present } = swap
  const blockers = present?.attachments?.blockers ?? []
  const inside: Step = { kind: 'by_columns', of: { relation: aside }, then: (columns) => replaceInside(swap, columns) }
  return blockers.length > 0 ? [inside] : steps('publish', ...dialect.publish(aside, target, present))
}

/** Without a transaction, what was built aside has to be taken away; these steps run when anything before them fails, too. */
export function cleanSteps({ dialect, aside }: Pick<Swap, 'dialect' | 'aside'>): readonly Step[] {
  return dialect.commits.by === 'statement' ? steps('clean', dialect.drop(aside, 'table')) : []
}

function replaceInside({ dialect, aside, target, present }: Swap, columns: readonly Column[]) {
  const there = present?.columns ?? []
  const isSame =
    present?.kind === 'table' &&
    there.length === columns.length &&
    columns.every((column) => {
      const old = findColumn(there, column.name)
      return old !== undefined && dialect.sameType(old.type, column.type)
    })
  return isSame ? steps('publish', ...dialect.replaceRows(aside, target, columns)) : blocked(target, present)
}

/** Why a relation cannot be swapped. */
function blocked(target: Relation, present: RelationState | undefined): Refusal {
  return {
    code: 'swap-blocked',
    message: `${relationName(target)} cannot be replaced: it is read by ${(present?.attachments?.blockers ?? []).join(', ')}`,
    hint: 'drop what reads it, or keep the columns as they are: then the rows are replaced inside the table',
  }
}
