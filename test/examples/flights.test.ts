import { afterAll, beforeAll, expect, test } from 'vitest'
import { Example, outcomes } from './example.js'

let flights: Example

beforeAll(() => {
  flights = new Example('flights')
})

afterAll(() => flights.close())

const incrementalModels = ['fct_flights', 'fct_airport_days', 'fct_delay_days', 'airport_status']

// One story: each test goes on from the one before.
test('builds everything, with warnings about the data alone', () => {
  const { code, stderr } = flights.fft(['build', '--vars', 'as_of=2001-01-04T12:00:00'])
  expect(stderr.match(/^(?:ERROR|FAIL) .*$/gm)).toBeNull()
  expect(code).toBe(0)
})

test('half a day later, every strategy applies its own delta', () => {
  const run = flights.fft(['run', '--vars', 'as_of=2001-01-05'])
  expect(run.code).toBe(0)
  const { fct_flights, fct_airport_days, fct_delay_days, airport_status } = outcomes(run)
  expect(fct_flights).toMatch(/^(\d+) rows · \1 inserted$/)
  expect(fct_airport_days).toMatch(/^\d+ rows · (\d+ inserted, )?\d+ updated$/)
  expect(fct_delay_days).toMatch(/^[1-9]\d* rows · /)
  expect(airport_status).toMatch(/^\d+ rows · (\d+ inserted, )?\d+ updated$/)
})

test('a run over the same flights changes nothing', () => {
  const changed = outcomes(flights.fft(['run', '--vars', 'as_of=2001-01-05']))
  for (const model of incrementalModels) expect(changed[model]).toMatch(/^0 rows/)
})

test('three more days leave the rows that a full refresh leaves', async () => {
  for (const as_of of ['2001-01-06', '2001-01-07T06:30:00', '2001-01-08']) {
    expect(flights.fft(['run', '--vars', `as_of=${as_of}`]).code).toBe(0)
  }
  const before = await Promise.all(incrementalModels.map(digest))
  expect(flights.fft(['run', '--vars', 'as_of=2001-01-08', '--full-refresh']).code).toBe(0)
  expect(await Promise.all(incrementalModels.map(digest))).toEqual(before)
})

test('passes its data tests', () => {
  expect(flights.fft(['test']).code).toBe(0)
})

/** The number of rows, and a hash of all values that does not depend on their order. */
async function digest(model: string) {
  return { model, content: await flights.rows(`select count(*), sum(hash(m)) from ${model} as m`) }
}
