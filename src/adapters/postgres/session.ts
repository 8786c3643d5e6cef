import type { Client, FieldDef } from 'pg'
import { isLost } from './errors.js'
import { DescribeQuery } from './wire.js'

/** What one statement of a text gave; rows as the server's text. */
export interface RawResult {
  readonly command: string
  readonly rowCount: number
  readonly fields: readonly FieldDef[]
  readonly rows: readonly (readonly (string | null)[])[]
}

const cutName = '42622'

const asText = { getTypeParser: () => (text: string) => text }

/** One client of the server that is used again and again. It never throws outside of a call. */
export class Session {
  readonly client: Client
  /** The server process, for cancelling; and for people who look for it. */
  readonly pid: number
  #isLost = false
  #cut: string | undefined

  constructor(client: Client) {
    this.client = client
    this.pid = Number(Reflect.get(client, 'processID') ?? 0)
    client.on('error', () => {
      this.#isLost = true
    })
    client.on('end', () => {
      this.#isLost = true
    })
    // Other notices are for people at a prompt.
    client.on('notice', ({ code, message }) => {
      if (code === cutName) this.#cut ??= message
    })
  }

  get isLost(): boolean {
    return this.#isLost
  }

  /** Sends a text of one or several statements in one message; one result for each. */
  async run(text: string): Promise<readonly RawResult[]> {
    try {
      const results: unknown = await this.client.query({ text, rowMode: 'array', types: asText })
      this.#refuseCutNames()
      return (Array.isArray(results) ? results : [results]).map(rawResult)
    } catch (error) {
      if (isLost(error)) this.#isLost = true
      throw error
    }
  }

  /** The fields of a query, which is parsed and not run. */
  async fields(text: string): Promise<readonly FieldDef[]> {
    const query = new DescribeQuery(text)
    this.client.query(query)
    const fields = await query.fields
    this.#refuseCutNames()
    return fields
  }

  /** The server cuts a name that is too long and only remarks it; two such names may then be one. */
  #refuseCutNames(): void {
    const message = this.#cut
    this.#cut = undefined
    if (message !== undefined) throw Object.assign(new Error(message), { code: cutName })
  }

  async end(): Promise<void> {
    await this.client.end().catch(() => {})
  }
}

function rawResult(result: unknown): RawResult {
  const { command, rowCount, fields, rows } = result as {
    command: string | null
    rowCount: number | null
    fields: FieldDef[]
    rows: (string | null)[][]
  }
  return { command: command ?? '', rowCount: rowCount ?? 0, fields, rows }
}
