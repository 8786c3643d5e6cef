import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'nowhere/lab.duckdb' } })
  await folder.write({ 'models/good.ff.sql': 'select 1 as id\n' })
})
afterEach(() => folder.end())

const check = (...argv: readonly string[]) => runFft(['ci', 'check', ...argv], folder.dir)

const breakIt = () =>
  folder.write({
    'models/bad.ff.sql': "select *\nfrom {{ ref('goood') }}\n",
    'models/schema.yml': 'models: [{ name: nobody }]\n',
  })

test('a good project is exit code 0 in every format, and its warehouse is not opened', async () => {
  const { code, stdout } = await check()
  expect([code, stdout]).toEqual([0, '0 errors, 0 warnings, 1 node checked\n'])
  expect((await check('--format', 'github')).stdout).toBe('')
  expect((await check('--format', 'junit')).stdout).toContain('tests="1" failures="0"')
  expect(JSON.parse((await check('--format', 'sarif')).stdout).runs[0].results).toEqual([])
  expect(JSON.parse((await runFft(['ci-check', '--format', 'json'], folder.dir)).stdout)).toEqual({
    project: 'lab',
    errors: 0,
    warnings: 0,
    issues: [],
    checked: ['model.lab.good'],
  })
})

test('what is wrong is printed with its place, and is exit code 1', async () => {
  await breakIt()
  const { code, stdout } = await check()
  expect(code).toBe(1)
  expect(stdout).toBe(`models/schema.yml:1:18 warning[properties-unmatched]: model 'nobody' has properties but no file
  1 | models: [{ name: nobody }]
    |                  ^^^^^^
  hint: known: bad, good
models/bad.ff.sql:2:13 error[ref-not-found]: ref('goood') names no model, seed or snapshot
  2 | from {{ ref('goood') }}
    |             ^^^^^^^
  hint: did you mean 'good'?
1 error, 1 warning, 0 nodes checked
`)
})

test('other formats say the same: GitHub annotations, JSON, SARIF in a file, JUnit', async () => {
  await breakIt()
  expect((await check('--format', 'github')).stdout.split('\n')).toEqual([
    "::warning file=models/schema.yml,line=1,col=18,title=properties-unmatched::model 'nobody' has properties but no file%0Aknown: bad, good",
    "::error file=models/bad.ff.sql,line=2,col=13,title=ref-not-found::ref('goood') names no model, seed or snapshot%0Adid you mean 'good'?",
    '',
  ])
  expect(JSON.parse((await check('--format', 'json')).stdout)).toMatchObject({
    errors: 1,
    issues: [{ severity: 'warning' }, { code: 'ref-not-found', file: 'models/bad.ff.sql', line: 2, column: 13 }],
  })
  const { code, stdout } = await check('--format', 'sarif', '--output', 'out/check.sarif')
  expect([code, stdout]).toEqual([1, ''])
  expect(JSON.parse(readFileSync(join(folder.dir, 'out/check.sarif'), 'utf8'))).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'fft' } },
        results: [
          { level: 'warning' },
          {
            ruleId: 'ref-not-found',
            level: 'error',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'models/bad.ff.sql' },
                  region: { startLine: 2, startColumn: 13, endColumn: 20 },
                },
              },
            ],
          },
        ],
      },
    ],
  })
  expect((await check('--format', 'junit')).stdout).toContain('tests="2" failures="1"')
})

test('a fault of a compile is found too; a selection that is wrong is exit code 2', async () => {
  await folder.write({ 'models/empty.ff.sql': '-- nothing\n' })
  const { code, stdout } = await check('--format', 'json')
  expect([code, JSON.parse(stdout)]).toMatchObject([1, { issues: [{ code: 'sql-empty' }] }])
  expect((await check('--select', 'nope')).code).toBe(2)
  expect((await check('--format', 'xml')).code).toBe(2)
})
