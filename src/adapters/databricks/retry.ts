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
  for (let attempt = 0; ; attempt++) {
    try {
      return await send()
    } catch (thrown) {
      const waitMs = waitBefore(attempt, thrown)
      if (waitMs === undefined || Date.now() + waitMs > deadline) throw thrown
      if (attempt === 0) patience.onWait?.()
      await pause(waitMs, patience)
    }
  }
}

async function pause(ms: number, { signal }: Patience): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal })
}

/** Milliseconds to wait before the request is sent again; undefined: never. */
function waitBefore(attempt: number, thrown: unknown): number | undefined {
  const status = httpStatus(thrown)
  if (status !== 503 && status !== 429) return undefined
  const asked = retryAfterSeconds(thrown)
  return asked === undefined ? Math.min(firstDelayMs * 2 ** attempt, longestDelayMs) : Math.max(asked * 1_000, 50)
}
