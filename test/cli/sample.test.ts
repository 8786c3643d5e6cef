import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write({
    'seeds/raw.csv': 'id,at\n1,2024-01-01 00:00:00\n2,2024-01-02 00:00:00\n3,2024-01-03 00:00:00\n',
    'seeds/other.csv': 'n\n7\n',
    'seeds/seeds.yml': 'seeds: [{ name: raw, config: { event_time: at } }]\n',
    'sources.yml': 'version: 2\nsources: [{ name: ext, tables: [{ name: raw, event_time: at }] }]\n',
    'models/aliased.ff.sql':
      "with r as (select * from {{ ref('raw') }} as x) select r.id, n from r, {{ ref('other') }} o\n",
    'models/sourced.ff.sql': "{{ config(materialized='view') }}select id from {{ source('ext', 'raw') }}\n",
    'models/coded.ff.ts': `import { model } from 'fastflowtransform'
export default model({ deps: ['raw'], columns: { id: 'bigint' } }, async ({ raw }) => {
  const ids = []
  for await (const { id } of raw.rows()) ids.push({ id })
  return ids
})
`,
  })
  expect((await fft(['seed'])).code).toBe(0)
})
afterEach(() => folder.end())

const fft = (argv: readonly string[], environment = {}) => runFft(argv, folder.dir, environment)

async function ids(relation: string): Promise<unknown> {
  const sql = `select coalesce(string_agg(id::varchar, ' ' order by id), '') as ids from ${relation}`
  const { stdout } = await fft(['show', '--inline', sql, '--output', 'json'])
  return JSON.parse(stdout).show[0].ids
}

const allIds = async () => [await ids('aliased'), await ids('sourced'), await ids('coded')]

test('--empty builds everything without reading a row, and the next run builds it in full', async () => {
  expect((await fft(['run', '--empty'])).code).toBe(0)
  expect(await allIds()).toEqual(['', '', ''])
  expect((await fft(['run'])).code).toBe(0)
  expect(await allIds()).toEqual(['1 2 3', '1 2 3', '1 2 3'])
})

test('--sample reads a window of parents that say event_time: a length that ends now, or two ends', async () => {
  const now = { FFT_NOW: '2024-01-03T12:00:00' }
  expect((await fft(['run', '--sample', '2 days'], now)).code).toBe(0)
  expect(await allIds()).toEqual(['2 3', '2 3', '2 3'])
  expect((await fft(['run', '--sample', "{start: '2024-01-02', end: '2024-01-03'}"])).code).toBe(0)
  expect(await allIds()).toEqual(['2', '2', '2'])
  const wrong = await fft(['run', '--sample', 'some'])
  expect([wrong.code, wrong.faults]).toMatchObject([
    2,
    [{ code: 'bad-option-value', message: "--sample cannot be 'some'" }],
  ])
  expect((await fft(['run', '--sample', '1 day', '--empty'])).code).toBe(2)
})

test('a sample is refused where an incremental table is, all of them named, and nothing runs', async () => {
  const incremental = (at: string) =>
    `{{ config(materialized='incremental', unique_key='id', updated_at='${at}') }}\nselect * from {{ ref('raw') }}\n`
  await folder.write({ 'models/inc_a.ff.sql': incremental('at'), 'models/inc_b.ff.sql': incremental('at') })
  expect((await fft(['run'])).code).toBe(0)
  for (const argv of [['--empty'], ['--sample', '1 day'], ['--empty', '--full-refresh']]) {
    const { code, faults, nodes } = await fft(['run', ...argv])
    expect([code, nodes]).toEqual([2, {}])
    expect(faults).toMatchObject(
      ['a', 'b'].map((name) => ({
        code: 'sample-refused',
        message: `${argv[0]} would move the watermark of 'inc_${name}': main.inc_${name} is there already`,
        file: `models/inc_${name}.ff.sql`,
        line: 1,
        column: 24,
      })),
    )
  }
  expect((await fft(['build', '--empty', '--exclude', 'inc_a', 'inc_b'])).code).toBe(0)
  expect([await ids('inc_a'), await ids('aliased')]).toEqual(['1 2 3', ''])
})
