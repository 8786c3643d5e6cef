import { afterAll, beforeAll, describe, test } from 'vitest'
import { cases } from './cases/index.js'
import { engines } from './engines/index.js'
import { isLeftOut, openLab } from './lab.js'

// Where everything has to be tested, an engine that cannot start is a failure, not a gap.
const mayBeMissing = process.env['CI'] !== 'true'

for (const engine of engines) {
  const missing = engine.missing === undefined ? '' : ` (${engine.missing})`
  describe.skipIf(engine.missing !== undefined && mayBeMissing)(`on ${engine.name}${missing}`, () => {
    beforeAll(() => engine.start())
    afterAll(() => engine.stop())

    for (const { group, list } of cases) {
      describe(group, () => {
        for (const each of list) {
          test.skipIf(isLeftOut(each, engine))(each.title, async () => {
            const lab = await openLab(engine)
            try {
              await each.run(lab)
            } finally {
              await lab.end()
            }
          })
        }
      })
    }
  })
}
