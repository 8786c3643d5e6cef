import { FftError, relationName, type Sql } from '../../core/index.js'
import type { LockRequest } from '../types.js'
import { type Sent, toFftError } from './errors.js'
import { FailedText } from './session.js'

/** An error of a text that had something in front of it. */
export class Shifted extends Error {
  readonly thrown: unknown
  readonly before: number

  constructor(thrown: unknown, before: string) {
    super('a statement failed behind its begin')
    this.thrown = thrown
    this.before = [...before].length
  }
}

/** An error of whatever kind as it is thrown to whoever called. */
export function errorOf(thrown: unknown, sql: Sql | undefined): FftError {
  const [outer, before] = thrown instanceof Shifted ? [thrown.thrown, thrown.before] : [thrown, 0]
  const [cause, index] = outer instanceof FailedText ? [outer.error, outer.index] : [outer, undefined]
  if (sql === undefined) return toFftError(cause)
  const sent: Sent = index === undefined ? { sql, before } : { sql, before, index }
  return toFftError(cause, sent)
}

/** `relation-locked`, with who holds the lock. */
export function lockedError({ relation, waitMs }: LockRequest, holder: string, cause: unknown): FftError {
  const name = relationName(relation)
  const waited = waitMs > 0 ? ` after ${Math.round(waitMs / 1000)} s` : ''
  return new FftError(`another run is building ${name}${waited}: ${holder} holds its lock`, {
    code: 'relation-locked',
    hint: 'wait until it has ended, or wait longer with --wait-lock SECONDS',
    cause,
  })
}

/** What the transaction was planned from may be no more; who began it was told of the waiting. */
export function waitedError({ relation }: LockRequest): FftError {
  return new FftError(`another run has just built ${relationName(relation)}`, {
    code: 'lock-waited',
    hint: 'run again',
  })
}

/** `commit-unknown`: the answer to the COMMIT never came. */
export function unknownCommit(cause: unknown): FftError {
  return new FftError('the connection to Postgres was lost while the transaction was committed', {
    code: 'commit-unknown',
    hint: 'whether it was kept is not known: run again, which applies the same rows only once',
    cause,
  })
}

/** `transaction-aborted`: the COMMIT of a transaction in which a statement had failed. */
export function abortedError(failed: FftError): FftError {
  // The server answers the COMMIT of a failed transaction with ROLLBACK and keeps nothing.
  return new FftError(`the transaction was rolled back, because a statement in it failed: ${failed.message}`, {
    code: 'transaction-aborted',
    hint: failed.hint,
    span: failed.span,
    statement: failed.statement,
    cause: failed,
  })
}
