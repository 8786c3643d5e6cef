import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

const sources = `version: 2
sources:
  - name: shop
    loaded_at_field: at
    freshness: { warn_after: { count: 6, period: hour }, error_after: { count: 1, period: day } }
    tables:
      - name: raw
      - name: filtered
        identifier: raw
        freshness: { error_after: { count: 1, period: hour }, filter: "id < 2" }
      - name: gone
  - name: other
    tables: [{ name: raw }]
`

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write({
    'seeds/raw.csv': 'id,at\n1,2024-01-01 00:00:00\n2,2024-01-02 12:00:00\n',
    'sources.yml': sources,
    'models/a.ff.sql': "select * from {{ source('shop', 'raw') }}\n",
  })
  expect((await runFft(['seed'], folder.dir)).code).toBe(0)
})
afterEach(() => folder.end())

const freshness = (now: string, ...argv: readonly string[]) =>
  runFft(['source', 'freshness', ...argv], folder.dir, { FFT_NOW: now })

function artifact(): Record<string, Record<string, unknown>[]> {
  return JSON.parse(readFileSync(join(folder.dir, 'target/sources.json'), 'utf8'))
}

test.each([
  ['2024-01-02 18:00:00', 'pass', 0, []],
  ['2024-01-02 18:00:01', 'warn', 0, [['source-stale', 'warning', 7]]],
  ['2024-01-03 12:00:01', 'error', 1, [['source-stale', 'error', 7]]],
])('at %s the source is %s: exit code %i', async (now, status, code, shown) => {
  const outcome = await freshness(now, '--select', 'source:shop.raw')
  expect(outcome.code).toBe(code)
  expect(
    outcome.faults.map((fault) => [fault.code, fault.level === 'error' ? 'error' : 'warning', fault.line]),
  ).toEqual(shown)
  expect(outcome.stdout).toMatch(new RegExp(`^shop.raw +${status} `, 'm'))
})

test('sources.json has what was found, in the shape of dbt; what cannot be told is an error at its place', async () => {
  const { code, faults, stdout } = await freshness('2024-01-02T13:00:00')
  expect(code).toBe(1)
  expect(faults.map(({ message, file, line, column }) => [message, file, line, column])).toEqual([
    ["'shop.filtered' is 37h 00m old, more than 1 hour", 'sources.yml', 8, 15],
    [expect.stringMatching(/^how old 'shop.gone' is cannot be told: .*gone/), 'sources.yml', 11, 15],
  ])
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/).join('|'))).toEqual([
    'source|status|lag|warn after|error after',
    expect.any(String),
    'shop.filtered|error|37h 00m|-|1 hour',
    'shop.gone|runtime error|-|6 hours|1 day',
    'shop.raw|pass|1h 00m|6 hours|1 day',
    '',
  ])
  const { metadata, results } = artifact()
  expect(metadata).toMatchObject({ dbt_schema_version: 'https://schemas.getdbt.com/dbt/sources/v3.json' })
  expect(results).toMatchObject([
    {
      unique_id: 'source.lab.shop.filtered',
      status: 'error',
      criteria: { filter: 'id < 2', warn_after: { count: null } },
    },
    { unique_id: 'source.lab.shop.gone', status: 'runtime error', error: expect.stringContaining('gone') },
    {
      unique_id: 'source.lab.shop.raw',
      status: 'pass',
      max_loaded_at: '2024-01-02T12:00:00.000Z',
      snapshotted_at: '2024-01-02T13:00:00.000Z',
      max_loaded_at_time_ago_in_s: 3600,
      criteria: { warn_after: { count: 6, period: 'hour' }, error_after: { count: 1, period: 'day' }, filter: null },
    },
  ])
})

test('sources without limits are left out; with none left there is nothing to do', async () => {
  const { code, notices, stdout } = await freshness('2024-01-02', '--select', 'source:other')
  expect([code, stdout]).toEqual([0, ''])
  expect(notices).toEqual(['no selected source has loaded_at_field with warn_after or error_after'])
  expect((await freshness('2024-01-02', '--select', 'source:nope')).code).toBe(2)
})
