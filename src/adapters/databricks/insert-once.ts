import { FftError, type Relation, relationName } from '../../core/index.js'
import { commitSettings, resetStatement, setStatement } from './commit-settings.js'
import { relation } from './names.js'
import type { Row, ServerSession } from './session.js'

const mostAttempts = 5
/** Commits of others, or an OPTIMIZE, may stand before the session's own. */
const lookedAt = 20

export interface Insertion {
  readonly sql: string
  readonly into: Relation
  /** What the commit will carry, by which it is found again. */
  readonly metadata: string
  /** The newest version of the table. */
  readonly version: number
}

/**
 * Inserts rows once, however often the statement has to be sent, and gives what the history says of it; undefined when
 * there was nothing to insert. The commit carries the table's version as a number by which Delta passes over a second
 * one: it only grows, and is no clock's. When another session took the same number meanwhile, the rows are missing in
 * the history, and are inserted with the next one.
 */
export async function insertOnce(session: ServerSession, insertion: Insertion): Promise<Row | undefined> {
  const { sql, into, metadata } = insertion
  let { version } = insertion
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    await insert(session, sql, { appId: `fft ${relationName(into)}`, version })
    const since = (await history(session, into, lookedAt)).filter((commit) => Number(commit.version) > version)
    const own = since.find((commit) => commit.userMetadata === metadata)
    if (own !== undefined || since.length === 0) return own
    version = Number(since[0]?.version)
  }
  throw new FftError(`other sessions write ${relationName(into)} again and again`, {
    code: 'write-conflict',
    hint: 'nothing was inserted: run again',
  })
}

async function insert(session: ServerSession, sql: string, token: { appId: string; version: number }): Promise<void> {
  const { appId, version } = commitSettings
  await session.rows(setStatement(appId, token.appId))
  try {
    await session.rows(setStatement(version, String(token.version)))
    await session.rows(sql, { isReplayable: true })
  } finally {
    // While they are set, Delta passes over every further write of the session to the table.
    for (const key of [version, appId]) await session.rows(resetStatement(key)).catch(() => {})
  }
}

/** The newest commits of a table, the newest first. */
export function history(session: ServerSession, table: Relation, limit: number): Promise<readonly Row[]> {
  return session.rows(`describe history ${relation(table)} limit ${limit}`)
}
