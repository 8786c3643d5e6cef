import type { Column } from '../adapters/index.js'
import { type CompiledNode, watermarkColumnsOf } from '../compile/index.js'
import { type Relation, relationName, type SourceSpan, sameName } from '../core/index.js'
import type { ModelNode } from '../parse/index.js'
import { findColumn } from './columns.js'
import { storageOf } from './events/storage.js'
import type { WarehouseState } from './warehouse-state.js'

/** A column whose watermark the model keeps. */
export interface WatermarkColumn {
  readonly name: string
  readonly key: string
  readonly span: SourceSpan
}

/** `updated_at`, `event_time` and every column in a `watermark()` call. */
export function watermarkColumns(node: ModelNode, compiled: CompiledNode): readonly WatermarkColumn[] {
  const { config, placed } = node
  const incremental = config.incremental
  if (incremental === undefined) return []
  const declared = [
    ...named(incremental.updatedAt, 'updated_at', placed.placeOf('updated_at')),
    ...named(incremental.eventTime, 'event_time', placed.placeOf('event_time')),
    ...(incremental.delta?.kind === 'watermark'
      ? named(incremental.delta.column, 'delta', placed.placeOf('delta'))
      : []),
    ...watermarkColumnsOf(compiled).map((name) => ({
      name,
      key: 'watermark()',
      span: node.watermarks.find((watermark) => watermark.column === name)?.span ?? node.span,
    })),
  ]
  return declared.filter((column, index) => declared.findIndex((other) => sameColumn(other, column)) === index)
}

function named(name: string | undefined, key: string, span: SourceSpan): WatermarkColumn[] {
  return name === undefined ? [] : [{ name, key, span }]
}

function sameColumn(a: WatermarkColumn, b: WatermarkColumn): boolean {
  return a.name.toLowerCase() === b.name.toLowerCase()
}

/** The watermark that a run starts from, and what is to be said about it. */
export interface CurrentWatermark {
  /** Undefined: none, so the type's minimum. */
  readonly value: string | undefined
  readonly notice?: string
}

/**
 * The stored watermark; the table's own maximum when nothing is stored (the table is adopted) or when the stored one
 * is ahead of it (rows were deleted by hand), unless the state is to be trusted. After a reset there is none.
 */
export function currentWatermark(
  node: ModelNode,
  relation: Relation,
  column: string,
  state: WarehouseState,
): CurrentWatermark {
  const stored = state.stored(relation)
  const mine = stored.find((row) => row.column.toLowerCase() === column.toLowerCase())
  const maximum = state.maximum(relation, column)
  if (mine !== undefined && mine.value === null) return { value: undefined }
  if (mine?.value != null) {
    if (maximum?.ahead !== true || mayBeAhead(node, column)) return { value: mine.value }
    const shown = maximum.value === null ? 'the table is empty' : `the table's own maximum is ${maximum.value}`
    return {
      value: maximum.value ?? undefined,
      notice: `the watermark of ${relationName(relation)}.${column} is ${mine.value}, but ${shown}: rows were deleted outside fft; the table's is used`,
    }
  }
  const value = maximum?.value ?? undefined
  if (stored.length > 0) return { value }
  const from = value === undefined ? 'it is empty' : `its ${column} ends at ${value}`
  return { value, notice: `${relationName(relation)} has no recorded watermark and is adopted as it is: ${from}` }
}

/** Whether a watermark ahead of the table is no sign of rows that were deleted by hand: the model itself leaves some out. */
function mayBeAhead({ config: { incremental } }: ModelNode, column: string): boolean {
  if (incremental === undefined) return false
  const { watermarkSource, deletes, updateWhen, updateColumns, excludeColumns } = incremental
  const isIn = (names: readonly string[]) => names.some((name) => sameName(name, column))
  const isLeft = (updateColumns !== undefined && !isIn(updateColumns)) || isIn(excludeColumns ?? [])
  return watermarkSource === 'state' || deletes?.when !== undefined || updateWhen !== undefined || isLeft
}

/** A column of an existing target whose maximum the plan has to know. */
export interface WantedMaximum {
  readonly relation: Relation
  readonly column: Column
  readonly stored: string | undefined
}

/** The maxima that planning a model needs from the warehouse; they are read in one query for all models. */
export function wantedMaxima(node: ModelNode, compiled: CompiledNode, state: WarehouseState): readonly WantedMaximum[] {
  const relation = compiled.relation && storageOf(node, compiled.relation)
  const present = relation === undefined ? undefined : state.find(relation)
  if (relation === undefined || present?.kind !== 'table') return []
  const stored = state.stored(relation)
  return watermarkColumns(node, compiled).flatMap(({ name }) => {
    const column = findColumn(present.columns, name)
    if (column === undefined) return []
    const value = stored.find((row) => row.column.toLowerCase() === name.toLowerCase())?.value ?? undefined
    return [{ relation, column, stored: value }]
  })
}
