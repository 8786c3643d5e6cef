import { afterAll, expect, test } from 'vitest'
import type { Connection } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import type { Engine } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { expectOldOrNew, withoutFresh } from './contents.js'
import { essentialScenarios } from './points.js'
import type { Scenario } from './scenarios.js'
import { type Stage, setStage } from './stage.js'

onEveryEngine(
  'a run whose session the server ends',
  (engine) => {
    let points = 0
    afterAll(() => {
      process.stdout.write(`${engine.name}: sessions ended at ${points} points\n`)
    })
    const { endSession } = engine.words
    test.skipIf(endSession === undefined).each(essentialScenarios())(
      '$title: keeps the old rows or the new ones whichever call it is before, and a rerun ends it',
      async (scenario) => {
        const stage = await setStage(scenario, engine)
        try {
          points += await endEverywhere(scenario, stage, { engine, endSession: endSession ?? '' })
        } finally {
          await stage.end()
        }
      },
      engine.speed === 'fast' ? 60_000 : 300_000,
    )
  },
  'whenAsked',
)

/** Before each call of a run, one after the other, its session ends; the last run goes through. Gives how many. */
async function endEverywhere(
  { fullRefresh }: Scenario,
  stage: Stage,
  { engine, endSession }: { readonly engine: Engine; readonly endSession: string },
): Promise<number> {
  const site = await stage.site()
  for (let point = 1; ; point++) {
    let calls = 0
    const end = async (_call: number, _name: string, connection: Connection) => {
      calls += 1
      if (calls === point) await connection.query(text(endSession)).catch(() => undefined)
    }
    const runner = await stage.open(site, { before: end })
    try {
      await runner.run({ fullRefresh }).catch(() => undefined)
    } finally {
      await runner.close()
    }
    const left = await stage.contents(site)
    expectOldOrNew(left, stage, `ended before call ${point}`)
    if (calls >= point) continue
    expect(withoutFresh(left, engine)).toEqual(stage.wanted)
    return point - 1
  }
}
