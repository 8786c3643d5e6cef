import { setTimeout as sleep } from 'node:timers/promises'
import { httpStatus, retryAfterSeconds } from './transport-error.js'

export interface Patience {
  readonly signal?: AbortSignal
  /** Milliseconds in all. */
  readonly forMs: number
  /** Told once when waiting starts. */
  onWait?(): void
}

const firstDelayMs = 500
const longestDelayMs = 15_000

/**
 * Sends a request again while the server says that it cannot take it now (429, 503: a warehouse that starts or is
 * full), after as long as it asks for, else ever later. Such a request was not read, so nothing can happen twice.
 */
export async function patiently<T>(patience: Patience, send: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience.forMs
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
    try {
      return await send()
    } catch (thrown) {
      const status = httpStatus(thrown)
      const asked = retryAfterSeconds(thrown)
      const waitMs = asked === undefined ? delayMs : Math.max(asked * 1_000, 50)
      if ((status !== 503 && status !== 429) || Date.now() + waitMs > deadline) throw thrown
      if (delayMs === firstDelayMs) patience.onWait?.()
      await sleep(waitMs, undefined, patience.signal === undefined ? {} : { signal: patience.signal })
    }
  }
}
