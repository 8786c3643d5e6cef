import type { StateRecord, TextRow } from '../adapters/index.js'
import { relationName } from '../core/index.js'

/** What is recorded, with what a killed run committed and did not come to record. */
export interface RepairedWatermarks {
  /** As `Dialect.readWatermarks` gives them. */
  readonly rows: readonly TextRow[]
  /** To be recorded before the run goes on. */
  readonly repairs: readonly StateRecord[]
}

/** Puts records that commits carry in the place of older rows of the state tables. */
export function repairWatermarks(rows: readonly TextRow[], committed: readonly StateRecord[]): RepairedWatermarks {
  const repairs = committed.filter((record) => record.watermarks.length > 0 && isNewer(record, rows))
  const repaired = new Set(repairs.map(({ target }) => relationName(target)))
  const kept = rows.filter(([relation]) => !repaired.has(relation ?? ''))
  return { rows: [...kept, ...repairs.flatMap(rowsOf)], repairs }
}

function isNewer({ target, runId, recordedAt }: StateRecord, rows: readonly TextRow[]): boolean {
  const name = relationName(target)
  return !rows.some(
    ([relation, , , , storedRun, , storedAt]) =>
      relation === name && (storedRun === runId || (storedAt ?? '') >= recordedAt),
  )
}

function rowsOf({ target, model, runId, action, recordedAt, watermarks }: StateRecord): readonly TextRow[] {
  return watermarks.map(({ column, value }) => {
    const text = value.kind === 'text' ? value.text : null
    return [relationName(target), model, column, text, runId, action, recordedAt]
  })
}
