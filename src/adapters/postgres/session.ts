import type { Client, FieldDef } from 'pg'
import { between, endMark } from './between.js'
import { isLost } from './errors.js'
import { type RawResult, TextQuery } from './text-query.js'
import { DescribeQuery } from './wire.js'

export type { RawResult }

const cutName = '42622'

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
    return this.#send(new TextQuery(text))
  }

  /** Sends several texts in one message; gives the results of each. Throws FailedText. */
  async runAll(texts: readonly string[]): Promise<readonly (readonly RawResult[])[]> {
    const query = new TextQuery(texts.map((text) => text + between).join(''))
    try {
      return split(await this.#send(query))
    } catch (error) {
      const index = Math.min(split(query.results).length, texts.length - 1)
      throw new FailedText(error, index)
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

  async #send(query: TextQuery): Promise<readonly RawResult[]> {
    try {
      this.client.query(query)
      const results = await query.done
      this.#refuseCutNames()
      return results
    } catch (error) {
      if (isLost(error)) this.#isLost = true
      throw error
    }
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

/** One of several texts failed; `cause` is what the driver threw. */
export class FailedText extends Error {
  readonly index: number
  readonly error: unknown

  constructor(error: unknown, index: number) {
    super('one of several statements failed')
    this.error = error
    this.index = index
  }
}

function isMark({ fields }: RawResult): boolean {
  return fields.length === 1 && fields[0]?.name === endMark
}

function split(results: readonly RawResult[]): readonly (readonly RawResult[])[] {
  const parts: RawResult[][] = []
  let part: RawResult[] = []
  for (const result of results) {
    if (!isMark(result)) {
      part.push(result)
      continue
    }
    parts.push(part)
    part = []
  }
  return parts
}
