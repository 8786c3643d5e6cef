import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, engines } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { ByHand } from '../support/by-hand.js'
import { type DemoPlace, demoPlace } from './demo-places.js'
import { Example, outcomes } from './example.js'

const incrementalModels = ['fct_events_sql_inline', 'fct_events_sql_yaml', 'fct_events_ts_incremental']

const firstRows = [
  ['1', '2024-01-01 10:00:00', '10'],
  ['2', '2024-01-01 10:05:00', '20'],
  ['3', '2024-01-01 10:10:00', '30'],
]
const laterRows = [
  ['1', '2024-01-01 10:00:00', '10'],
  ['2', '2024-01-02 09:00:00', '25'],
  ['3', '2024-01-01 10:10:00', '30'],
  ['4', '2024-01-02 10:00:00', '40'],
  ['5', '2024-01-02 10:05:00', '50'],
]

// The commands are those that the page of the example shows, for each engine.
onEveryEngine('the incremental demo', demoOn)

// One story: each test goes on from the one before.
function demoOn(engine: Engine): void {
  let demo: Example
  let place: DemoPlace
  let hand: ByHand
  const patienceMs = engine.speed === 'slow' ? 180_000 : 60_000
  const fft = (...args: readonly string[]) => demo.fft(args, { ...place.variables, FFT_ACTIVE_ENV: place.environment })
  const run = (...flags: readonly string[]) =>
    fft('run', '.', '--select', 'tag:example:incremental_demo', '--select', place.tag, ...flags)
  const rowsOf = (model: string) => hand.rows(`select event_id, updated_at, value from {${model}} order by event_id`)
  const contentOf = async (model: string) => ({ columns: await hand.columns(model), rows: await rowsOf(model) })
  beforeAll(async () => {
    demo = new Example('incremental_demo')
    place = await demoPlace(engine, 'incremental_demo')
    hand = new ByHand(place.database)
  })
  afterAll(async () => {
    await place.database.drop()
    demo.close()
  })

  test(
    'loads its seed',
    async () => {
      const seeded = fft('seed', '.')
      expect([seeded.code, seeded.stdout], seeded.stderr).toEqual([0, ''])
      expect(await rowsOf('seed_events')).toEqual(firstRows)
      await hand.expectTypes('seed_events', {
        event_id: 'bigint',
        updated_at: engine.words.types.timestamp,
        value: 'bigint',
      })
    },
    patienceMs,
  )

  test(
    'makes every incremental model from its full SELECT on the first run',
    async () => {
      const first = run()
      expect([first.code, first.stdout], first.stderr).toEqual([0, ''])
      expect(outcomes(first)).toEqual({
        events_base: '3 rows · created',
        fct_events_sql_inline: '3 rows · created',
        fct_events_sql_yaml: '3 rows · created',
        fct_events_ts_incremental: '3 rows · created',
      })
      for (const model of incrementalModels) expect(await rowsOf(model)).toEqual(firstRows)
    },
    patienceMs,
  )

  test(
    'passes its data tests',
    () => {
      const { code, stderr } = fft('test', '.', '--select', 'tag:example:incremental_demo')
      expect(code, stderr).toBe(0)
      expect(stderr).toMatch(/Done in .*: 15 passed\n$/)
    },
    patienceMs,
  )

  test(
    'applies one update and two new events, and says so',
    async () => {
      writeFileSync(join(demo.dir, 'seeds/seed_events.csv'), csv(laterRows))
      expect(fft('seed', '.').code).toBe(0)
      const later = run('--cache', 'rw')
      expect(later.code, later.stderr).toBe(0)
      for (const model of incrementalModels) {
        expect(outcomes(later)[model]).toBe('3 rows · 2 inserted, 1 updated')
        expect(await rowsOf(model)).toEqual(laterRows)
      }
    },
    patienceMs,
  )

  test(
    'changes nothing in a third run',
    async () => {
      const third = run()
      expect(third.code, third.stderr).toBe(0)
      for (const model of incrementalModels) {
        expect(outcomes(third)[model]).toMatch(/^0 rows/)
        expect(await rowsOf(model)).toEqual(laterRows)
      }
    },
    patienceMs,
  )

  test(
    'holds the rows of a full refresh, with the same types',
    async () => {
      const before = await Promise.all(incrementalModels.map(contentOf))
      expect(run('--full-refresh').code).toBe(0)
      expect(await Promise.all(incrementalModels.map(contentOf))).toEqual(before)
    },
    patienceMs,
  )

  test(
    'loses a tie with its own ">", and keeps it with watermark() and ">="',
    async () => {
      appendFileSync(join(demo.dir, 'seeds/seed_events.csv'), '6,2024-01-02T10:05:00,60\n')
      fft('seed', '.')
      run()
      expect(await rowsOf('fct_events_sql_yaml')).toEqual(laterRows)
      const delta = `sql: |
  select event_id, updated_at, value from {{ ref('events_base') }} where updated_at >= {{ watermark('updated_at') }}
`
      writeFileSync(join(demo.dir, 'config/incremental/fct_events_sql_yaml.delta.yml'), delta)
      const last = fft('run', '.', '--select', 'fct_events_sql_yaml')
      expect(outcomes(last)).toEqual({ fct_events_sql_yaml: '1 row · 1 inserted' })
      expect(await rowsOf('fct_events_sql_yaml')).toEqual([...laterRows, ['6', '2024-01-02 10:05:00', '60']])
    },
    patienceMs,
  )
}

test('the example has a code model for every engine', () => {
  const demo = new Example('incremental_demo')
  try {
    for (const { name } of engines) {
      const environment = { FFT_ACTIVE_ENV: `dev_${name}`, DATABRICKS_HOST: 'localhost', DATABRICKS_HTTP_PATH: '/' }
      const listed = demo.fft(
        ['ls', '.', '--select', 'fct_events_ts_incremental', '--resource-type', 'model'],
        environment,
      )
      expect([listed.code, listed.stdout.trim()], listed.stderr).toEqual([
        0,
        expect.stringMatching(/fct_events_ts_incremental$/),
      ])
    }
  } finally {
    demo.close()
  }
})

function csv(rows: readonly (readonly string[])[]): string {
  const lines = rows.map(([id, time = '', value]) => `${id},${time.replace(' ', 'T')},${value}\n`)
  return `event_id,updated_at,value\n${lines.join('')}`
}
