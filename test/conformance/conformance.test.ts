import { describe, test } from 'vitest'
import { cases } from './cases/index.js'
import type { Engine } from './engines/index.js'
import { type Case, isLeftOut, openLab } from './lab.js'
import { isThorough, onEveryEngine, patienceMs } from './on-every-engine.js'

onEveryEngine('conformance', (engine) => {
  for (const { group, list } of cases) {
    describe(group, () => {
      const chosen = new Set(chosenOf(list, engine))
      for (const each of list) {
        test.skipIf(!chosen.has(each))(each.title, { timeout: patienceMs(engine) }, async () => {
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

/** On a slow engine, a usual run takes the strategies' stories and one case of each further group. */
function chosenOf(list: readonly Case[], engine: Engine): readonly Case[] {
  const all = list.filter((each) => !isLeftOut(each, engine))
  if (engine.speed !== 'slow' || isThorough) return all
  const stories = all.filter(({ title }) => title.includes('a story of'))
  return stories.length > 0 ? stories : all.slice(0, 1)
}
