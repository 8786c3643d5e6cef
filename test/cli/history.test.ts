import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

const good: Readonly<Record<string, string>> = {
  'seeds/raw.csv': 'id,at\n1,2024-01-01\n',
  'macros/one.sql': '{% macro one() %}{{ two() }}{% endmacro %}',
  'macros/two.sql': '{% macro two() %}1{% endmacro %}',
  'config/incremental/c.delta.yml': "sql: select * from {{ ref('raw') }}\n",
  'models/a.ff.sql': "select * from {{ ref('raw') }}\n",
  'models/b.ff.sql': "select id, {{ one() }} as n from {{ ref('a') }}\n",
  'models/c.ff.sql': `{{ config(materialized='incremental', unique_key='id', delta_config='config/incremental/c.delta.yml') }}
select * from {{ ref('raw') }}
`,
  'models/schema.yml': 'models: [{ name: a, columns: [{ name: id, tests: [not_null] }] }]\n',
}

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write(good)
})
afterEach(() => folder.end())

const fft = (...argv: readonly string[]) => runFft(argv, folder.dir)

async function listed(...argv: readonly string[]): Promise<string> {
  const { code, stdout, faults } = await fft('ls', '--output', 'name', ...argv)
  expect([code, faults]).toEqual([0, []])
  return stdout.trim().split('\n').join(' ')
}

test('state: compares the project with the last run, also after other commands have looked at it', async () => {
  await fft('build')
  expect(await listed('-s', 'state:modified')).toBe('')
  await folder.write({ 'models/a.ff.sql': "select id from {{ ref('raw') }}\n", 'models/d.ff.sql': 'select 1 as x\n' })
  for (const _ of [1, 2]) expect(await listed('-s', 'state:modified')).toBe('a d not_null_a_id')
  expect(await listed('-s', 'state:new')).toBe('d')
  expect(await listed('-s', 'state:modified.body')).toBe('a not_null_a_id')
  expect(await listed('-s', 'state:modified+', '--resource-type', 'model')).toBe('a b d')
  expect(await listed('-s', 'state:unmodified', '--resource-type', 'model', 'seed')).toBe('b c raw')
  const { code, nodes } = await fft('run', '-s', 'state:modified')
  expect([code, Object.keys(nodes).toSorted()]).toEqual([0, ['a', 'd']])
})

test('state: sees configuration of any file, macros through macros, and an earlier folder with --state', async () => {
  await fft('build')
  cpSync(join(folder.dir, 'target'), join(folder.dir, 'state-of-main'), { recursive: true })
  await folder.write({
    'project.yml': "name: lab\nversion: '1'\nmodels: { +materialized: view }\n",
    'macros/two.sql': '{% macro two() %}2{% endmacro %}',
  })
  const modified = (what: string) => listed('-s', what, '--state', 'state-of-main', '--resource-type', 'model')
  expect(await modified('state:modified.configs')).toBe('a b')
  expect(await modified('state:modified.macros')).toBe('b')
})

test('result: reads the last run; retry runs what failed and was skipped, until there is nothing left', async () => {
  await folder.write({ 'models/a.ff.sql': "select nope from {{ ref('raw') }}\n" })
  expect((await fft('build', '-x')).code).toBe(1)
  await fft('build')
  expect(await listed('-s', 'result:error', '--indirect-selection', 'empty')).toBe('a')
  expect(await listed('-s', 'result:skipped', '--resource-type', 'model')).toBe('b')
  await folder.write({ 'models/a.ff.sql': good['models/a.ff.sql'] ?? '' })
  const retried = await fft('retry')
  expect([retried.code, Object.keys(retried.nodes).toSorted()]).toEqual([0, ['a', 'b', 'not_null_a_id']])
  const again = await fft('retry')
  expect([again.code, again.nodes, again.notices]).toEqual([
    0,
    {},
    ['nothing to do: every node of the last fft build ended well'],
  ])
})

