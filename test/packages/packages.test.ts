import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { queriesOnFile } from '../support/duckdb-file.js'
import { folderAt, type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let root: ProjectFolder
let project: ProjectFolder
beforeEach(async () => {
  root = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  project = folderAt(join(root.dir, 'app'))
  await project.write({
    'project.yml': `name: app\nversion: '1'\nmodels: {shared: {marts: {+tags: [late]}}}\nvars: {factor: 3}\n`,
    'profiles.yml': 'dev: {engine: duckdb, duckdb: {path: lab.duckdb}}\n',
    'packages.yml': 'packages:\n  - local: ../shared\n    version: ">=1.2.0,<2.0.0"\n',
    'models/top.ff.sql':
      "{% import 'snippets.sql' as s %}\nselect {{ shared.times('n') }} as n, {{ times('n') }} as own, {{ s.one() }} as one from {{ ref('shared', 'base') }}\n",
    'macros/own.sql': '{% macro times(column) %}{{ column }} * 100{% endmacro %}\n',
  })
  await root.write({
    'shared/project.yml': `name: shared\nversion: 1.4.0\nmodels: {+materialized: view}\nvars: {factor: 2, other: 1}\n`,
    'shared/macros/times.sql': "{% macro times(column) %}{{ column }} * {{ var('factor') }}{% endmacro %}\n",
    'shared/snippets.sql': '{% macro one() %}1{% endmacro %}\n',
    'shared/models/base.ff.sql': "select {{ var('other') }} as n\n",
    'shared/models/marts/mart.ff.sql': "{{ config(materialized='table') }} select n + 1 as n from {{ ref('base') }}\n",
    'shared/models/code.ff.ts':
      "import { model } from 'fastflowtransform'\nexport default model({ deps: ['base'], materialized: 'table' }, async ({ base }) => base.rows())\n",
    'shared/models/schema.yml':
      'models: [{name: base, description: of the package, columns: [{name: n, tests: [not_null]}]}]\n',
  })
})
afterEach(() => root.end())

const fft = (...argv: readonly string[]) => runFft(argv, project.dir)
const rows = async (sql: string) => (await queriesOnFile(join(project.dir, 'lab.duckdb'), [sql]))[0]

test('models, macros, properties and variables of a package are used; what the project says wins', async () => {
  const outcome = await fft('build')
  expect(outcome.code, outcome.stderr).toBe(0)
  expect(await rows('select n, own, one from top')).toEqual([['3', '100', '1']])
  expect(await rows('select n from mart')).toEqual([['2']])
  expect(await rows('select view_name from duckdb_views() where not internal')).toEqual([['base']])
  const listed = await fft('ls', '--resource-type', 'model')
  expect(listed.stdout.split('\n').filter(Boolean)).toEqual([
    'app.top',
    'shared.base',
    'shared.code',
    'shared.marts.mart',
  ])
  expect((await fft('ls', '--select', 'package:shared', 'tag:late', '--resource-type', 'model')).stdout).toContain(
    'mart',
  )
  expect((await fft('ls', '--select', 'package:shared', '--resource-type', 'test')).stdout.trim()).toBe(
    'shared.not_null_base_n',
  )
  expect((await fft('ls', '--select', 'tag:late')).stdout.trim()).toBe('shared.marts.mart')
  expect((await fft('compile')).code).toBe(0)
  const compiled = await readFile(join(project.dir, 'target/compiled/shared/models/marts/mart.sql'), 'utf8')
  expect(compiled).toContain('n + 1')
  const manifest = JSON.parse(await readFile(join(project.dir, 'target/manifest.json'), 'utf8'))
  expect(manifest.nodes['model.shared.base']).toMatchObject({
    package_name: 'shared',
    original_file_path: 'packages/shared/models/base.ff.sql',
    description: 'of the package',
  })
  expect(manifest.macros).toHaveProperty(['macro.shared.times'])
})

test('a change in the package is seen by the next command', async () => {
  await fft('run')
  await root.write({ 'shared/models/base.ff.sql': 'select 7 as n\n' })
  await fft('run')
  expect(await rows('select n from mart')).toEqual([['8']])
})

test('faults of a package are told at its files', async () => {
  await root.write({ 'shared/models/base.ff.sql': "select *\nfrom {{ ref('nothing') }}\n" })
  const outcome = await fft('ls')
  expect(outcome.code).toBe(2)
  expect(outcome.stderr).toContain('"file":"packages/shared/models/base.ff.sql","line":2,"column":13')
  await root.write({ 'shared/models/base.ff.sql': 'select nope\n' })
  const run = await fft('run')
  expect(run.nodes['base']).toMatchObject({ status: 'error', file: 'packages/shared/models/base.ff.sql', line: 1 })
})

describe('fft deps', () => {
  test('lists the packages and locks them; a package of another version is a warning then', async () => {
    const outcome = await fft('deps')
    expect(outcome.code, outcome.stderr).toBe(0)
    expect(outcome.stdout).toMatch(/shared +1\.4\.0 +\.\.\/shared +models/)
    const lock = await readFile(join(project.dir, 'packages.lock.yml'), 'utf8')
    expect(lock).toMatch(/name: "shared"\n {4}version: "1.4.0"\n {4}local: "..\/shared"\n {4}sha256: [0-9a-f]{64}\n/)
    expect((await fft('ls')).stderr).not.toContain('package-lock-stale')
    await root.write({
      'shared/project.yml': "name: shared\nversion: '1.5.0'\nmodels: {+materialized: view}\nvars: {other: 1}\n",
    })
    const later = await fft('ls')
    expect([later.code, later.stderr.includes('package-lock-stale')]).toEqual([0, true])
  })

  test.each([
    ['packages: [{local: ../nowhere}]', 'package-missing', 20],
    ['packages: [{local: ../shared, version: ">=2"}]', 'package-version', 40],
    ['packages: [{name: other, path: ../shared}]', 'package-name-differs', 32],
    ['packages: [{local: ../shared}, {local: ../shared}]', 'package-twice', 40],
    ['packages: [{git: "https://example.com/x.git", revision: v1}]', 'unknown-key', 47],
    ['packages: [{git: "https://example.com/x.git", rev: v1}]', 'package-not-local', 13],
    ['packages: [{package: dbt-labs/dbt_utils, version: 1.0.0}]', 'package-not-local', 13],
    ['packages: [{name: shared}]', 'package-needs-path', 12],
    ['packages: [{local: ../shared, models_dir: nope}]', 'package-models-missing', 20],
  ])('%s is exit 2 at its place', async (yaml, code, column) => {
    await project.write({ 'packages.yml': `${yaml}\n` })
    for (const command of ['deps', 'ls']) {
      const outcome = await fft(command)
      expect(outcome.code).toBe(2)
      expect(outcome.stderr).toContain(`"code":"${code}"`)
      expect(outcome.stderr).toContain(`"file":"packages.yml","line":1,"column":${column}`)
    }
  })

  test('what a package needs has to be listed as well', async () => {
    await root.write({
      'shared/project.yml':
        "name: shared\nversion: '1.4.0'\ndependencies: [{name: more, version: '>=1.0.0'}, {name: maybe, optional: true}]\n",
    })
    const outcome = await fft('deps')
    expect(outcome.code).toBe(2)
    expect(outcome.stderr).toContain("needs the package 'more >=1.0.0'")
  })
})
