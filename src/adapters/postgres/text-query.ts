import type { FieldDef, Submittable } from 'pg'
import { deferred, type Handlers, type RawRow, wireOf } from './wire.js'

/** What one statement of a text gave; rows as the server's text. */
export interface RawResult {
  readonly command: string
  readonly rowCount: number
  readonly fields: readonly FieldDef[]
  readonly rows: readonly RawRow[]
  /** When the server said that it was done, by `performance.now()`. */
  readonly endedMs: number
}

/** A text of one or several statements in one message: what they gave so far is there on errors too. */
export class TextQuery implements Handlers {
  readonly results: RawResult[] = []
  readonly #text: string
  readonly #done = deferred<readonly RawResult[]>()
  #fields: readonly FieldDef[] = []
  #rows: RawRow[] = []

  constructor(text: string) {
    this.#text = text
  }

  get done(): Promise<readonly RawResult[]> {
    return this.#done.promise
  }

  submit(connection: Parameters<Submittable['submit']>[0]): void {
    wireOf(connection).query(this.#text)
  }

  handleRowDescription({ fields }: { readonly fields: FieldDef[] }): void {
    this.#fields = fields
  }
  handleDataRow({ fields }: { readonly fields: RawRow }): void {
    this.#rows.push(fields)
  }
  handleCommandComplete({ text }: { readonly text: string }): void {
    const [, command = '', count = '0'] = /^([A-Z]+)(?:.*? (\d+))?$/.exec(text) ?? []
    const [fields, rows] = [this.#fields, this.#rows]
    this.results.push({ command, rowCount: Number(count), fields, rows, endedMs: performance.now() })
    this.#fields = []
    this.#rows = []
  }
  handleReadyForQuery(): void {
    this.#done.resolve(this.results)
  }
  handleError(error: unknown): void {
    this.#done.reject(error)
  }
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}
