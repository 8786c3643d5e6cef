import type { ColumnBatch, Connection } from '../adapters/index.js'
import { type Sql, text } from '../core/index.js'

/**
 * The connections that a model reads its inputs with: one for each input that is being read, because a stream needs a
 * connection for itself. Idle ones are used again.
 */
export class Readers {
  readonly #openReader: () => Promise<Connection>
  readonly #idle: Connection[] = []
  readonly #busy = new Set<Connection>()
  readonly #onRows: (rows: number) => void
  #isClosed = false

  /** `onRows` is told how many rows each batch has. */
  constructor(openReader: () => Promise<Connection>, onRows: (rows: number) => void = () => {}) {
    this.#openReader = openReader
    this.#onRows = onRows
  }

  /** Reads a relation from its first row to its last, or until the caller stops. */
  async *read(relationSql: string): AsyncGenerator<ColumnBatch, void, undefined> {
    const connection = await this.#take()
    let isWhole = false
    try {
      for await (const batch of connection.stream(selectAll(relationSql))) {
        this.#onRows(batch.values[0]?.length ?? 0)
        yield batch
      }
      isWhole = true
    } finally {
      if (this.#busy.delete(connection)) await this.#release(connection, isWhole)
    }
  }

  /** Stops what is being read and closes every connection. */
  async close(): Promise<void> {
    this.#isClosed = true
    const busy = [...this.#busy]
    this.#busy.clear()
    await Promise.all(busy.map((connection) => connection.cancel()))
    await Promise.all([...busy, ...this.#idle.splice(0)].map((connection) => connection.close()))
  }

  async #release(connection: Connection, isWhole: boolean): Promise<void> {
    // After an early end nobody knows what is still on its way, so that connection is not used again.
    if (isWhole && !this.#isClosed) this.#idle.push(connection)
    else await connection.close()
  }

  async #take(): Promise<Connection> {
    if (this.#isClosed) throw new Error('the model has ended: its inputs can no longer be read')
    const connection = this.#idle.pop() ?? (await this.#openReader())
    if (this.#isClosed) {
      await connection.close()
      throw new Error('the model has ended: its inputs can no longer be read')
    }
    this.#busy.add(connection)
    return connection
  }
}

/** The query for everything in a relation. */
export function selectAll(relationSql: string): Sql {
  return text(`select * from ${relationSql}`)
}
