import { afterAll, beforeAll, describe, test } from 'vitest'
import { cases } from './cases/index.js'
import { engines } from './engines.js'
import { openLab } from './lab.js'

for (const engine of engines) {
  const missing = engine.missing === undefined ? '' : ` (${engine.missing})`
  describe.skipIf(engine.missing !== undefined)(`on ${engine.name}${missing}`, () => {
    beforeAll(() => engine.start())
    afterAll(() => engine.stop())

    for (const { group, list } of cases) {
      describe(group, () => {
        for (const { title, needs = [], run } of list) {
          test.skipIf(needs.some((capability) => !engine.can.has(capability)))(title, async () => {
            const lab = await openLab(engine)
            try {
              await run(lab)
            } finally {
              await lab.end()
            }
          })
        }
      })
    }
  })
}
