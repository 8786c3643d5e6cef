import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'w.duckdb' } })
  await folder.write({
    'seeds/raw.csv': 'id\n1\n2\n',
    'models/constant.ff.sql': 'select 1 as id\n',
    'models/copied.ff.sql': "select * from {{ ref('raw') }}\n",
    'models/seen.ff.sql': "{{ config(materialized='view') }}\nselect * from {{ ref('copied') }}\n",
    'models/clock.ff.sql': 'select now() as at\n',
    'models/by_hand.ff.sql': 'select * from main.elsewhere\n',
  })
  await byHand('create table elsewhere as select 1 as id')
  expect((await runFft(['build'], folder.dir)).code).toBe(0)
})
afterEach(() => folder.end())

async function byHand(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder.dir, 'w.duckdb'))
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

/** The status of every model of a further run. */
async function statuses(...flags: readonly string[]) {
  const { nodes } = await runFft(['run', ...flags], folder.dir)
  return Object.fromEntries(Object.entries(nodes).map(([name, { status }]) => [name, status]))
}

const unchanged = { constant: 'no-op', copied: 'no-op', seen: 'no-op', clock: 'success', by_hand: 'success' }

test('what is provably the same is left alone, also without parents; the clock and tables named by hand prove nothing', async () => {
  expect(await statuses()).toEqual(unchanged)
  expect(await statuses()).toEqual(unchanged)
})

test('a parent with other rows, another text and another configuration are run', async () => {
  await folder.write({
    'seeds/raw.csv': 'id\n1\n2\n3\n',
    'models/constant.ff.sql': 'select 2 as id\n',
  })
  await runFft(['seed'], folder.dir)
  expect(await statuses()).toEqual({ ...unchanged, constant: 'success', copied: 'success', seen: 'success' })
  await folder.write({ 'models/constant.ff.sql': "{{ config(materialized='view') }}\nselect 2 as id\n" })
  expect(await statuses()).toEqual({ ...unchanged, constant: 'success' })
})

test('when another program has written to the database, and with --rebuild, everything is run', async () => {
  await byHand('insert into elsewhere values (2)')
  const all = Object.fromEntries(Object.keys(unchanged).map((name) => [name, 'success']))
  expect(await statuses()).toEqual(all)
  expect(await statuses('--rebuild')).toEqual(all)
})
