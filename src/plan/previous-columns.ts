import type { Column, Dialect } from '../adapters/index.js'
import type { IncrementalConfig } from '../config/index.js'
import type { Relation } from '../core/index.js'
import { findColumn } from './columns.js'
import type { NodeContext } from './node-context.js'
import { steps } from './steps.js'
import type { Refusal, Step } from './types.js'

/** The columns of `history_columns` beside those of the SELECT: each has the type of the one that it remembers. */
export function previousColumns({ remembers }: IncrementalConfig, columns: readonly Column[]): readonly Column[] {
  return remembers.flatMap(({ column, previous }): Column[] => {
    const of = findColumn(columns, column)
    return of === undefined ? [] : [{ name: previous, type: of.type }]
  })
}

/** A SELECT that has such a column itself would write over what is remembered. */
export function selectedPrevious(
  { node }: NodeContext,
  { remembers }: IncrementalConfig,
  columns: readonly Column[],
): Refusal | undefined {
  const selected = remembers.find(({ previous }) => findColumn(columns, previous) !== undefined)
  if (selected === undefined) return undefined
  return {
    code: 'previous-column-selected',
    message: `'${selected.previous}' holds what '${selected.column}' was before, and the SELECT has a column of that name`,
    hint: 'leave it out of the SELECT, or give it another name in history_columns',
    span: node.placed.placeOf('history_columns'),
  }
}

/** Adds those that a table does not have, and widens those whose column became wider. */
export function addPrevious(
  dialect: Dialect,
  table: Relation,
  wanted: readonly Column[],
  present: readonly Column[],
): readonly Step[] {
  const statements = wanted.flatMap((column) => {
    const there = findColumn(present, column.name)
    if (there === undefined) return [dialect.addColumn(table, column)]
    return dialect.sameType(there.type, column.type) || dialect.widens(column.type, there.type)
      ? []
      : [dialect.retypeColumn(table, { ...column, name: there.name })]
  })
  return steps('schema', ...statements)
}
