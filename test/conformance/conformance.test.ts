import { describe, test } from 'vitest'
import { cases } from './cases/index.js'
import { isLeftOut, openLab } from './lab.js'
import { onEveryEngine, patienceMs } from './on-every-engine.js'

onEveryEngine(
  'conformance',
  (engine) => {
    for (const { group, list } of cases) {
      describe(group, () => {
        for (const each of list) {
          test.skipIf(isLeftOut(each, engine))(each.title, { timeout: patienceMs(engine) }, async () => {
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
  },
  'whenAsked',
)
