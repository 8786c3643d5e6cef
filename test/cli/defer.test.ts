import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write({
    'profiles.yml': `prod: { engine: duckdb, duckdb: { path: lab.duckdb, schema: prod } }
dev: { engine: duckdb, duckdb: { path: lab.duckdb, schema: dev } }
`,
    'seeds/raw.csv': 'id\n1\n2\n',
    'models/a.ff.sql': "select * from {{ ref('raw') }}\n",
    'models/e.ff.sql': "{{ config(materialized='ephemeral') }}select * from {{ ref('a') }}\n",
    'models/b.ff.sql': "select id from {{ ref('e') }}\n",
  })
  expect((await fft('build', '--env', 'prod', '--target-path', 'state')).code).toBe(0)
})
afterEach(() => folder.end())

const fft = (...argv: readonly string[]) => runFft(argv, folder.dir)

async function count(relation: string): Promise<unknown> {
  const sql = `select count(*) as n from ${relation}`
  const { stdout } = await fft('show', '--env', 'prod', '--inline', sql, '--output', 'json')
  return JSON.parse(stdout).show[0].n
}

test('--defer reads what is not built here from the environment of --state', async () => {
  const without = await fft('run', '-s', 'b')
  expect([without.code, without.nodes['b']]).toMatchObject([1, { code: 'parent-missing' }])
  const { code, notices } = await fft('run', '-s', 'b', '--defer', '--state', 'state')
  expect([code, notices]).toEqual([0, []])
  expect(await count('dev.b')).toBe(2)
  const direct = await fft('run', '-s', 'a', '--defer', '--state', 'state')
  expect([direct.code, direct.notices]).toEqual([0, ['raw is read from prod.raw']])
  expect(await count('dev.a')).toBe(2)
})

test('what is here, or selected, is read here', async () => {
  await folder.write({ 'seeds/raw.csv': 'id\n1\n' })
  expect((await fft('seed')).code).toBe(0)
  const { code, notices } = await fft('run', '--defer', '--state', 'state')
  expect([code, notices]).toEqual([0, []])
  expect([await count('dev.b'), await count('prod.b')]).toEqual([1, 2])
})

test('--defer without a manifest to defer to is exit code 2', async () => {
  for (const argv of [['--defer'], ['--defer', '--state', 'nowhere']]) {
    const { code, faults } = await fft('run', ...argv)
    expect([code, faults]).toMatchObject([2, [{ code: 'defer-without-state' }]])
  }
})
