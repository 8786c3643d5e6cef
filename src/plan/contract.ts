import type { Column } from '../adapters/index.js'
import type { EnforcedContract } from '../config/index.js'
import { type Relation, relationName, type Sql } from '../core/index.js'
import { contractOf, wantedConstraints } from './attach.js'
import { findColumn } from './columns.js'
import type { NodeContext } from './node-context.js'
import { steps } from './steps.js'
import type { Refusal, Step } from './types.js'

/**
 * What follows from a SELECT whose columns are those of the contract, cast to its types and in its order; without a
 * contract, from the SELECT as it is. `part`: a delta may leave columns out.
 */
export function underContract(
  context: NodeContext,
  select: Sql,
  which: 'whole' | 'part',
  then: (select: Sql, columns: readonly Column[]) => readonly Step[],
): readonly Step[] {
  const contract = contractOf(context.node)
  if (contract === undefined) return then(select, [])
  const { dialect } = context
  return [
    checked(context, { contract, of: { select }, which }, (found) => {
      const declared = contract.columns.filter(({ name }) => findColumn(found, name) !== undefined)
      return then(dialect.contract.cast(select, declared), declared)
    }),
  ]
}

/** The same of rows that a function has put into a relation. */
export function heldToContract(
  context: NodeContext,
  relation: Relation,
  which: 'whole' | 'part',
  then: (columns: readonly Column[]) => readonly Step[] | Refusal,
): Step {
  const contract = contractOf(context.node)
  if (contract === undefined) return { kind: 'by_columns', of: { relation }, then }
  return checked(context, { contract, of: { relation }, which }, then)
}

/** Columns that have to be those of a contract; `part`: some may be missing. */
interface Held {
  readonly contract: EnforcedContract
  readonly of: Extract<Step, { kind: 'by_columns' }>['of']
  readonly which: 'whole' | 'part'
}

function checked(
  context: NodeContext,
  { contract, of, which }: Held,
  then: (columns: readonly Column[]) => readonly Step[] | Refusal,
): Step {
  const declaredSql = context.dialect.contract.declared(contract.columns)
  const compare = (declared: readonly Column[]): Step => ({
    kind: 'by_columns',
    of,
    then: (found) => breach(context, declared, found, which) ?? then(found),
  })
  return { kind: 'by_columns', of: { select: declaredSql }, then: (declared) => [compare(declared)] }
}

function breach(
  { node, dialect, target }: NodeContext,
  declared: readonly Column[],
  found: readonly Column[],
  which: 'whole' | 'part',
): Refusal | undefined {
  const missing = declared.filter(({ name }) => findColumn(found, name) === undefined)
  const faults = [
    ...(which === 'whole' ? missing.map(({ name, type }) => `'${name}' (${type}) is missing`) : []),
    ...found.flatMap((column) => {
      const wanted = findColumn(declared, column.name)
      if (wanted === undefined) return [`'${column.name}' (${column.type}) is not declared`]
      if (dialect.contract.keeps(column.type, wanted.type)) return []
      return [`'${column.name}' is ${column.type}, declared ${wanted.type}`]
    }),
  ]
  if (faults.length === 0) return undefined
  return {
    code: 'contract-broken',
    message: `${node.name} breaks its contract: ${faults.join('; ')}`,
    hint: `make the model's columns those of the contract, or change the contract; ${relationName(target)} is as it was`,
    span: node.placed.placeOf('contract'),
  }
}

/** The constrained new table that rows are put into; undefined where constraints are added afterwards, or there are none. */
export function constrainedTable(
  { dialect, node }: NodeContext,
  into: Relation,
  columns: readonly Column[],
): readonly Step[] | undefined {
  const { constraints } = dialect.attach
  const contract = contractOf(node)
  if (contract === undefined || constraints?.made !== 'with_table') return undefined
  const wanted = wantedConstraints(contract)
  return wanted.length === 0 ? undefined : steps('stage', constraints.create(into, columns, wanted))
}
