import { appendFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Example, outcomes } from './example.js'

const incrementalModels = ['fct_events_sql_inline', 'fct_events_sql_yaml', 'fct_events_ts_incremental']
const environment = { FFT_ACTIVE_ENV: 'dev_duckdb' }
const select = ['--select', 'tag:example:incremental_demo', '--select', 'tag:engine:duckdb']

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

let demo: Example

beforeAll(() => {
  demo = new Example('incremental_demo')
})

afterAll(() => demo.close())

// One story: each test goes on from the one before.
describe('the incremental demo on DuckDB', () => {
  test('loads its seed', async () => {
    expect(demo.fft(['seed', '.'], environment)).toMatchObject({ code: 0, stdout: '' })
    expect(await demo.rows('select * from seed_events order by all')).toEqual(firstRows)
    const types = await demo.rows(
      "select column_name, data_type from information_schema.columns where table_name = 'seed_events'",
    )
    expect(Object.fromEntries(types)).toEqual({ event_id: 'BIGINT', updated_at: 'TIMESTAMP', value: 'BIGINT' })
  })

  test('makes every incremental model from its full SELECT on the first run', async () => {
    const run = demo.fft(['run', '.', ...select], environment)
    expect(run).toMatchObject({ code: 0, stdout: '' })
    expect(outcomes(run)).toEqual({
      events_base: '3 rows · created',
      fct_events_sql_inline: '3 rows · created',
      fct_events_sql_yaml: '3 rows · created',
      fct_events_ts_incremental: '3 rows · created',
    })
    for (const model of incrementalModels) expect(await rowsOf(model)).toEqual(firstRows)
  })

  test('passes its data tests', () => {
    const { code, stderr } = demo.fft(['test', '.', '--select', 'tag:example:incremental_demo'], environment)
    expect(code).toBe(0)
    expect(stderr).toMatch(/Done in .*: 15 passed\n$/)
  })

  test('applies one update and two new events, and says so', async () => {
    writeFileSync(join(demo.dir, 'seeds/seed_events.csv'), csv(laterRows))
    expect(demo.fft(['seed', '.'], environment).code).toBe(0)
    const run = demo.fft(['run', '.', ...select, '--cache', 'rw'], environment)
    expect(run.code).toBe(0)
    for (const model of incrementalModels) {
      expect(outcomes(run)[model]).toBe('3 rows · 2 inserted, 1 updated')
      expect(await rowsOf(model)).toEqual(laterRows)
    }
  })

  test('changes nothing in a third run', async () => {
    const run = demo.fft(['run', '.', ...select], environment)
    expect(run.code).toBe(0)
    for (const model of incrementalModels) {
      expect(outcomes(run)[model]).toMatch(/^0 rows/)
      expect(await rowsOf(model)).toEqual(laterRows)
    }
  })

  test('holds the rows of a full refresh, with the same types', async () => {
    const before = await Promise.all(incrementalModels.map(contentOf))
    expect(demo.fft(['run', '.', ...select, '--full-refresh'], environment).code).toBe(0)
    expect(await Promise.all(incrementalModels.map(contentOf))).toEqual(before)
  })

  test('loses a tie with its own ">", and keeps it with watermark() and ">="', async () => {
    appendFileSync(join(demo.dir, 'seeds/seed_events.csv'), '6,2024-01-02T10:05:00,60\n')
    demo.fft(['seed', '.'], environment)
    demo.fft(['run', '.', ...select], environment)
    expect(await rowsOf('fct_events_sql_yaml')).toEqual(laterRows)
    const delta = `sql: |
  select event_id, updated_at, value from {{ ref('events_base') }} where updated_at >= {{ watermark('updated_at') }}
`
    writeFileSync(join(demo.dir, 'config/incremental/fct_events_sql_yaml.delta.yml'), delta)
    const run = demo.fft(['run', '.', '--select', 'fct_events_sql_yaml'], environment)
    expect(outcomes(run)).toEqual({ fct_events_sql_yaml: '1 row · 1 inserted' })
    expect(await rowsOf('fct_events_sql_yaml')).toEqual([...laterRows, ['6', '2024-01-02 10:05:00', '60']])
  })
})

test.each(['duckdb', 'postgres', 'databricks_spark'])('%s has a code model of its own', async (engine) => {
  const text = await readFile(join(demo.dir, `models/engines/${engine}/fct_events_ts_incremental.ff.ts`), 'utf8')
  expect(text).toContain(`only: '${engine}'`)
  expect(text).toContain(`'engine:${engine}'`)
})

function rowsOf(model: string) {
  return demo.rows(`select event_id, updated_at, value from ${model} order by all`)
}

/** Rows, and columns with their types. */
async function contentOf(model: string) {
  const columns = await demo.rows(`select column_name, column_type from (describe ${model})`)
  return { model, columns, rows: await rowsOf(model) }
}

function csv(rows: readonly (readonly string[])[]): string {
  const lines = rows.map(([id, time = '', value]) => `${id},${time.replace(' ', 'T')},${value}\n`)
  return `event_id,updated_at,value\n${lines.join('')}`
}
