import { afterAll, beforeAll, describe } from 'vitest'
import { type Engine, engines } from './engines/index.js'

// A server may have to be fetched first.
const startMs = 600_000

// Where everything has to be tested, an engine that cannot start is a failure, not a gap.
const mayBeMissing = process.env['CI'] !== 'true'

/** A suite for each engine, started before and stopped after it; one that is not here is shown as skipped. */
export function onEveryEngine(title: string, suite: (engine: Engine) => void): void {
  for (const engine of engines) {
    const missing = engine.missing === undefined ? '' : ` (${engine.missing})`
    describe.skipIf(engine.missing !== undefined && mayBeMissing)(`${title} on ${engine.name}${missing}`, () => {
      beforeAll(() => engine.start(), startMs)
      afterAll(() => engine.stop())
      suite(engine)
    })
  }
}
