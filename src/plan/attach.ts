import type { Attaching, Column, Comments, Compared, WantedConstraint } from '../adapters/index.js'
import { type EnforcedContract, enforcedContract, relationSettings } from '../config/index.js'
import type { Relation, RelationKind } from '../core/index.js'
import type { ModelNode, SeedNode } from '../parse/index.js'
import { findColumn } from './columns.js'
import type { PlanContext } from './node-context.js'
import { steps } from './steps.js'
import { hasEvents, hasVersions } from './strategies/index.js'
import type { Step } from './types.js'

/**
 * What the configuration hangs at a relation that is in its place: comments, indexes, constraints, grants. `shown`: the
 * relation that has the node's name, where that is another one.
 */
export function attachSteps(
  node: ModelNode | SeedNode,
  target: Relation,
  { dialect, shown = target }: Pick<PlanContext, 'dialect'> & { readonly shown?: Relation | undefined },
): readonly Step[] {
  const { other } = node.config
  // Most nodes ask for nothing, and this is asked of each.
  if ((other.grants ?? other.indexes ?? other.persist_docs ?? other.contract) === undefined) return []
  const { grants, indexes } = relationSettings(node.config)
  const { attach } = dialect
  const kind: RelationKind = node.config.materialized === 'view' && node.resourceType !== 'seed' ? 'view' : 'table'
  // Of change events people read the view, which stands beside the table.
  const shownKind = shown === target ? kind : 'view'
  // An empty list has to take away what an earlier configuration made, but only where indexes are spoken of at all.
  const hasIndexes = kind === 'table' && node.config.other.indexes !== undefined
  return [
    ...constraintSteps(node, target, attach, kind),
    ...(hasIndexes ? compared(attach.indexes, target, indexes, 'look at its indexes') : []),
    ...commentSteps(node, shown, attach, shownKind),
    ...(grants === undefined ? [] : compared(attach.grants, shown, grants, 'look at its grants')),
  ]
}

function compared<Wanted>(
  how: Compared<Wanted> | undefined,
  target: Relation,
  wanted: Wanted,
  note: string,
): readonly Step[] {
  if (how === undefined) return []
  const then: Extract<Step, { kind: 'ask' }>['then'] = (rows) => steps('publish', ...how.change(target, wanted, rows))
  return [{ kind: 'ask', sql: how.current(target), note, then }]
}

function constraintSteps(
  node: ModelNode | SeedNode,
  target: Relation,
  { constraints }: Attaching,
  kind: RelationKind,
): readonly Step[] {
  if (node.resourceType === 'seed' || kind === 'view' || constraints?.made !== 'afterwards') return []
  const contract = contractOf(node)
  if (contract === undefined) return []
  return compared(constraints, target, wantedConstraints(contract), 'look at its constraints')
}

/** The contract that a model's relation is held to; of histories, whose columns are not those of the SELECT, none. */
export function contractOf(node: ModelNode): EnforcedContract | undefined {
  return hasVersions(node.config.incremental) || hasEvents(node.config.incremental) ? undefined : enforcedContract(node)
}

/** The constraints that engines make; `checkContract` told about the others. */
export function wantedConstraints({ constraints }: EnforcedContract): readonly WantedConstraint[] {
  return constraints.flatMap(({ type, columns, expression, name }): WantedConstraint[] =>
    type === 'foreign_key' || type === 'custom'
      ? []
      : [
          {
            type,
            columns,
            ...(expression === undefined ? {} : { expression }),
            ...(name === undefined ? {} : { name }),
          },
        ],
  )
}

function commentSteps(
  node: ModelNode | SeedNode,
  target: Relation,
  attach: Attaching,
  kind: RelationKind,
): readonly Step[] {
  const { describes } = relationSettings(node.config)
  const { comments } = attach
  if (comments === undefined || !(describes.relation || describes.columns)) return []
  const of = describes.relation ? { text: filled(node.description) } : undefined
  const write = (wanted: Comments) => steps('publish', ...comments(target, kind, wanted))
  if (!describes.columns || node.columns.length === 0) return write({ relation: of, columns: [] })
  const then = (present: readonly Column[]) =>
    write({
      relation: of,
      columns: node.columns.flatMap(({ name, description }) => {
        const column = findColumn(present, name)
        return column === undefined ? [] : [{ name: column.name, text: filled(description) }]
      }),
    })
  return [{ kind: 'by_columns', of: { relation: target }, then }]
}

function filled(description: string | undefined): string | undefined {
  return description === undefined || description.trim() === '' ? undefined : description
}
