import { setTimeout as sleep } from 'node:timers/promises'
import { cancelledError } from '../error-place.js'
import { settingChange } from './commit-settings.js'
import type { Operation, Session } from './driver.js'
import { engineErrorOf } from './errors.js'
import type { Refreshes } from './refreshes.js'
import { patiently } from './retry.js'
import { thrownOf } from './thrown.js'

/** Rows as the driver gives them, by column name. */
export type Row = Readonly<Record<string, unknown>>

/** How long a warehouse may take to start. */
export const startUpMs = 300_000

/** How long the end of a lost session is waited for before its statement is sent again in another one. */
const lostMs = 2_000

const conflictDelaysMs = [50, 200, 600, 1_500, 3_000]

export interface RunOptions {
  /** Whether sending the statement twice leaves what sending it once does. */
  readonly isReplayable: boolean
  /** Whether rows are fetched after `read`. */
  readonly staysOpen?: boolean
}

const reading: RunOptions = { isReplayable: true }

/** One session of the server; one statement at a time. */
export class ServerSession {
  readonly #open: () => Promise<Session>
  readonly #refreshes: Refreshes
  /** How many of them this session has made or need not make. */
  #refreshed: number
  #native: Session
  #operation: Operation | undefined
  #abort = new AbortController()
  #isBroken = false
  /** Settings that statements of this session made, with the statements: another native session needs them, too. */
  readonly #settings = new Map<string, { readonly sql: string; readonly value: string }>()

  /** `open` opens another one when the connection was lost. */
  constructor(native: Session, open: () => Promise<Session>, refreshes: Refreshes) {
    this.#native = native
    this.#open = open
    this.#refreshes = refreshes
    this.#refreshed = refreshes.count
  }

  /** The value of a setting that was made in this session and is not reset. */
  setting(key: string): string | undefined {
    return this.#settings.get(key)?.value
  }

  /** Whether it can be used by somebody else afterwards. */
  get isUsable(): boolean {
    return !this.#isBroken
  }

  /**
   * Runs a statement and gives what `read` makes of it. A statement that lost against a concurrent writer committed
   * nothing and is sent again; so is one that was lost on its way when sending it twice does no harm.
   */
  async run<T>(sql: string, read: (operation: Operation) => Promise<T>, options: RunOptions): Promise<T> {
    this.#abort = new AbortController()
    for (let attempt = 0; ; attempt++) {
      try {
        if (this.#isBroken) await this.#reopen()
        await this.#refresh()
        const result = await this.#once(sql, read, options)
        this.#refreshes.note(sql)
        return result
      } catch (thrown) {
        if (this.#abort.signal.aborted) throw cancelledError(undefined, thrown)
        const delayMs = conflictDelaysMs[attempt]
        if (delayMs === undefined || !this.#mayRepeat(thrown, attempt, options)) throw thrown
        // A little chance keeps two losers from meeting again.
        await sleep(delayMs * (0.5 + Math.random()))
      }
    }
  }

  /** Runs a statement and reads all its rows; settings that it makes are made again when the session has to be opened anew. */
  async rows(sql: string, options = reading): Promise<readonly Row[]> {
    const change = settingChange(sql)
    // Whatever becomes of the statement: another native session would not have it.
    if (change !== undefined && change.value === undefined) this.#settings.delete(change.key)
    const rows = await this.run(sql, async (operation) => (await operation.fetchAll()) as readonly Row[], options)
    if (change?.value !== undefined) this.#settings.set(change.key, { sql, value: change.value })
    return rows
  }

  /** Runs a query whose rows are fetched from the operation; `end` must follow. */
  async start(sql: string): Promise<Operation> {
    let started: Operation | undefined
    await this.run(
      sql,
      async (operation) => {
        started = operation
      },
      { ...reading, staysOpen: true },
    )
    if (started === undefined) throw new Error('the statement gave no operation: this is a bug in fft')
    return started
  }

  end(operation: Operation): void {
    if (this.#operation === operation) this.#operation = undefined
    operation.close().catch(() => {})
  }

  /** Cancels what runs; it then throws `cancelled`. */
  async cancel(): Promise<void> {
    this.#abort.abort()
    // A statement that has just ended cannot be cancelled any more.
    await this.#operation?.cancel().catch(() => {})
  }

  /** Tells the server that the session is over; waits for its answer at most so long. */
  close(waitMs: number): Promise<void> {
    return closed(this.#native, waitMs)
  }

  /** A table that is gone meanwhile needs no refresh. */
  async #refresh(): Promise<void> {
    const due = this.#refreshes.since(this.#refreshed)
    this.#refreshed = this.#refreshes.count
    for (const sql of due) {
      await this.#once(sql, async () => {}, reading).catch((thrown: unknown) => {
        if (engineErrorOf(thrown) === undefined) throw thrown
      })
    }
  }

  async #once<T>(sql: string, read: (operation: Operation) => Promise<T>, options: RunOptions): Promise<T> {
    const patience = { forMs: startUpMs, signal: this.#abort.signal }
    const operation = await patiently(patience, () => this.#native.executeStatement(sql))
    this.#operation = operation
    try {
      if (this.#abort.signal.aborted) await operation.cancel()
      await ended(operation)
      const result = await read(operation)
      if (options.staysOpen !== true) this.end(operation)
      return result
    } catch (error) {
      // The answer tells nothing, and the next statement need not wait for it.
      this.end(operation)
      throw error
    }
  }

  #mayRepeat(thrown: unknown, attempt: number, { isReplayable }: RunOptions): boolean {
    const error = engineErrorOf(thrown)
    if (error !== undefined)
      return error.sqlState === '2D521' || /SCHEMA_CHANGE_SINCE_ANALYSIS/.test(error.errorClass ?? '')
    if (!isTransport(thrown)) return false
    // What became of a statement that was sent is not known.
    const again = isReplayable && attempt === 0 && !this.#isBroken
    this.#isBroken = true
    return again
  }

  async #reopen(): Promise<void> {
    const lost = this.#native
    this.#native = await this.#open()
    this.#isBroken = false
    // The server may still run a statement whose handle never came back; with its session it ends.
    await closed(lost, lostMs)
    for (const { sql } of this.#settings.values()) await this.#once(sql, async () => {}, reading)
  }
}

/** The driver itself asks ten times a second, so that a statement of 20 ms would take 100. */
const longestPollMs = 100

/** Waits for the end of a statement. Throws what the driver throws for one that did not end well. */
async function ended(operation: Operation): Promise<void> {
  for (let waitMs = 8; isRunning(await operation.status()); waitMs = Math.min(waitMs * 1.6, longestPollMs)) {
    await sleep(waitMs)
  }
  await operation.finished()
}

/** TOperationState: initialized, running, pending. */
const runningStates: ReadonlySet<number | undefined> = new Set([0, 1, 7])

function isRunning({ operationState }: { readonly operationState?: number }): boolean {
  return runningStates.has(operationState)
}

async function closed(session: Session, waitMs: number): Promise<void> {
  const answered = session.close().catch(() => {})
  await Promise.race([answered, sleep(waitMs, undefined, { ref: false })])
}

function isTransport(thrown: unknown): boolean {
  const name = thrownOf(thrown)?.kind ?? ''
  return name === 'FetchError' || name === 'RetryError' || name === 'HiveDriverError'
}
