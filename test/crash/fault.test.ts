import { describe, expect, test } from 'vitest'
import { FftError } from '../../src/core/index.js'
import { type Scenario, scenarios } from './scenarios.js'
import { contents, setStage } from './stage.js'

describe('a run in which the engine refuses a call', () => {
  test.each(scenarios)('$title: keeps the old rows whichever call it is, and the connection works on', failEverywhere)
})

async function failEverywhere(scenario: Scenario): Promise<void> {
  const { fullRefresh, types } = scenario
  const isSeed = types.includes('seed')
  const stage = await setStage(scenario)
  let calls = 0
  let refused = 0
  const refuse = () => {
    calls += 1
    if (calls === refused) throw new FftError('the disk is on fire', { code: 'engine-error' })
  }
  const runner = await stage.open(await stage.copy('fault'), { before: refuse })
  const look = async () => {
    refused = 0
    return contents(runner.warehouse, scenario)
  }
  try {
    for (let call = 1; ; call += 1) {
      calls = 0
      refused = call
      const failure = await failureOf(runner.run({ fullRefresh }))
      if (calls < call) break
      expect(failure, `call ${call}`).toBe('the disk is on fire')
      const left = await look()
      // A seed's file is loaded aside before the transaction; the next run takes away what stays of it.
      expect(isSeed ? { ...left, leftovers: [] } : left, `call ${call}`).toEqual(stage.old)
    }
    expect(await look()).toEqual(stage.wanted)
  } finally {
    await runner.close()
    await stage.folder.end()
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
