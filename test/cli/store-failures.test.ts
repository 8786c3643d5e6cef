import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write({
    'seeds/raw.csv': 'id,name\n1,a\n1,b\n2,\n',
    'seeds/seeds.yml': `seeds:
  - name: raw
    columns:
      - name: id
        tests:
          - unique
          - not_null: { store_failures: false }
      - name: name
        tests:
          - not_null: { severity: warn }
`,
    'tests/many.sql': "select * from {{ ref('raw') }} where id = 1\n",
  })
})
afterEach(() => folder.end())

const fft = (...argv: readonly string[]) => runFft(argv, folder.dir)

async function rows(sql: string): Promise<unknown> {
  const { stdout } = await fft('show', '--inline', sql, '--output', 'json')
  return JSON.parse(stdout).show
}

const audit = "select table_name as t from information_schema.tables where table_schema like '%audit' order by 1"

test('test --store-failures keeps the rows that each test finds in a table of its name, and says where', async () => {
  await fft('seed')
  const { code, notices } = await fft('test', '--store-failures')
  expect(code).toBe(1)
  expect(notices).toEqual([
    'the failures of many are in main_dbt_test__audit.many',
    'the failures of not_null_raw_name are in main_dbt_test__audit.not_null_raw_name',
    'the failures of unique_raw_id are in main_dbt_test__audit.unique_raw_id',
  ])
  expect(await rows(audit)).toEqual([{ t: 'many' }, { t: 'not_null_raw_name' }, { t: 'unique_raw_id' }])
  expect(await rows('select id, name from main_dbt_test__audit.many order by name')).toEqual([
    { id: 1, name: 'a' },
    { id: 1, name: 'b' },
  ])
  const { results } = JSON.parse(readFileSync(join(folder.dir, 'target/run_results.json'), 'utf8'))
  expect(results.map((result: Record<string, unknown>) => result['relation_name'])).toContain(
    '"main_dbt_test__audit"."many"',
  )
})

test('the next run puts what it finds in their place, also nothing; without the option nothing is kept', async () => {
  await fft('build', '--store-failures')
  await folder.write({ 'seeds/raw.csv': 'id,name\n1,a\n' })
  expect((await fft('seed')).code).toBe(0)
  await fft('test')
  expect(await rows('select count(*) as n from main_dbt_test__audit.many')).toEqual([{ n: 2 }])
  await fft('test', '--store-failures')
  expect(await rows('select count(*) as n from main_dbt_test__audit.many')).toEqual([{ n: 1 }])
  expect(await rows('select count(*) as n from main_dbt_test__audit.unique_raw_id')).toEqual([{ n: 0 }])
})
