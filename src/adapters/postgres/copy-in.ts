import type { FieldDef, Submittable } from 'pg'
import { deferred, type Handlers, type Wire, wireOf } from './wire.js'

/** Bytes that the protocol wants in front of each message of rows. */
export const headerBytes = 5

const copyData = 0x64

/** A `copy … from stdin` that is fed with bytes. */
export class CopyIn implements Handlers {
  readonly #text: string
  readonly #ready = deferred<void>()
  readonly #done = deferred<number>()
  #wire: Wire | undefined
  #rows = 0
  #failure: { readonly error: unknown } | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** The server waits for rows. Rejects with what it has against the statement. */
  get ready(): Promise<void> {
    return this.#ready.promise
  }

  submit(connection: Parameters<Submittable['submit']>[0]): void {
    this.#wire = wireOf(connection)
    this.#wire.query(this.#text)
  }

  /**
   * Sends a message whose first `headerBytes` bytes are free, and waits while the server is behind. Throws what the
   * server has against rows that it read. The message belongs to the connection from then on.
   */
  async send(message: Buffer): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error
    const stream = this.#wire?.stream
    if (stream === undefined || !stream.writable) return
    message[0] = copyData
    message.writeInt32BE(message.length - 1, 1)
    if (stream.write(message)) return
    // Also ends when the server refuses a row or the connection is lost.
    await Promise.race([drained(stream), this.#done.promise.then(() => {})])
  }

  /** Ends well; gives the rows that the server took. */
  finish(): Promise<number> {
    if (this.#failure === undefined) this.#wire?.endCopyFrom()
    return this.#done.promise
  }

  /** Gives up: nothing of it stays. */
  async abort(): Promise<void> {
    if (this.#failure === undefined) this.#wire?.sendCopyFail('given up')
    await this.#done.promise.catch(() => {})
  }

  handleCopyInResponse(): void {
    this.#ready.resolve()
  }
  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0)
  }
  handleReadyForQuery(): void {
    this.#ready.resolve()
    this.#done.resolve(this.#rows)
  }
  handleError(error: unknown): void {
    this.#failure = { error }
    this.#ready.reject(error)
    this.#done.reject(error)
  }
  handleRowDescription(_message: { readonly fields: FieldDef[] }): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}
}

function drained(stream: Wire['stream']): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stream.off('drain', end)
      stream.off('close', end)
      resolve()
    }
    stream.on('drain', end)
    stream.on('close', end)
  })
}
