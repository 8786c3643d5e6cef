import { afterAll, beforeAll, expect, test } from 'vitest'
import { settingsOf } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { expectOldOrNew, withoutFresh } from './contents.js'
import { Doomed } from './doomed.js'
import { type Moment, momentsOf, scenariosOf } from './points.js'
import type { Scenario } from './scenarios.js'
import { type Site, type Stage, setStage } from './stage.js'

/** So many runs hang at once before their process is killed; a server has a limit of connections. */
const atOnce = 20

onEveryEngine(
  'a run that is killed (SIGKILL) around the calls of the engine',
  (engine) => {
    let doomed: Doomed
    const points: string[] = []
    beforeAll(async () => {
      doomed = await Doomed.open()
    })
    afterAll(async () => {
      await doomed.close()
      const counted = scenariosOf(engine).map(
        ({ title }) => `${title} ${points.filter((each) => each === title).length}`,
      )
      process.stdout.write(`${engine.name}: killed at ${points.length} points: ${counted.join(', ')}\n`)
    })

    test.each(scenariosOf(engine))(
      '$title: leaves the old rows or the new ones, and a rerun ends it',
      async (scenario) => {
        const stage = await setStage(scenario, engine)
        try {
          const moments = momentsOf(engine, stage)
          for (let first = 0; first < moments.length; first += atOnce) {
            for (const { site, call, when } of await kill(moments.slice(first, first + atOnce), {
              scenario,
              stage,
              doomed,
            })) {
              const where = `killed ${when} call ${call} of ${stage.calls.length}`
              expectOldOrNew(await stage.contents(site), stage, where)
              const runner = await stage.open(site)
              try {
                await runner.run({ fullRefresh: scenario.fullRefresh })
              } finally {
                await runner.close()
              }
              expect(withoutFresh(await stage.contents(site), engine), where).toEqual(stage.wanted)
              points.push(scenario.title)
            }
          }
        } finally {
          await stage.end()
        }
      },
      engine.speed === 'fast' ? 60_000 : 300_000,
    )
  },
  'whenAsked',
)

interface Killing {
  readonly scenario: Scenario
  readonly stage: Stage
  readonly doomed: Doomed
}

/** Runs up to each moment on a site of its own, all in one process, and kills it. */
async function kill(moments: readonly Moment[], { scenario, stage, doomed }: Killing) {
  const killed: (Moment & { readonly site: Site })[] = []
  for (const moment of moments) killed.push({ ...moment, site: await stage.site() })
  const points = killed.map(({ site, call, when }) => ({
    dir: site.dir,
    settings: settingsOf(site.database),
    call,
    when,
  }))
  const { types, fullRefresh } = scenario
  expect(await doomed.obey({ types, fullRefresh, points })).toBe('SIGKILL')
  return killed
}
