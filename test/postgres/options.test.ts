import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { type Lab, openLab } from './fixture.js'
import { postgresServer } from './server.js'

let lab: Lab
let project: ProjectFolder
beforeEach(async () => {
  // The oldest one: it wants an alias for each subquery.
  lab = await openLab(15)
  const dsn = (await postgresServer(15)).dsn()
  project = await projectFolder({ engine: 'postgres', postgres: { dsn, schema: lab.schema } }, `${lab.schema}_state`)
  await project.write({
    'seeds/raw.csv': 'id,at\n1,2024-01-01 00:00:00\n2,2024-01-02 00:00:00\n',
    'sources.yml': `version: 2
sources:
  - name: ext
    loaded_at_field: at
    event_time: at
    freshness: { error_after: { count: 1, period: day } }
    tables: [{ name: raw }]
`,
    'models/a.ff.sql': "select x.id from {{ source('ext', 'raw') }} as x\n",
    'models/schema.yml':
      'models: [{ name: a, columns: [{ name: id, tests: [{ accepted_values: { values: [1] } }] }] }]\n',
  })
})
afterEach(async () => {
  await project.end()
  await lab.admin(
    `drop schema if exists ${lab.schema}_state cascade`,
    `drop schema if exists ${lab.schema}_dbt_test__audit cascade`,
  )
  await lab.end()
})

const fft = (argv: readonly string[], now?: string) =>
  runFft(argv, project.dir, now === undefined ? {} : { FFT_NOW: now })

const ids = () => lab.admin(`select id::int from ${lab.schema}.a order by id`)

test('samples, stored failures, freshness and hooks work as on every engine', async () => {
  await project.write({
    'project.yml': `name: lab
version: '1'
state_schema: ${lab.schema}_state
hooks:
  on_run_start: create table if not exists {{ target.schema }}.log(what text); delete from {{ target.schema }}.log
  after_model: insert into {{ target.schema }}.log values ('{{ model.name }} {{ model.rows_affected }}')
`,
  })
  expect((await fft(['seed'])).code).toBe(0)
  expect((await fft(['run', '--empty'])).code).toBe(0)
  expect(await ids()).toEqual([])
  expect((await fft(['run', '--sample', '1 day'], '2024-01-02T12:00:00')).code).toBe(0)
  expect(await ids()).toEqual([[2]])
  const built = await fft(['build', '--store-failures'])
  expect(built.nodes['a']).toMatchObject({ status: 'success', rows_affected: 2 })
  expect(built.nodes['accepted_values_a_id__1']).toMatchObject({ status: 'fail' })
  expect(await lab.admin(`select what from ${lab.schema}.log`)).toEqual([['a 2']])
  const kept = `${lab.schema}_dbt_test__audit.accepted_values_a_id__1`
  expect(built.notices).toContain(`the failures of accepted_values_a_id__1 are in ${kept}`)
  expect(await lab.admin(`select count(*)::int from ${kept}`)).toEqual([[1]])
  const stale = await fft(['source', 'freshness'], '2024-01-03T00:00:01')
  expect([stale.code, stale.faults]).toMatchObject([1, [{ code: 'source-stale' }]])
  expect((await fft(['source', 'freshness'], '2024-01-03T00:00:00')).code).toBe(0)
})
