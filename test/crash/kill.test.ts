import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Doomed } from './doomed.js'
import { type Scenario, scenarios } from './scenarios.js'
import { contents, setStage } from './stage.js'

describe('a run that is killed (SIGKILL) before and after every call of the engine', () => {
  let doomed: Doomed
  const points: string[] = []
  beforeAll(async () => {
    doomed = await Doomed.open()
  })
  afterAll(async () => {
    await doomed.close()
    const total = points.length
    process.stdout.write(`killed at ${total} points: ${scenarios.map(({ title }) => `${title} ${points.filter((point) => point === title).length}`).join(', ')}\n`)
  })

  test.each(scenarios)('$title: leaves the old rows or the new ones, and a rerun ends it', async (scenario) => {
    await killEverywhere(scenario, doomed, () => points.push(scenario.title))
  })
})

async function killEverywhere(scenario: Scenario, doomed: Doomed, count: () => void): Promise<void> {
  const stage = await setStage(scenario)
  try {
    // What is before call n + 1 is after call n, except for the last one.
    const places = Array.from({ length: stage.calls }, (_, index) => ({ call: index + 1, when: 'before' as const }))
    for (const place of [...places, { call: stage.calls, when: 'after' as const }]) {
      await stage.restore()
      const { types, fullRefresh } = scenario
      const end = await doomed.obey({ dir: stage.folder.dir, types, fullRefresh, ...place })
      const where = `killed ${place.when} call ${place.call} of ${stage.calls}`
      expect(end, where).toBe('SIGKILL')
      count()
      const left = await contents(stage.path, scenario)
      expect([stage.old.relation, stage.wanted.relation], where).toContain(left.relation)
      const matching = left.relation === stage.wanted.relation ? stage.wanted : stage.old
      if (stage.old.relation !== stage.wanted.relation) expect(left.watermarks, where).toBe(matching.watermarks)
      await stage.rerun()
      const after = await contents(stage.path, scenario)
      expect({ ...after, hooked: '' }, where).toEqual({ ...stage.wanted, hooked: '' })
      expect(after.leftovers, where).toEqual([])
    }
  } finally {
    await stage.folder.end()
  }
}
