import type { Column } from '../adapters/index.js'
import type { IncrementalConfig } from '../config/index.js'
import type { ModelNode } from '../parse/index.js'
import { isMissing, resolveColumns, type WantedColumn } from './columns.js'
import type { NodeContext } from './node-context.js'
import type { Refusal } from './types.js'
import { watermarkColumns } from './watermarks.js'

/** The columns that a model's configuration names, as the rows spell them. */
export interface NamedColumns {
  /** Of `unique_key`; two spellings of one column are one. */
  readonly key: readonly string[]
  readonly updatedAt: string | undefined
  readonly partitionBy: readonly string[]
  /** Columns that a row that is there takes over; undefined: all. */
  readonly updates: readonly string[] | undefined
  readonly watermarks: readonly Column[]
}

/** Finds all of them, or tells the first one that the rows do not have. */
export function namedColumns(
  context: NodeContext,
  config: IncrementalConfig,
  columns: readonly Column[],
): NamedColumns | Refusal {
  const { node } = context
  const marks = watermarkColumns(node, context.compiled)
  const lists = [
    wanted(node, 'unique_key', config.uniqueKey),
    wanted(node, 'updated_at', config.updatedAt === undefined ? [] : [config.updatedAt]),
    wanted(node, 'partition_by', config.partitionBy),
    wanted(node, 'update_columns', config.updateColumns ?? []),
    wanted(node, 'exclude_columns', config.excludeColumns ?? []),
    wanted(
      node,
      'history_columns',
      config.remembers.map(({ column }) => column),
    ),
    marks,
  ] as const
  const found = resolveColumns(columns, lists.flat())
  if (isMissing(found)) return found
  const takes = { from: 0 }
  const [key, updatedAt, partitionBy, updated, excluded, , watermarks] = lists.map((list) => {
    const part = found.slice(takes.from, takes.from + list.length)
    takes.from += list.length
    return part
  })
  return {
    key: namesOf(key),
    updatedAt: updatedAt?.[0]?.name,
    partitionBy: namesOf(partitionBy),
    updates: updatesOf(config, columns, { updated: namesOf(updated), excluded: namesOf(excluded) }),
    watermarks: watermarks ?? [],
  }
}

function wanted({ placed }: ModelNode, key: string, names: readonly string[]): readonly WantedColumn[] {
  return names.map((name) => ({ name, key, span: placed.placeOf(key) }))
}

function namesOf(columns: readonly Column[] | undefined): readonly string[] {
  return [...new Set((columns ?? []).map(({ name }) => name))]
}

function updatesOf(
  { updateColumns, excludeColumns }: IncrementalConfig,
  columns: readonly Column[],
  { updated, excluded }: { readonly updated: readonly string[]; readonly excluded: readonly string[] },
): readonly string[] | undefined {
  if (updateColumns !== undefined) return updated
  if (excludeColumns === undefined) return undefined
  return columns.map(({ name }) => name).filter((name) => !excluded.includes(name))
}

export function isRefused(found: NamedColumns | Refusal): found is Refusal {
  return 'code' in found
}
