import { describe, test } from 'vitest'
import { cases } from './cases/index.js'
import { isLeftOut, openLab } from './lab.js'
import { isThorough, onEveryEngine, patienceMs } from './on-every-engine.js'

onEveryEngine('conformance', (engine) => {
  for (const { group, list, isCore = false } of cases) {
    const isLeft = engine.speed === 'slow' && !isThorough && !isCore
    describe.skipIf(isLeft)(isLeft ? `${group} (FFT_SLOW_ENGINES=all runs it)` : group, () => {
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
})
