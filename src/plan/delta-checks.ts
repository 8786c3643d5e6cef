import type { Column } from '../adapters/index.js'
import type { IncrementalConfig } from '../config/index.js'
import type { Relation } from '../core/index.js'
import { conjunction, namesOf, normalizedCondition } from './conditions.js'
import type { NodeContext } from './node-context.js'
import { strategyOf } from './strategies/index.js'
import type { Step } from './types.js'

/** Rows that a run of `snapshot_date` brings have one date. */
export function dateCheck(
  { dialect, node }: NodeContext,
  config: IncrementalConfig,
  rows: { readonly relation: Relation; readonly partitionBy: readonly string[] },
): readonly Step[] {
  const [column] = rows.partitionBy
  if (strategyOf(config).isDated !== true || column === undefined) return []
  return [
    {
      kind: 'expect',
      sql: dialect.rowChecks.severalValues(rows.relation, column),
      note: `see that all rows have one ${column}`,
      otherwise: {
        code: 'not-one-date',
        message: `the SELECT of a run has to have exactly one ${column}`,
        hint: 'its rows replace the partition of that date; select one date, without NULL',
        span: node.placed.placeOf('partition_by'),
      },
    },
  ]
}

/** A SELECT without rows, or with none that has a key, would take every row away. */
export function emptyCheck(
  { dialect, node, target }: NodeContext,
  { deletes }: IncrementalConfig,
  staged: Relation,
): readonly Step[] {
  if (deletes?.missing !== true || deletes.allowEmpty === true) return []
  return [
    {
      kind: 'expect',
      sql: dialect.rowChecks.empty(staged, target),
      note: 'see that the SELECT has rows',
      otherwise: {
        code: 'empty-delta',
        message: 'the SELECT has no rows, and deletes: {missing: true} would remove every row of the table',
        hint: 'if that is meant, set deletes: {missing: true, allow_empty: true}',
        span: node.placed.placeOf('deletes'),
      },
    },
  ]
}

export interface ConditionInput {
  readonly staged: Relation
  readonly key: readonly Column[]
}

/** The rows that `predicates` would not let a merge find: inserted, they would stand beside the old ones. */
export function predicateChecks(
  { dialect, node, target }: NodeContext,
  { predicates, onNullKeys }: IncrementalConfig,
  { staged, key }: ConditionInput,
): readonly Step[] {
  if (predicates.length === 0) return []
  const conditions = predicates.map((predicate) => normalizedCondition(predicate, dialect))
  const onDelta = conditions.filter((condition) => !namesOf(condition, dialect).usesTarget)
  const span = node.placed.placeOf('predicates')
  const hint = 'widen the predicates, or leave such rows out of the delta'
  const failing: Step = {
    kind: 'expect',
    sql: dialect.rowChecks.failing(staged, conjunction(onDelta)),
    note: 'see that the delta meets the predicates',
    otherwise: { code: 'predicate-failed', message: 'rows of the delta do not meet the predicates', hint, span },
  }
  const outside: Step = {
    kind: 'expect',
    sql: dialect.rowChecks.outside(staged, target, { key, nullSafe: onNullKeys === 'match' }, conjunction(conditions)),
    note: 'see that no key is in rows that the predicates leave out',
    otherwise: {
      code: 'predicate-hides-key',
      message: 'keys of the delta are in the table, in rows that the predicates leave out: they would be there twice',
      hint,
      span,
    },
  }
  return [...(onDelta.length === 0 ? [] : [failing]), outside]
}
