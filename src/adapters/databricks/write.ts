import { type Relation, type Sql, sqlText } from '../../core/index.js'
import type { Written } from '../types.js'
import { commitSettings } from './commit-settings.js'
import { withColumnMapping } from './delta-table.js'
import { engineErrorOf } from './errors.js'
import { history, insertOnce } from './insert-once.js'
import { isOwnInsert, isReplayable } from './script.js'
import type { Row, ServerSession } from './session.js'

/**
 * Runs one statement and gives the rows that it wrote: from its result where the engine tells them, from the table's
 * history when they are asked for. Of a merge `rowsAffected` is what it put in, updated rows among them.
 */
export async function written(session: ServerSession, sql: Sql, rowsOf: Relation | undefined): Promise<Written> {
  if (rowsOf !== undefined && isOwnInsert(sql)) return { rowsAffected: await insertedRows(session, sql, rowsOf) }
  const [row] = await run(session, sql)
  const [updated, deleted, inserted] = ['updated', 'deleted', 'inserted'].map((what) =>
    numberIn(row, `num_${what}_rows`),
  )
  if (updated !== undefined && deleted !== undefined && inserted !== undefined) {
    return { rowsAffected: inserted + updated, counted: { updated, replaced: updated + deleted } }
  }
  const told = numberIn(row, 'num_affected_rows')
  if (told !== undefined || rowsOf === undefined) return { rowsAffected: told ?? 0 }
  return { rowsAffected: metricRows((await historyOf(session, rowsOf))[0]) }
}

/** An INSERT of no rows makes no commit, so only a newer one than the newest before it is its own. */
async function insertedRows(session: ServerSession, sql: Sql, into: Relation): Promise<number> {
  const [before] = await historyOf(session, into)
  const metadata = session.setting(commitSettings.metadata)
  if (before !== undefined && metadata !== undefined) {
    const insertion = { sql: sqlText(sql), into, metadata, version: Number(before.version) }
    return metricRows(await insertOnce(session, insertion))
  }
  await run(session, sql)
  const [after] = before === undefined ? [] : await historyOf(session, into)
  return after?.version === before?.version ? 0 : metricRows(after)
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

/** The newest commit; none for tables of other formats, whose runs then have no counts. */
async function historyOf(session: ServerSession, table: Relation): Promise<readonly Row[]> {
  try {
    return await history(session, table, 1)
  } catch (thrown) {
    if (engineErrorOf(thrown)?.errorClass === 'DELTA_ONLY_OPERATION') return []
    throw thrown
  }
}

/** Rows that an operation wrote, by its metrics. */
function metricRows(version: Row | undefined): number {
  const metrics: unknown = version?.operationMetrics
  const parsed: unknown = typeof metrics === 'string' ? JSON.parse(metrics) : metrics
  return typeof parsed === 'object' && parsed !== null ? (numberIn(parsed as Row, 'numOutputRows') ?? 0) : 0
}

function numberIn(row: Row | undefined, key: string): number | undefined {
  const value = row?.[key]
  if (value === undefined || value === null) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}
