import * as v from 'valibot'
import { defined } from './defined.js'
import type { ColumnProperties, ModelConfig, TableConstraint } from './types.js'
import { fields, filledText, flag, key, list, map, needed, oneOf } from './values.js'

export const constraintTypes = ['not_null', 'unique', 'primary_key', 'check', 'foreign_key', 'custom'] as const

/** Schema of one entry of `constraints:`. */
export const constraintSchema = fields({
  type: needed('What has to be true.', oneOf(constraintTypes)),
  expression: key("A check's condition, or what a foreign key references.", filledText),
  name: key("The constraint's name.", filledText),
  columns: key('The columns, of a constraint of the whole relation.', list(filledText, 'a list of columns')),
  to: key('What a foreign key references.', filledText),
  to_columns: key('The columns there.', list(filledText, 'a list of columns')),
  warn_unenforced: key('Whether a warning says that the engine does not enforce it.', flag),
  warn_unsupported: key('Whether a warning says that the engine does not have it.', flag),
})

type ConstraintItem = v.InferOutput<typeof constraintSchema>

/** Constraints as the plan reads them; those of a column name it. */
export function readConstraints(
  items: readonly ConstraintItem[] | null | undefined,
  column?: string,
): readonly TableConstraint[] {
  return (items ?? []).map((item) =>
    defined({
      type: item.type,
      expression: item.expression,
      name: item.name,
      columns: item.columns ?? (column === undefined ? [] : [column]),
      to: item.to,
      toColumns: item.to_columns,
      isSilent: item.warn_unsupported === false || item.warn_unenforced === false ? true : undefined,
    }),
  )
}

/** Schema of an entry of `indexes`. */
export const indexSchema = fields({
  columns: needed('The indexed columns.', v.pipe(v.union([filledText, list(filledText)], 'a list of columns'))),
  unique: key('Whether the index is unique.', flag),
  type: key('The index method, such as btree.', filledText),
})

/** What a configuration hangs at its relation, beside the rows. */
export interface RelationSettings {
  /** Privilege → who has it; undefined: grants are left alone. */
  readonly grants: Readonly<Record<string, readonly string[]>> | undefined
  readonly describes: { readonly relation: boolean; readonly columns: boolean }
  readonly indexes: readonly { readonly columns: readonly string[]; readonly unique: boolean; readonly type?: string }[]
}

/** The typed reading of `grants`, `persist_docs` and `indexes`. */
export function relationSettings({ other }: Pick<ModelConfig, 'other'>): RelationSettings {
  const persisted = v.safeParse(map, other.persist_docs)
  const docs = persisted.success ? persisted.output : {}
  return {
    grants: grantsIn(other.grants),
    describes: { relation: docs.relation === true, columns: docs.columns === true },
    indexes: indexesIn(other.indexes),
  }
}

function grantsIn(value: unknown): RelationSettings['grants'] {
  const grants = v.safeParse(map, value)
  if (!grants.success || Object.keys(grants.output).length === 0) return undefined
  return Object.fromEntries(Object.entries(grants.output).map(([privilege, to]) => [privilege, listed(to)]))
}

function indexesIn(value: unknown): RelationSettings['indexes'] {
  const indexes = v.safeParse(list(indexSchema), value)
  if (!indexes.success) return []
  return indexes.output.map(({ columns, unique, type }) =>
    defined({ columns: listed(columns), unique: unique === true, type }),
  )
}

function listed(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
}

/** Columns and constraints that a model has to keep to; undefined when its contract is not enforced. */
export interface EnforcedContract {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly constraints: readonly TableConstraint[]
}

/** What `contract: {enforced: true}` says of a model. */
export function enforcedContract(model: {
  readonly config: ModelConfig
  readonly columns: readonly ColumnProperties[]
  readonly constraints: readonly TableConstraint[]
}): EnforcedContract | undefined {
  if (!isEnforced(model.config)) return undefined
  return {
    columns: model.columns.map(({ name, dataType }) => ({ name, type: dataType ?? '' })),
    constraints: [...model.columns.flatMap(({ constraints }) => constraints ?? []), ...model.constraints],
  }
}

/** Whether a configuration asks for its contract to be enforced. */
export function isEnforced({ other }: Pick<ModelConfig, 'other'>): boolean {
  // Most models have none, and this is asked of each.
  if (other.contract === undefined) return false
  const contract = v.safeParse(map, other.contract)
  return contract.success && contract.output.enforced === true
}
