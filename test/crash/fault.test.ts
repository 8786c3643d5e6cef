import { expect, test } from 'vitest'
import { FftError } from '../../src/core/index.js'
import type { Engine } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { contents, expectOldOrNew, withoutFresh } from './contents.js'
import { scenariosOf } from './points.js'
import type { Scenario } from './scenarios.js'
import { type Stage, setStage } from './stage.js'

onEveryEngine(
  'a run in which the engine refuses a call',
  (engine) => {
    test.each(scenariosOf(engine))(
      '$title: keeps the old rows whichever call it is, and the connection works on',
      async (scenario) => {
        const stage = await setStage(scenario, engine)
        try {
          await failEverywhere(scenario, stage, engine)
        } finally {
          await stage.end()
        }
      },
      engine.speed === 'fast' ? 60_000 : 300_000,
    )
  },
  'whenAsked',
)

/** Every call fails once, or every so many; the last run goes through. */
async function failEverywhere(scenario: Scenario, stage: Stage, engine: Engine): Promise<void> {
  const { fullRefresh, types, recovers } = scenario
  const every = engine.speed === 'slow' ? 5 : 1
  let calls = 0
  let refused = 0
  const refuse = () => {
    calls += 1
    if (calls === refused) throw new FftError('the disk is on fire', { code: 'engine-error' })
  }
  const site = await stage.site()
  const runner = await stage.open(site, { before: refuse })
  const look = async () => {
    refused = 0
    return contents(runner.warehouse, site.database, scenario.relation)
  }
  try {
    for (let call = 1; ; call += every) {
      calls = 0
      refused = call
      const failure = await failureOf(runner.run({ fullRefresh }))
      if (calls < call) break
      const left = await look()
      // Windows that fail together are tried one by one, so a fault that passes does no harm.
      if (failure === undefined && recovers === true) {
        expect(withoutFresh(left, engine), `call ${call}`).toEqual(stage.wanted)
        continue
      }
      expect(failure, `call ${call}`).toMatch(/the disk is on fire$/)
      // A seed's file may be loaded aside before the transaction; the next run takes away what stays of it.
      const isTold = stage.isTransaction && !types.includes('seed') && recovers !== true
      if (isTold) expect(left, `call ${call}`).toEqual(stage.old)
      else expectOldOrNew(left, stage, `call ${call}`)
    }
    expect(withoutFresh(await look(), engine)).toEqual(stage.wanted)
  } finally {
    await runner.close()
  }
}

/** What made the run or its node fail. */
async function failureOf(
  run: Promise<{ readonly results: readonly { readonly failure?: { readonly message: string } }[] }>,
) {
  try {
    return (await run).results[0]?.failure?.message
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
