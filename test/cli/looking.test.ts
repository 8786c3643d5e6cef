import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write({
    'seeds/raw.csv': 'id\n1\n',
    'models/a.ff.sql': "select * from {{ ref('raw') }}\n",
  })
})
afterEach(() => folder.end())

const fft = (...argv: readonly string[]) => runFft(argv, folder.dir)

test('a SELECT of the command line that refers to nothing of the project is exit code 2, at its place', async () => {
  const ref = await fft('show', '--inline', "select * from {{ ref('ra') }}")
  expect([ref.code, ref.faults]).toMatchObject([
    2,
    [{ code: 'ref-not-found', file: '<inline>', line: 1, column: 22, hint: "did you mean 'raw'?" }],
  ])
  const source = await fft('show', '--inline', "select * from {{ source('ext', 'raw') }}")
  expect([source.code, source.faults]).toMatchObject([2, [{ code: 'source-not-found', column: 25 }]])
})

test('rows of what is not built yet: the error names the command that builds it', async () => {
  const seed = await fft('show', '-s', 'raw')
  expect(seed.code).toBe(1)
  expect(seed.faults).toMatchObject([
    { code: 'relation-missing', message: 'main.raw does not exist', hint: 'load it first: fft seed --select raw' },
  ])
  const model = await fft('show', '-s', 'a')
  expect(model.code).toBe(1)
  expect(model.faults).toMatchObject([
    {
      code: 'parent-missing',
      message: "'a' reads 'raw', but main.raw does not exist",
      hint: 'build it first: fft seed --select raw',
      file: 'models/a.ff.sql',
      line: 1,
      column: 22,
    },
  ])
})

test('what a template logs with info=True is shown at every compile, what it prints too; the rest is not', async () => {
  await folder.write({
    'models/b.ff.sql': `{{ log('seen', info=True) }}{% do print('printed') %}{{ log('quiet') }}
{% do exceptions.warn('careful') %}select 1 as x
`,
  })
  for (const _ of [1, 2]) {
    const { notices, faults } = await fft('compile', '-s', 'b')
    expect(notices).toEqual(['seen', 'printed', 'compiled 1 model into target/compiled'])
    expect(faults.map(({ message }) => message)).toEqual(['careful'])
  }
})

test('a resource type that there is not is exit code 2', async () => {
  const { code, faults } = await fft('run', '--resource-type', 'modell')
  expect(code).toBe(2)
  expect(faults).toMatchObject([{ code: 'bad-option-value', hint: "did you mean 'model'?" }])
})

test('a secret that a model prints stands in no artifact, in no output', async () => {
  await folder.write({
    'profiles.yml':
      "dev: { engine: duckdb, duckdb: { path: lab.duckdb, settings: { s3_secret_access_key: 'k7-hidden' } } }\n",
    'models/b.ff.sql': "select 'k7-hidden' as x, nope\n",
  })
  const { code, stdout } = await fft('compile', '-s', 'b')
  expect([code, stdout]).toEqual([0, "select '***' as x, nope\n"])
  const files = readdirSync(join(folder.dir, 'target'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(json|jsonl|sql)$/.test(file),
  )
  expect(files).toEqual(expect.arrayContaining(['manifest.json', 'run_results.json', 'compiled/lab/models/b.sql']))
  const telling = files.filter((file) => readFileSync(join(folder.dir, 'target', file), 'utf8').includes('k7-hidden'))
  expect(telling).toEqual([])
})
