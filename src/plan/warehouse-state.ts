import type { Dialect, RelationState, StateRecord } from '../adapters/index.js'
import { parseInstant, type Relation, relationName } from '../core/index.js'
import type { LedgerRow } from './windows/ledger.js'

/** A relation's newest recorded version, column by column. */
export interface StoredWatermark {
  readonly column: string
  /** Null after a reset. */
  readonly value: string | null
  readonly model: string
  readonly runId: string
  readonly action: string
  readonly recordedAt: string
}

/** The maximum of a column that is there now. */
export interface Maximum {
  readonly value: string | null
  /** The stored watermark is larger than it. */
  readonly ahead: boolean
}

/** What the warehouse holds, read once a run. */
export interface WarehouseState {
  readonly relations: readonly RelationState[]
  find(relation: Relation): RelationState | undefined
  /** Empty when nothing is recorded. */
  stored(relation: Relation): readonly StoredWatermark[]
  maximum(relation: Relation, column: string): Maximum | undefined
  /** What is recorded of a relation's windows, in order. */
  intervals(relation: Relation): readonly LedgerRow[]
  /** What commits carry and the state tables do not have yet. */
  readonly repairs: readonly StateRecord[]
}

export interface WarehouseFacts {
  readonly relations: readonly RelationState[]
  /** Rows of `readWatermarks`: relation, model, column_name, value, run_id, action, recorded_at. */
  readonly watermarks: readonly (readonly (string | null)[])[]
  readonly maxima: ReadonlyMap<string, Maximum>
  /** Rows of `readIntervals`: relation, starts_at, ends_at, status. */
  readonly intervals?: readonly (readonly (string | null)[])[]
  readonly repairs?: readonly StateRecord[]
}

/** Key of a column of a relation in `WarehouseFacts.maxima`. */
export function columnKey(relation: Relation, column: string): string {
  return `${relationName(relation)}\u0000${column.toLowerCase()}`
}

/** Makes the facts of a warehouse easy to ask. */
export function warehouseState(facts: WarehouseFacts, dialect: Dialect): WarehouseState {
  const key = (relation: Relation) => {
    const name = relationName({ schema: relation.schema, identifier: relation.identifier })
    return dialect.ignoresCase ? name.toLowerCase() : name
  }
  const relations = new Map(facts.relations.map((state) => [key(state.relation), state]))
  const stored = new Map<string, (StoredWatermark & { relation: string })[]>()
  for (const row of facts.watermarks.map(storedWatermark)) {
    stored.set(row.relation, [...(stored.get(row.relation) ?? []), row])
  }
  const intervals = new Map<string, LedgerRow[]>()
  for (const [relation, from, to, status] of facts.intervals ?? []) {
    const row = ledgerRow(from, to, status)
    if (row !== undefined) intervals.set(relation ?? '', [...(intervals.get(relation ?? '') ?? []), row])
  }
  return {
    relations: facts.relations,
    repairs: facts.repairs ?? [],
    find: (relation) => relations.get(key(relation)),
    intervals: (relation) => intervals.get(relationName(relation)) ?? [],
    stored: (relation) => stored.get(relationName(relation))?.filter((row) => row.action !== 'forget') ?? [],
    maximum: (relation, column) => facts.maxima.get(columnKey(relation, column)),
  }
}

function ledgerRow(from?: string | null, to?: string | null, status?: string | null): LedgerRow | undefined {
  if (status === 'clear') return { status, from: 0, to: 0 }
  const [start, end] = [parseInstant(from ?? ''), parseInstant(to ?? '')]
  const isKnown = status === 'done' || status === 'open'
  return isKnown && start !== undefined && end !== undefined ? { status, from: start, to: end } : undefined
}

function storedWatermark(row: readonly (string | null)[]): StoredWatermark & { relation: string } {
  const [relation, model, column, value, runId, action, recordedAt] = row
  return {
    relation: relation ?? '',
    model: model ?? '',
    column: column ?? '',
    value: value ?? null,
    runId: runId ?? '',
    action: action ?? '',
    recordedAt: recordedAt ?? '',
  }
}