test('retry refuses what it cannot take up: no earlier run, one that ended before it began, another command', async () => {
  const refused = async () => {
    const { code, faults } = await fft('retry')
    expect(code).toBe(2)
    return faults.map(({ message }) => message)
  }
  expect(await refused()).toEqual(['there is no run_results.json of an earlier run'])
  await fft('run', '-s', 'nothing')
  expect(await refused()).toEqual(['fft run ended before it ran anything'])
  await fft('compile')
  expect(await refused()).toEqual(['the last command was fft compile, which has nothing to retry'])
})

test('source_status: reads sources.json, and compares it with that of --state', async () => {
  await folder.write({
    'sources.yml': `version: 2
sources:
  - name: ext
    loaded_at_field: at
    freshness: { warn_after: { count: 1, period: day } }
    tables: [{ name: raw }]
`,
    'models/d.ff.sql': "select * from {{ source('ext', 'raw') }}\n",
  })
  await fft('seed')
  await runFft(['source', 'freshness'], folder.dir, { FFT_NOW: '2024-01-01' })
  cpSync(join(folder.dir, 'target'), join(folder.dir, 'before'), { recursive: true })
  expect(await listed('-s', 'source_status:pass+')).toBe('d ext.raw')
  expect(await listed('-s', 'source_status:fresher+', '--state', 'before')).toBe('')
  await folder.write({ 'seeds/raw.csv': 'id,at\n1,2024-01-02\n' })
  await fft('seed')
  await runFft(['source', 'freshness'], folder.dir, { FFT_NOW: '2024-01-05' })
  expect(await listed('-s', 'source_status:fresher+', '--state', 'before')).toBe('d ext.raw')
  expect(await listed('-s', 'source_status:warn')).toBe('ext.raw')
})

test('changed: and --changed-since take what differs from a commit, in the working tree too', async () => {
  const git = (...argv: readonly string[]) => execFileSync('git', ['-C', folder.dir, ...argv], { stdio: 'pipe' })
  git('init', '-q')
  git('add', '-A')
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'one')
  expect(await listed('-s', 'changed:HEAD')).toBe('')
  await folder.write({ 'models/new.ff.sql': 'select 1 as x\n', 'macros/two.sql': '{% macro two() %}2{% endmacro %}' })
  expect(await listed('-s', 'changed:HEAD')).toBe('b new')
  await folder.write({ 'config/incremental/c.delta.yml': "sql: select * from {{ ref('raw') }} where true\n" })
  expect(await listed('-s', 'changed:HEAD')).toBe('b c new')
  await folder.write({ 'seeds/raw.csv': 'id,at\n5,2024-01-01\n' })
  await fft('seed')
  const { code, nodes } = await fft('run', '--changed-since', 'HEAD', '--exclude', 'b')
  expect([code, Object.keys(nodes).toSorted()]).toEqual([0, ['a', 'c', 'new']])
  const wrong = await fft('run', '--changed-since', 'nowhere')
  expect([wrong.code, wrong.faults]).toMatchObject([2, [{ code: 'selector-history' }]])
})

test('nothing changed is nothing to do; a missing artifact or an unknown value is exit code 2', async () => {
  const missing = await fft('run', '-s', 'result:error')
  expect([missing.code, missing.faults]).toMatchObject([
    2,
    [{ code: 'selector-history', message: "'result:error': target/run_results.json does not exist" }],
  ])
  await fft('build')
  const nothing = await fft('run', '-s', 'state:modified')
  expect([nothing.code, nothing.nodes]).toEqual([0, {}])
  expect(nothing.notices.join()).toMatch(/^nothing to do/)
  for (const word of ['state:modifyed', 'result:bad', 'source_status:old'])
    expect((await fft('ls', '-s', word)).faults).toMatchObject([
      { code: 'selector-history', hint: expect.stringMatching(/^values: /) },
    ])
})
