import type { FieldDef, Submittable } from 'pg'
import { type Deferred, deferred, type Handlers, type RawRow, type Wire, wireOf } from './wire.js'

/** Rows that the server sends at once; it waits with the next ones until they are asked for. */
const rowsAtOnce = 2_000

/** A query whose rows are fetched in parts, so that neither side holds all of them. */
export class PortalQuery implements Handlers {
  readonly #text: string
  readonly #fields = deferred<readonly FieldDef[]>()
  readonly #ended = deferred<void>()
  #wire: Wire | undefined
  #rows: RawRow[] = []
  #part: Deferred<readonly RawRow[]> | undefined
  #state: 'running' | 'suspended' | 'complete' | 'failed' = 'running'

  constructor(text: string) {
    this.#text = text
  }

  get fields(): Promise<readonly FieldDef[]> {
    return this.#fields.promise
  }

  submit(connection: Parameters<Submittable['submit']>[0]): void {
    const wire = wireOf(connection)
    this.#wire = wire
    this.#part = deferred()
    wire.stream.cork()
    wire.parse({ text: this.#text, name: '' })
    wire.bind({ portal: '' })
    wire.describe({ type: 'P', name: '' })
    wire.execute({ portal: '', rows: rowsAtOnce })
    wire.flush()
    wire.stream.uncork()
  }

  /** The next rows; none: that was all. The part behind them is fetched while they are worked on. */
  async next(): Promise<readonly RawRow[]> {
    const part = this.#part
    if (part === undefined) return []
    const rows = await part.promise
    if (this.#state === 'suspended') this.#fetch()
    else this.#part = undefined
    return rows
  }

  /** Ends the query, read to its end or not; its connection can be used again then. */
  async end(): Promise<void> {
    if (this.#state === 'running') await this.#part?.promise.catch(() => {})
    if (this.#state === 'suspended') this.#sync()
    await this.#ended.promise
  }

  #fetch(): void {
    this.#state = 'running'
    this.#part = deferred()
    this.#wire?.execute({ portal: '', rows: rowsAtOnce })
    this.#wire?.flush()
  }

  #sync(): void {
    this.#state = 'complete'
    this.#wire?.sync()
  }

  #deliver(): void {
    const rows = this.#rows
    this.#rows = []
    this.#part?.resolve(rows)
  }

  handleRowDescription({ fields }: { readonly fields: FieldDef[] }): void {
    this.#fields.resolve(fields)
  }
  handleDataRow({ fields }: { readonly fields: RawRow }): void {
    this.#rows.push(fields)
  }
  handlePortalSuspended(): void {
    this.#state = 'suspended'
    this.#deliver()
  }
  handleCommandComplete(): void {
    // A statement without rows has no columns either.
    this.#fields.resolve([])
    this.#sync()
    this.#deliver()
  }
  handleEmptyQuery(): void {
    this.handleCommandComplete()
  }
  handleReadyForQuery(): void {
    this.#ended.resolve()
  }
  handleError(error: unknown): void {
    this.#state = 'failed'
    this.#wire?.sync()
    this.#fields.reject(error)
    this.#part?.reject(error)
    this.#ended.resolve()
  }
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}
