import { setTimeout as sleep } from 'node:timers/promises'
import { concat, type FftError, type Relation, type Sql, sqlText } from '../../core/index.js'
import { cancelledError } from '../error-place.js'
import type {
  Column,
  ColumnBatch,
  Connection,
  Executed,
  LockRequest,
  QueryResult,
  SeedRequest,
  Written,
} from '../types.js'
import { between } from './between.js'
import { abortedError, errorOf, lockedError, Shifted, unknownCommit, waitedError } from './connection-errors.js'
import { isLost, serverError } from './errors.js'
import { loadBatches } from './load.js'
import { holderText, lockHolder, lockNotFree, tryLock, waitForLock } from './locks.js'
import { columnsOf, textRows, written } from './results.js'
import { loadSeed } from './seeds.js'
import { FailedText, type RawResult, type Session } from './session.js'
import { openStream, type RowStream } from './stream.js'

/** What a connection needs of its warehouse. */
export interface Host {
  /** A session of the connection's own; an idle one, or a new one. */
  acquire(): Promise<Session>
  release(session: Session): Promise<void>
  /** Stops what the session's server process does, from another session. */
  cancel(session: Session): Promise<void>
  /** Names of types that are not built in. */
  nameTypes(session: Session, fields: RawResult['fields']): Promise<readonly string[]>
  readonly lockTimeout: string | undefined
  closed(connection: PostgresConnection): void
}

/**
 * One connection to the server. Statements run one after the other, in the order of the calls; an open stream must end
 * before the next statement. A session that was lost outside a transaction is replaced.
 */
export class PostgresConnection implements Connection {
  readonly #host: Host
  #session: Session | undefined
  #last: Promise<void> = Promise.resolve()
  /** Of the running statement and of those that wait for their turn. */
  readonly #pending = new Set<AbortController>()
  #stream: RowStream | undefined
  #inTransaction = false
  /** `begin` and the lock travel with the first statement behind them. */
  #unsent: { readonly lock: LockRequest | undefined } | undefined
  #failed: FftError | undefined
  #closed = false
  #cancelling: Promise<void> = Promise.resolve()
  /** Columns of a staged relation, which came with the statement that staged it. */
  #staged: { readonly select: string; readonly columns: readonly Column[] } | undefined

  constructor(host: Host) {
    this.#host = host
  }

