import { FftError, type Relation, type Sql, sqlText } from '../../core/index.js'
import { cancelledError } from '../error-place.js'
import type { Column, ColumnBatch, Connection, QueryResult, SeedRequest, Written } from '../types.js'
import { toFftError } from './errors.js'
import { loadBatches } from './load.js'
import { describe, openStream, readText } from './read.js'
import { isReplayable, isSetting, statementsOf } from './script.js'
import { loadSeed } from './seeds.js'
import type { ServerSession } from './session.js'
import type { TableFormat } from './settings.js'
import { written } from './write.js'

/** One session of the server. Statements run one after the other; each is kept or lost by itself. */
export class DatabricksConnection implements Connection {
  readonly #session: ServerSession
  readonly #tableFormat: TableFormat
  readonly #onClose: (connection: DatabricksConnection) => Promise<void>
  #last: Promise<void> = Promise.resolve()
  /** Of the running statement and of those that wait for their turn. */
  readonly #pending = new Set<AbortController>()
  #isStreaming = false
  #isClosed = false

  constructor(
    session: ServerSession,
    tableFormat: TableFormat,
    onClose: (connection: DatabricksConnection) => Promise<void>,
  ) {
    this.#session = session
    this.#tableFormat = tableFormat
    this.#onClose = onClose
  }

  get session(): ServerSession {
    return this.#session
  }

  async execute(sql: Sql, rowsOf?: Relation): Promise<Written> {
    const statements = statementsOf(sql)
    if (statements.every((statement) => isSetting(sqlText(statement)))) {
      await this.#inTurn(sql, () => Promise.all(statements.map((each) => this.#session.rows(sqlText(each)))))
      return { rowsAffected: 0 }
    }
    let rowsAffected = 0
    let counted: Written['counted']
    for (const [index, statement] of statements.entries()) {
      const asked = index === statements.length - 1 ? rowsOf : undefined
      const result = await this.#inTurn(statement, () => written(this.#session, statement, asked))
      rowsAffected += result.rowsAffected
      counted = result.counted ?? counted
    }
    return { rowsAffected, ...(counted === undefined ? {} : { counted }) }
  }

  async query(sql: Sql): Promise<QueryResult> {
    const statements = statementsOf(sql)
    for (const statement of statements.slice(0, -1)) {
      await this.#inTurn(statement, () =>
        this.#session.rows(sqlText(statement), { isReplayable: isReplayable(statement) }),
      )
    }
    const last = statements.at(-1)
    return last === undefined ? { columns: [], rows: [] } : this.#inTurn(last, () => readText(this.#session, last))
  }

  describe(select: Sql): Promise<readonly Column[]> {
    return this.#inTurn(select, () => describe(this.#session, select))
  }

  async *stream(sql: Sql): AsyncGenerator<ColumnBatch> {
    const stream = await this.#inTurn(sql, async () => {
      const opened = await openStream(this.#session, sql)
      this.#isStreaming = true
      return opened
    })
    try {
      for (;;) {
        const next = await this.#guard(sql, () => stream.next())
        if (next.done === true) return
        yield next.value
      }
    } finally {
      await stream.return(undefined)
      this.#isStreaming = false
    }
  }

  load(into: Relation, columns: readonly Column[], batches: AsyncIterable<ColumnBatch>): Promise<number> {
    return this.#inTurn(undefined, (signal) => loadBatches({ session: this.#session, signal }, into, columns, batches))
  }

  loadSeed(
    request: SeedRequest,
    into: Relation,
  ): Promise<{ readonly rows: number; readonly columns: readonly Column[] }> {
    return this.#inTurn(undefined, (signal) =>
      loadSeed({ session: this.#session, signal, tableFormat: this.#tableFormat }, request, into),
    )
  }

  /** The server has no transactions of several statements: each statement is one. */
  async begin(): Promise<void> {}

  async commit(): Promise<void> {}

  async rollback(): Promise<void> {}

  async cancel(): Promise<void> {
    for (const statement of this.#pending) statement.abort()
    if (this.#pending.size > 0 || this.#isStreaming) await this.#session.cancel()
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.cancel()
    await this.#onClose(this)
  }

  async #inTurn<T>(sql: Sql | undefined, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new Error('the connection is closed')
    // Waiting for the stream would wait for ever when its reader is the one that asks.
    if (this.#isStreaming) throw new Error('a statement was sent before the stream on its connection ended')
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

  /** Makes a task cancellable and its errors FftErrors. */
  async #guard<T>(sql: Sql | undefined, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const statement = new AbortController()
    this.#pending.add(statement)
    try {
      return await task(statement.signal)
    } catch (thrown) {
      if (statement.signal.aborted) throw cancelledError(sql, thrown)
      throw thrown instanceof FftError ? thrown : toFftError(thrown, sql)
    } finally {
      this.#pending.delete(statement)
    }
  }
}
