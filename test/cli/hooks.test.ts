import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

const hooks = `hooks:
  on_run_start:
    - create schema if not exists audit; create table if not exists audit.log(what varchar)
    - { name: begin, params: { word: started } }
  on_run_end:
    - name: end
      sql: insert into audit.log values ('end {{ run.status }} {{ run.row_count }} {{ run.engine_name }}')
  before_model:
    - name: before
      select: [tag:loud]
      sql: |
        insert into audit.log values ('before {{ model.name }} {{ model.status }}')
  after_model:
    - name: after
      sql: insert into audit.log select 'after {{ node.name }} {{ node.rows_affected }} ' || count(*) from {{ this }}
    - { name: elsewhere, sql: nonsense, engines: [postgres] }
    - { name: other, sql: nonsense, envs: [prod] }
`

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write({
    'project.yml': `name: lab\nversion: '1'\n${hooks}`,
    'hooks/run/begin.sql': "insert into audit.log values ('{{ params.word }} {{ run.env_name }}')\n",
    'seeds/raw.csv': 'id\n1\n2\n',
    'models/a.ff.sql': "{{ config(tags=['loud']) }}select * from {{ ref('raw') }}\n",
    'models/b.ff.sql': "select * from {{ ref('a') }}\n",
  })
  expect((await fft('seed')).code).toBe(0)
})
afterEach(() => folder.end())

const fft = (...argv: readonly string[]) => runFft(argv, folder.dir)

async function log(): Promise<readonly string[]> {
  const { stdout } = await fft('show', '--inline', 'select what from audit.log', '--limit', '0', '--output', 'json')
  return JSON.parse(stdout).show.map((row: { what: string }) => row.what)
}

test('hooks run around the run and each model, for the models, engines and environments that they name', async () => {
  const { code, faults } = await fft('run', '--jobs', '1')
  expect([code, faults]).toEqual([0, []])
  expect(await log()).toEqual(['started dev', 'before a running', 'after a 2 2', 'after b 2 2', 'end success 4 duckdb'])
})

test('unchanged models and other commands have no hooks; a failed model has none after it, but the run has its end', async () => {
  await fft('run')
  await fft('run')
  await fft('test')
  expect(await log()).toEqual(expect.arrayContaining(['end success 0 duckdb']))
  expect((await log()).filter((line) => line.startsWith('after'))).toHaveLength(2)
  await folder.write({ 'models/b.ff.sql': "select nope from {{ ref('a') }}\n" })
  expect((await fft('run')).code).toBe(1)
  expect((await log()).slice(-2)).toEqual(['started dev', 'end error 0 duckdb'])
})

test('a failing hook of a model fails the model, at the place of the hook, and its children are skipped', async () => {
  await folder.write({
    'project.yml':
      "name: lab\nversion: '1'\nhooks:\n  after_model:\n    - name: bad\n      sql: insert into nowhere values (1)\n",
  })
  const { code, nodes } = await fft('run')
  expect(code).toBe(1)
  expect(nodes['a']).toMatchObject({
    status: 'error',
    code: 'relation-missing',
    file: 'project.yml',
    line: 6,
    column: 12,
    message: expect.stringContaining("the hook 'bad' failed"),
  })
  expect(nodes['b']).toMatchObject({ status: 'skipped' })
})

test('a failing hook of the run is exit code 1: at the start nothing runs, at the end everything has', async () => {
  const failing = (event: string) => ({
    'project.yml': `name: lab\nversion: '1'\nhooks: { ${event}: [select nope] }\n`,
  })
  await folder.write(failing('on_run_start'))
  const start = await fft('run')
  expect([start.code, start.nodes, start.faults]).toMatchObject([1, {}, [{ code: 'column-missing', line: 3 }]])
  await folder.write(failing('on_run_end'))
  const end = await fft('run')
  expect([end.code, end.nodes, end.faults]).toMatchObject([
    1,
    { a: { status: 'success' }, b: { status: 'success' } },
    [{ code: 'column-missing', line: 3 }],
  ])
})

test('a hook without SQL, or with a template that cannot be rendered, is exit code 2 before anything runs', async () => {
  const project = (hook: string) => ({
    'project.yml': `name: lab\nversion: '1'\nhooks:\n  before_model:\n    - ${hook}\n`,
  })
  await folder.write(project('name: none'))
  const none = await fft('run')
  expect([none.code, none.faults]).toMatchObject([
    2,
    [{ code: 'hook-without-sql', line: 5, column: 7, hint: 'write sql:, or a file hooks/none.sql' }],
  ])
  await folder.write(project('select {{ nope }}'))
  const wrong = await fft('run')
  expect([wrong.code, wrong.faults, wrong.nodes]).toMatchObject([
    2,
    [{ code: 'unknown-name', line: 5, column: 17 }],
    {},
  ])
  await folder.write(project('{ sql: select 1, select: [nope] }'))
  const skipped = await fft('run')
  expect([skipped.code, skipped.faults]).toMatchObject([0, [{ code: 'hook-skipped', severity: 'warning' }]])
})