  execute(sql: Sql): Promise<Written> {
    return this.#inTurn(sql, async (session) => {
      const text = sqlText(sql)
      const results = await this.#send(session, text)
      await this.#noteStaged(session, text, results)
      return written(results)
    })
  }

  /** Statements behind one another travel in one message. */
  executeAll(statements: readonly Sql[]): Promise<readonly Executed[]> {
    return this.#inTurn(concat(...statements.flatMap((sql) => [sql, between])), async (session) => {
      const began = performance.now()
      const texts = statements.map(sqlText)
      const parts = await this.#sendAll(session, texts)
      let last = began
      const executed: Executed[] = []
      for (const [index, results] of parts.entries()) {
        await this.#noteStaged(session, texts[index] ?? '', results)
        const ended = results.at(-1)?.endedMs ?? last
        executed.push({ ...written(results), durationMs: ended - last })
        last = ended
      }
      return executed
    })
  }

  query(sql: Sql): Promise<QueryResult> {
    return this.#inTurn(sql, async (session) => {
      const result = (await this.#send(session, sqlText(sql))).at(-1)
      if (result === undefined) return { columns: [], rows: [] }
      const types = await this.#host.nameTypes(session, result.fields)
      return { columns: columnsOf(result.fields, types), rows: textRows(result) }
    })
  }

  describe(select: Sql): Promise<readonly Column[]> {
    return this.#inTurn(select, async (session) => {
      const text = sqlText(select)
      if (this.#staged?.select === text) return this.#staged.columns
      await this.#sendBegin(session)
      const fields = await session.fields(text)
      return columnsOf(fields, await this.#host.nameTypes(session, fields))
    })
  }

  async *stream(sql: Sql): AsyncGenerator<ColumnBatch> {
    const stream = await this.#inTurn(sql, async (session) => {
      await this.#sendBegin(session)
      const opened = await openStream(session, sqlText(sql))
      this.#stream = opened
      return opened
    })
    try {
      for (;;) {
        const batch = await this.#guard(sql, () => stream.next())
        if (batch === undefined) return
        yield batch
      }
    } finally {
      await this.#endStream()
    }
  }

  load(into: Relation, columns: readonly Column[], batches: AsyncIterable<ColumnBatch>): Promise<number> {
    return this.#inTurn(undefined, async (session, signal) => {
      await this.#sendBegin(session)
      return loadBatches({ session, signal }, { into, columns }, batches)
    })
  }

  loadSeed(
    request: SeedRequest,
    into: Relation,
  ): Promise<{ readonly rows: number; readonly columns: readonly Column[] }> {
    return this.#inTurn(undefined, async (session, signal) => {
      await this.#sendBegin(session)
      const load = () => loadSeed({ session, signal }, request, into)
      return this.#inTransaction ? load() : atomically(session, load)
    })
  }

  async begin(lock?: LockRequest): Promise<void> {
    await this.#inTurn(undefined, async () => {
      this.#inTransaction = true
      this.#unsent = { lock }
      this.#failed = undefined
    })
  }

  async commit(): Promise<void> {
    const failed = this.#failed
    if (failed !== undefined) {
      await this.rollback()
      throw abortedError(failed)
    }
    if (this.#unsent !== undefined) return this.#endTransaction()
    try {
      await this.#inTurn(undefined, (session) => this.#commit(session))
      this.#endTransaction()
    } catch (error) {
      await this.rollback()
      throw error
    }
  }

  async rollback(): Promise<void> {
    try {
      await this.#endStream()
      if (this.#inTransaction && this.#unsent === undefined) {
        await this.#inTurn(undefined, async (session) => {
          if (!session.isLost) await session.run('rollback')
        })
      }
    } catch {
      // A session that cannot roll back is not used again: its end rolls back.
      this.#session?.client.end().catch(() => {})
    }
    this.#endTransaction()
  }

  async cancel(): Promise<void> {
    const cancelled = [...this.#pending]
    for (const statement of cancelled) statement.abort()
    const session = this.#session
    if (session === undefined) return
    const isOpen = () => cancelled.some((statement) => this.#pending.has(statement)) || this.#stream?.isOpen === true
    const cancelling = this.#repeatCancel(session, isOpen)
    // What is sent next waits, or it would be hit in place of the statement that was meant.
    this.#cancelling = cancelling.catch(() => {})
    await this.#cancelling
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.cancel()
    await this.#endStream()
    await this.#last
    const session = this.#session
    this.#session = undefined
    this.#host.closed(this)
    if (session === undefined) return
    if (this.#inTransaction) await session.run('rollback').catch(() => session.end())
    await this.#host.release(session)
  }

  async #repeatCancel(session: Session, isOpen: () => boolean): Promise<void> {
    for (let waitMs = 20; isOpen() && !session.isLost; waitMs = Math.min(waitMs * 2, 500)) {
      await this.#host.cancel(session)
      await sleep(waitMs)
    }
  }

  /** Sends a text, behind `begin` and the lock when they are still to be sent. */
  async #send(session: Session, text: string): Promise<readonly RawResult[]> {
    const unsent = this.#unsent
    if (unsent === undefined) return session.run(text)
    this.#unsent = undefined
    const before = beginText(unsent.lock)
    try {
      return (await session.run(before + text)).slice(unsent.lock === undefined ? 1 : 2)
    } catch (thrown) {
      if (unsent.lock === undefined || !isLockRefusal(thrown)) throw new Shifted(thrown, before)
      await this.#waitForLock(session, unsent.lock, thrown)
      throw waitedError(unsent.lock)
    }
  }

  async #sendAll(session: Session, texts: readonly string[]): Promise<readonly (readonly RawResult[])[]> {
    const unsent = this.#unsent
    if (unsent === undefined) return session.runAll(texts)
    this.#unsent = undefined
    const before = beginText(unsent.lock)
    try {
      const [first = [], ...rest] = await session.runAll(
        texts.map((text, index) => (index === 0 ? before + text : text)),
      )
      return [first.slice(unsent.lock === undefined ? 1 : 2), ...rest]
    } catch (thrown) {
      const error = thrown instanceof FailedText ? thrown.error : thrown
      if (unsent.lock === undefined || !isLockRefusal(error)) throw new Shifted(thrown, before)
      await this.#waitForLock(session, unsent.lock, error)
      throw waitedError(unsent.lock)
    }
  }

  async #sendBegin(session: Session): Promise<void> {
    if (this.#unsent !== undefined) await this.#send(session, '')
  }

  async #waitForLock(session: Session, lock: LockRequest, refused: unknown): Promise<void> {
    await session.run('rollback')
    const [found] = await session.run(lockHolder(lock.relation))
    const holder = holderText(found?.rows[0] ?? [])
    if (lock.waitMs <= 0) throw lockedError(lock, holder, refused)
    lock.onWait(holder)
    await session.run('begin')
    try {
      await session.run(waitForLock(lock.relation, lock.waitMs, this.#host.lockTimeout))
    } catch (thrown) {
      throw serverError(thrown).code === '55P03' ? lockedError(lock, holder, thrown) : thrown
    }
  }

  async #commit(session: Session): Promise<void> {
    try {
      const [result] = await session.run('commit')
      if (result?.command !== 'COMMIT') throw new Error('COMMIT ended with a rollback: this is a bug in fft')
    } catch (thrown) {
      throw isLost(thrown) ? unknownCommit(thrown) : thrown
    }
  }

  #endTransaction(): void {
    this.#inTransaction = false
    this.#unsent = undefined
    this.#failed = undefined
    this.#staged = undefined
  }

  async #endStream(): Promise<void> {
    const stream = this.#stream
    if (stream === undefined) return
    await stream.end()
    if (this.#stream === stream) this.#stream = undefined
  }

  async #noteStaged(session: Session, text: string, results: readonly RawResult[]): Promise<void> {
    const select = stagedSelect(text)
    const last = results.at(-1)
    if (select === undefined || last === undefined) return
    this.#staged = { select, columns: columnsOf(last.fields, await this.#host.nameTypes(session, last.fields)) }
  }

  async #current(): Promise<Session> {
    if (this.#session?.isLost === true && !this.#inTransaction) {
      await this.#host.release(this.#session)
      this.#session = undefined
    }
    this.#session ??= await this.#host.acquire()
    return this.#session
  }

  #inTurn<T>(sql: Sql | undefined, task: (session: Session, signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('the connection is closed')
    // Waiting for the stream would wait for ever when its reader is the one that asks.
    if (this.#stream !== undefined) throw new Error('a statement was sent before the stream on its connection ended')
    const before = this.#last
    const result = this.#guard(sql, async (signal) => {
      await before
      if (signal.aborted) throw cancelledError(sql)
      await this.#cancelling
      return task(await this.#current(), signal)
    })
    this.#last = result.then(
      () => {},
      () => {},
    )
    return result
  }

  /** Makes a task cancellable, its errors FftErrors, and a transaction remember them. */
  async #guard<T>(sql: Sql | undefined, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const statement = new AbortController()
    this.#pending.add(statement)
    try {
      return await task(statement.signal)
    } catch (thrown) {
      const error = statement.signal.aborted && !isLost(thrown) ? cancelledError(sql, thrown) : errorOf(thrown, sql)
      if (this.#inTransaction) this.#failed ??= error
      throw error
    } finally {
      this.#pending.delete(statement)
    }
  }
}

async function atomically<T>(session: Session, task: () => Promise<T>): Promise<T> {
  await session.run('begin')
  try {
    const value = await task()
    await session.run('commit')
    return value
  } catch (error) {
    await session.run('rollback')
    throw error
  }
}

function beginText(lock: LockRequest | undefined): string {
  return lock === undefined ? 'begin;' : `begin;${tryLock(lock.relation)};`
}

function isLockRefusal(thrown: unknown): boolean {
  return serverError(thrown).message.includes(lockNotFree)
}

/** The SELECT that asks for the columns of a relation that the text stages (`stage` in statements.ts). */
function stagedSelect(text: string): string | undefined {
  if (!text.startsWith('create temp table ')) return undefined
  return /;\n(select \* from .+) limit 0$/.exec(text)?.[1]
}
