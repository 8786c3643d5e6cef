import type { Duplex } from 'node:stream'
import type { FieldDef, Submittable } from 'pg'

/** The driver's connection as far as its own cursor uses it too; the driver's types do not tell all of it. */
export interface Wire {
  readonly stream: Duplex
  query(text: string): void
  parse(query: { readonly text: string; readonly name: string }): void
  bind(config: { readonly portal: string }): void
  describe(what: { readonly type: 'S' | 'P'; readonly name: string }): void
  execute(config: { readonly portal: string; readonly rows: number }): void
  flush(): void
  sync(): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

/** The wire that the driver hands to a query of our own. */
export function wireOf(connection: Parameters<Submittable['submit']>[0]): Wire {
  return connection as unknown as Wire
}

/** A row as the server's text. */
export type RawRow = readonly (string | null)[]

/** A promise with its two ends. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(reason: unknown): void
}

export function deferred<T>(): Deferred<T> {
  const ends: { resolve: (value: T) => void; reject: (reason: unknown) => void } = {
    resolve: () => {},
    reject: () => {},
  }
  const promise = new Promise<T>((resolve, reject) => {
    ends.resolve = resolve
    ends.reject = reject
  })
  // Who waits hears of it; that nobody waits is no fault.
  promise.catch(() => {})
  return { promise, resolve: (value) => ends.resolve(value), reject: (reason) => ends.reject(reason) }
}

/** What the driver calls on the query that is running. */
export interface Handlers extends Submittable {
  handleRowDescription(message: { readonly fields: FieldDef[] }): void
  handleDataRow(message: { readonly fields: RawRow }): void
  handleCommandComplete(message: { readonly text: string }): void
  handleReadyForQuery(): void
  handleError(error: unknown): void
  handleEmptyQuery(): void
  handlePortalSuspended(): void
  handleCopyInResponse(): void
  handleCopyData(): void
}

/** Asks for the columns of a query without running it: one round trip. */
export class DescribeQuery implements Handlers {
  readonly #text: string
  readonly #fields = deferred<readonly FieldDef[]>()
  #found: readonly FieldDef[] = []

  constructor(text: string) {
    this.#text = text
  }

  get fields(): Promise<readonly FieldDef[]> {
    return this.#fields.promise
  }

  submit(connection: Parameters<Submittable['submit']>[0]): void {
    const wire = wireOf(connection)
    wire.stream.cork()
    wire.parse({ text: this.#text, name: '' })
    wire.describe({ type: 'S', name: '' })
    wire.sync()
    wire.stream.uncork()
  }

  handleRowDescription({ fields }: { readonly fields: FieldDef[] }): void {
    this.#found = fields
  }
  handleReadyForQuery(): void {
    this.#fields.resolve(this.#found)
  }
  handleError(error: unknown): void {
    this.#fields.reject(error)
  }
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}
