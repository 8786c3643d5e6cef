import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Point } from './child.js'
import { Doomed } from './doomed.js'
import { type Scenario, scenarios } from './scenarios.js'
import { type Contents, contents, type Stage, setStage } from './stage.js'

describe('a run that is killed (SIGKILL) before and after every call of the engine', () => {
  let doomed: Doomed
  const points: string[] = []
  beforeAll(async () => {
    doomed = await Doomed.open()
  })
  afterAll(async () => {
    await doomed.close()
    const total = points.length
    process.stdout.write(
      `killed at ${total} points: ${scenarios.map(({ title }) => `${title} ${points.filter((point) => point === title).length}`).join(', ')}\n`,
    )
  })

  test.each(scenarios)('$title: leaves the old rows or the new ones, and a rerun ends it', async (scenario) => {
    await killEverywhere(scenario, doomed, () => points.push(scenario.title))
  })
})

async function killEverywhere(scenario: Scenario, doomed: Doomed, count: () => void): Promise<void> {
  const { types, fullRefresh } = scenario
  const stage = await setStage(scenario)
  try {
    const points: Point[] = []
    for (let call = 1; call <= stage.calls; call += 1) {
      for (const when of ['before', 'after'] as const)
        points.push({ path: await stage.copy(`${call}-${when}`), call, when })
    }
    expect(await doomed.obey({ dir: stage.folder.dir, types, fullRefresh, points })).toBe('SIGKILL')
    for (const { path, call, when } of points) {
      const where = `killed ${when} call ${call} of ${stage.calls}`
      const runner = await stage.open(path)
      try {
        expectOldOrNew(await contents(runner.warehouse, scenario), stage, where)
        await runner.run({ fullRefresh })
        expect(await contents(runner.warehouse, scenario), where).toEqual(stage.wanted)
        count()
      } finally {
        await runner.close()
      }
    }
  } finally {
    await stage.folder.end()
  }
}

/** The rows are the old ones or the new ones, with the watermark that belongs to them. */
function expectOldOrNew(left: Contents, { old, wanted }: Stage, where: string): void {
  const isSame = old.relation === wanted.relation
  const known = [old, wanted].filter(({ relation }) => relation === left.relation)
  expect(known.length > 0 ? left.relation : 'neither the old rows nor the new ones', where).toBe(left.relation)
  if (!isSame) expect(left.watermarks, where).toBe(known[0]?.watermarks)
}
