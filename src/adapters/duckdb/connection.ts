import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBConnection as NativeConnection } from '@duckdb/node-api'
import { concat, FftError, type Relation, type Sql, sqlText } from '../../core/index.js'
import type { Column, ColumnBatch, Connection, QueryResult, SeedRequest, Written } from '../types.js'
import type { Driver } from './driver.js'
import { cancelledError, toFftError } from './errors.js'
import { loadBatches } from './load.js'
import { loadSeed } from './seeds.js'
import { openStream, type RowStream, readText, runCounting } from './statements-run.js'

/**
 * One connection to a DuckDB instance. Statements run one after the other, in the order of the calls; an open stream
 * must end before the next statement (read from another connection while this one writes).
 */
export class DuckDbConnection implements Connection {
  readonly #driver: Driver
  readonly #native: NativeConnection
  readonly #onClose: (connection: DuckDbConnection) => void
  #last: Promise<void> = Promise.resolve()
  /** Of the running statement and of those that wait for their turn. */
  readonly #pending = new Set<AbortController>()
  #stream: RowStream | undefined
  #inTransaction = false
  #failed: FftError | undefined
  #closed = false
  /** While it is set, nothing is interrupted. */
  #isShielded = false

  constructor(driver: Driver, native: NativeConnection, onClose: (connection: DuckDbConnection) => void = () => {}) {
    this.#driver = driver
    this.#native = native
    this.#onClose = onClose
  }

  execute(sql: Sql): Promise<Written> {
    return this.#inTurn(sql, () => runCounting(this.#driver, this.#native, sqlText(sql)))
  }

  query(sql: Sql): Promise<QueryResult> {
    return this.#inTurn(sql, () => readText(this.#driver, this.#native, sqlText(sql)))
  }

  async describe(select: Sql): Promise<readonly Column[]> {
    const { rows } = await this.query(concat('describe ', select))
    return rows.map(([name, type]) => ({ name: name ?? '', type: type ?? '' }))
  }

  async *stream(sql: Sql): AsyncGenerator<ColumnBatch> {
    const stream = await this.#inTurn(sql, async () => {
      const opened = await openStream(this.#driver, this.#native, sqlText(sql))
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
    const load = (signal: AbortSignal) =>
      loadBatches({ driver: this.#driver, native: this.#native, signal }, into, columns, batches)
    return this.#inTurn(undefined, (signal) =>
      this.#inTransaction ? load(signal) : this.#atomically(() => load(signal)),
    )
  }

  loadSeed(
    request: SeedRequest,
    into: Relation,
  ): Promise<{ readonly rows: number; readonly columns: readonly Column[] }> {
    return this.#inTurn(undefined, (signal) => {
      const context = { driver: this.#driver, native: this.#native, signal, inTransaction: this.#inTransaction }
      return loadSeed(context, request, into)
    })
  }

  async begin(): Promise<void> {
    await this.#inTurn(undefined, () => this.#native.run('begin transaction'))
    this.#inTransaction = true
    this.#failed = undefined
  }

  async commit(): Promise<void> {
    const failed = this.#failed
    if (failed !== undefined) {
      await this.rollback()
      throw abortedError(failed)
    }
    try {
      await this.#inTurn(undefined, () => this.#native.run('commit'))
      this.#inTransaction = false
    } catch (error) {
      await this.rollback()
      throw error
    }
  }

  async rollback(): Promise<void> {
    try {
      await this.#endStream()
      await this.#inTurn(undefined, () => this.#rollBack())
    } catch {
      // Outside a transaction, or after one that the engine itself has ended, there is nothing to roll back.
    }
    this.#inTransaction = false
    this.#failed = undefined
  }

  async cancel(): Promise<void> {
    const cancelled = [...this.#pending]
    for (const statement of cancelled) statement.abort()
    this.#stream?.cancel()
    // The engine forgets an interrupt that comes between two phases of a statement (parse, plan, run): repeat it.
    while (cancelled.some((statement) => this.#pending.has(statement))) {
      if (!this.#isShielded) this.#native.interrupt()
      await sleep(5)
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.cancel()
    await this.#endStream()
    this.#native.closeSync()
    this.#onClose(this)
  }

  async #atomically<T>(task: () => Promise<T>): Promise<T> {
    await this.#native.run('begin transaction')
    try {
      const value = await task()
      await this.#native.run('commit')
      return value
    } catch (error) {
      await this.#rollBack()
      throw error
    }
  }

  /** An interrupted rollback would leave the transaction open. */
  async #rollBack(): Promise<void> {
    this.#isShielded = true
    try {
      await this.#native.run('rollback').catch((error: unknown) => {
        // The interrupt of a moment before may still have met it.
        if (toFftError(error).code !== 'cancelled') throw error
        return this.#native.run('rollback')
      })
    } finally {
      this.#isShielded = false
    }
  }

  async #endStream(): Promise<void> {
    const stream = this.#stream
    if (stream === undefined) return
    await stream.end()
    if (this.#stream === stream) this.#stream = undefined
  }

  async #inTurn<T>(sql: Sql | undefined, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('the connection is closed')
    // Waiting for the stream would wait for ever when its reader is the one that asks.
    if (this.#stream !== undefined) throw new Error('a statement was sent before the stream on its connection ended')
    const before = this.#last
    const result = this.#guard(sql, async (signal) => {
      await before
      if (signal.aborted) throw cancelledError(sql)
      return task(signal)
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
      const error = statement.signal.aborted ? cancelledError(sql, thrown) : toFftError(thrown, sql)
      if (this.#inTransaction) this.#failed ??= error
      throw error
    } finally {
      this.#pending.delete(statement)
    }
  }
}

function abortedError(failed: FftError): FftError {
  // The engine's own COMMIT reports success here and keeps nothing.
  return new FftError(`the transaction was rolled back, because a statement in it failed: ${failed.message}`, {
    code: 'transaction-aborted',
    hint: failed.hint,
    span: failed.span,
    statement: failed.statement,
    cause: failed,
  })
}
