import { type Relation, type Sql, sqlText } from '../../core/index.js'
import { withColumnMapping } from './delta-table.js'
import { engineErrorOf } from './errors.js'
import { relation } from './names.js'
import { isReplayable } from './script.js'
import type { Row, ServerSession } from './session.js'

/**
 * Runs one statement and gives the rows that it wrote: from its result where the engine tells them, from the table's
 * history when they are asked for.
 */
export async function rowsWritten(session: ServerSession, sql: Sql, rowsOf: Relation | undefined): Promise<number> {
  const rows = await run(session, sql)
  const told = numberIn(rows[0], 'num_affected_rows')
  if (told !== undefined || rowsOf === undefined) return told ?? 0
  return historyRows(session, rowsOf)
}

async function run(session: ServerSession, sql: Sql): Promise<readonly Row[]> {
  const options = { isReplayable: isReplayable(sql) }
  try {
    return await session.rows(sqlText(sql), options)
  } catch (thrown) {
    const mapped = withColumnMapping(sql)
    if (mapped === undefined || engineErrorOf(thrown)?.errorClass !== 'DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES')
      throw thrown
    return session.rows(sqlText(mapped), options)
  }
}

async function historyRows(session: ServerSession, table: Relation): Promise<number> {
  try {
    const [newest] = await session.rows(`describe history ${relation(table)} limit 1`)
    return metricRows(newest)
  } catch (thrown) {
    // Tables of other formats have no history; the run's counts then say nothing.
    if (engineErrorOf(thrown)?.errorClass === 'DELTA_ONLY_OPERATION') return 0
    throw thrown
  }
}

/** Rows that an operation wrote, by its metrics: those of a merge are counted one by one. */
function metricRows(version: Row | undefined): number {
  const metrics: unknown = version?.operationMetrics
  const parsed: unknown = typeof metrics === 'string' ? JSON.parse(metrics) : metrics
  if (typeof parsed !== 'object' || parsed === null) return 0
  const row = parsed as Row
  const merged = ['numTargetRowsInserted', 'numTargetRowsUpdated', 'numTargetRowsDeleted'].map((key) =>
    numberIn(row, key),
  )
  if (merged.some((count) => count !== undefined)) return merged.reduce<number>((sum, count) => sum + (count ?? 0), 0)
  return numberIn(row, 'numOutputRows') ?? numberIn(row, 'numDeletedRows') ?? 0
}

function numberIn(row: Row | undefined, key: string): number | undefined {
  const value = row?.[key]
  if (value === undefined || value === null) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}
