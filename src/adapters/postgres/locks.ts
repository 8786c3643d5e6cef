import { type Relation, relationName, text } from '../../core/index.js'
import { quoteText } from '../names.js'
import type { Statement } from '../types.js'

/** What the error of a lock that somebody else holds says; nobody else's message begins like this. */
export const lockNotFree = 'fft: the lock is not free'

/** Waits for the other batches of a relation; held until the transaction ends. */
export function takeTurn(relation: Relation): Statement {
  const sql = text(`select pg_advisory_xact_lock(${lockKey(relation, 'fft turn')})`)
  return { sql, note: 'wait for the turn to write' }
}

/** The advisory lock of a relation, as an argument of the lock functions. */
function lockKey(relation: Relation, purpose = 'fft'): string {
  return `hashtextextended(${quoteText(`${purpose} ${relationName({ schema: relation.schema, identifier: relation.identifier })}`)}, 0)`
}

/**
 * Takes a relation's lock until the transaction ends, or fails with `lockNotFree`: an error keeps the statements that
 * were sent behind it in the same message from running. The pid keeps the planner from evaluating the cast beforehand.
 */
export function tryLock(relation: Relation): string {
  const taken = `pg_try_advisory_xact_lock(${lockKey(relation)})`
  return `select case when ${taken} then 1 else cast('${lockNotFree} ' || pg_backend_pid() as integer) end`
}

/** Waits for it that long; the profile's own limit holds again afterwards. */
export function waitForLock(relation: Relation, waitMs: number, usual: string | undefined): string {
  const limit = `set local lock_timeout = ${Math.max(1, Math.round(waitMs))}`
  const restored = `set local lock_timeout to ${usual === undefined ? 'default' : quoteText(usual)}`
  return `${limit}; select pg_advisory_xact_lock(${lockKey(relation)}); ${restored}`
}

/** Who holds it: process, program, user, address. */
export function lockHolder(relation: Relation): string {
  const key = lockKey(relation)
  return `select activity.pid, activity.application_name, activity.usename, activity.client_addr::text, activity.xact_start::text
from pg_locks as lock join pg_stat_activity as activity on activity.pid = lock.pid
where lock.locktype = 'advisory' and lock.granted and lock.objsubid = 1
  and lock.database = (select oid from pg_database where datname = current_database())
  and (lock.classid::bigint << 32 | lock.objid::bigint) = ${key}
limit 1`
}

/** The holder in words, from the row of `lockHolder`. */
export function holderText([pid, program, user, address]: readonly (string | null)[]): string {
  if (pid === undefined || pid === null) return 'another session'
  const from = address === undefined || address === null ? '' : ` from ${address.replace(/\/\d+$/, '')}`
  return `${program || 'a session'} of ${user ?? 'unknown'}${from} (pid ${pid})`
}
