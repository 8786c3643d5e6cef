import { afterAll, beforeAll, describe } from 'vitest'
import { type Engine, engines } from './engines/index.js'

// A server may have to be fetched first.
const startMs = 600_000

// Where everything has to be tested, an engine that cannot start is a failure, not a gap.
const mayBeMissing = process.env['CI'] !== 'true'

/**
 * Whether a slow engine, whose statements take a good part of a second, runs everything: FFT_SLOW_ENGINES=all. A usual run
 * of all tests takes its own tests, the conformance cases of strategies, keys and schema changes, the demo and the docs there.
 */
export const isThorough = process.env['FFT_SLOW_ENGINES'] === 'all'

/** Milliseconds that one case may take. */
export function patienceMs({ speed }: Engine): number {
  return speed === 'slow' ? 300_000 : 60_000
}

/**
 * A suite for each engine, started before and stopped after it; one that is not here is shown as skipped. `whenAsked`: on
 * slow engines only with FFT_SLOW_ENGINES=all.
 */
export function onEveryEngine(title: string, suite: (engine: Engine) => void, slow?: 'whenAsked'): void {
  for (const engine of engines) {
    const isLeft = slow === 'whenAsked' && engine.speed === 'slow' && !isThorough
    const missing = isLeft ? 'FFT_SLOW_ENGINES=all runs it' : engine.missing
    const reason = missing === undefined ? '' : ` (${missing})`
    const isSkipped = isLeft || (engine.missing !== undefined && mayBeMissing)
    describe.skipIf(isSkipped)(`${title} on ${engine.name}${reason}`, () => {
      beforeAll(() => engine.start(), startMs)
      afterAll(() => engine.stop())
      suite(engine)
    })
  }
}
