import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, engines } from '../conformance/engines/index.js'
import { isThorough } from '../conformance/on-every-engine.js'
import { compareEnvironments } from './compare-environments.js'
import { type DemoPlace, demoPlace } from './demo-places.js'
import { Example, outcomes } from './example.js'

const lacking = ({ missing, speed }: Engine) => {
  if (speed === 'slow' && !isThorough) return 'FFT_SLOW_ENGINES=all runs it'
  return process.env['CI'] === 'true' ? undefined : missing
}
const here = engines.filter((engine) => lacking(engine) === undefined)
const left = engines
  .filter((engine) => lacking(engine) !== undefined)
  .map((engine) => `${engine.name}: ${lacking(engine)}`)
const environments: Readonly<Record<string, string>> = {
  duckdb: 'dev',
  postgres: 'dev_postgres',
  databricks: 'dev_databricks',
}
/** Models with a relation of their own. */
const models = 19
const incremental = ['fct_orders', 'fct_order_items', 'fct_payments', 'customer_status']

// Minutes on a busy machine, where each statement is slow.
const patienceMs = 900_000

// One story on all engines: each test goes on from the one before.
describe(`the shop on ${here.map(({ name }) => name).join(', ')}${left.map((each) => ` (not on ${each})`).join('')}`, () => {
  let shop: Example
  const places = new Map<Engine, DemoPlace>()
  const variables = () => Object.assign({}, ...[...places.values()].map((place) => place.variables))
  const fft = ({ name }: Engine, ...args: readonly string[]) =>
    shop.fft([...args, '--env', environments[name] ?? name, '--target-path', `target/${name}`], variables())
  beforeAll(async () => {
    shop = new Example('shop')
    for (const engine of here) {
      await engine.start()
      places.set(engine, await demoPlace(engine, 'shop'))
    }
  }, 600_000)
  afterAll(async () => {
    for (const [engine, { database }] of places) {
      await database.drop()
      await engine.stop()
    }
    shop.close()
  })

  test.each(here)(
    'is built on $name with all of its tests, and a month later takes what is new',
    (engine) => {
      const built = fft(engine, 'build', '--vars', 'as_of=2024-02-20')
      expect(built.code, built.stderr).toBe(0)
      const later = fft(engine, 'run', '--vars', 'as_of=2024-03-20')
      expect(later.code, later.stderr).toBe(0)
      for (const model of incremental) expect(outcomes(later)[model]).toMatch(/^[1-9]\d* rows · .*(inserted|updated)/)
    },
    patienceMs,
  )

  test(
    'holds equal rows on all engines, in the results of the deltas too',
    async () => {
      const compared = await compare()
      expect(compared.filter(({ difference }) => difference !== undefined)).toEqual([])
      expect(compared.length).toBe((here.length - 1) * models)
      expect(compared.filter(({ rows }) => rows === 0)).toEqual([])
    },
    patienceMs,
  )

  test(
    'holds after a full refresh what the deltas had made',
    async () => {
      const [first] = here
      if (first === undefined) return
      expect(fft(first, 'run', '--full-refresh', '--vars', 'as_of=2024-03-20').code).toBe(0)
      expect((await compare()).filter(({ difference }) => difference !== undefined)).toEqual([])
    },
    patienceMs,
  )

  function compare() {
    const names = here.map(({ name }) => environments[name] ?? name)
    return compareEnvironments(shop.dir, names, variables())
  }
})
