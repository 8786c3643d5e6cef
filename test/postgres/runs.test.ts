import { afterEach, beforeEach, expect, test } from 'vitest'
import { runBuilt, startBuilt } from '../support/built-command.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { type Lab, openLab } from './fixture.js'
import { postgresServer } from './server.js'

let lab: Lab
let project: ProjectFolder
beforeEach(async () => {
  lab = await openLab()
  const dsn = (await postgresServer()).dsn()
  project = await projectFolder({ engine: 'postgres', postgres: { dsn, schema: lab.schema } }, `${lab.schema}_state`)
})
afterEach(async () => {
  await project.end()
  await lab.admin(`drop schema if exists ${lab.schema}_state cascade`)
  await lab.end()
})

const incremental = (config: string, sql: string) => `{{ config(materialized='incremental', ${config}) }}\n${sql}`

test('two runs at once both end well, and nothing is doubled or lost', async () => {
  const { schema } = lab
  await lab.admin(`create table ${schema}.src as select 1 as id, 'a' as v, timestamp '2024-01-01' as t`)
  const select = `select * from ${schema}.src`
  await project.write({
    'models/m.ff.sql': incremental("unique_key='id', updated_at='t'", select),
    'models/n.ff.sql': incremental("strategy='append', updated_at='t'", select),
    'models/plain.ff.sql': `select count(*) as n from {{ ref('m') }}`,
  })
  for (const round of [1, 2, 3]) {
    await lab.admin(
      `insert into ${schema}.src values (${round + 10}, 'new', timestamp '2024-02-01' + interval '${round} days')`,
    )
    const outcomes = await Promise.all([runBuilt(['run'], project.dir), runBuilt(['run'], project.dir)])
    for (const { code, stderr } of outcomes) expect(code, stderr).toBe(0)
    const source = await lab.admin(`select id, v, t::text from ${schema}.src order by id`)
    for (const name of ['m', 'n']) {
      expect(await lab.admin(`select id, v, t::text from ${schema}.${name} order by id`)).toEqual(source)
    }
  }
})

test('Ctrl-C cancels what runs on the server, rolls back and ends with 130', async () => {
  await project.write({ 'models/slow.ff.sql': "{{ config(materialized='table') }}\nselect 1 as id from pg_sleep(120)" })
  const running = startBuilt(['run'], project.dir)
  const asleep = `select pid from pg_stat_activity where query like '%${lab.schema}%pg_sleep(120)%' and pid <> pg_backend_pid()`
  for (let tries = 0; tries < 200 && (await lab.admin(asleep)).length === 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect((await lab.admin(asleep)).length).toBe(1)
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(130)
  expect(await lab.admin(`${asleep} and state = 'active'`)).toEqual([])
  expect(await lab.admin(`select relname from pg_class where relnamespace = '${lab.schema}'::regnamespace`)).toEqual([])
})

test('a session that is killed fails its node with a hint, the old rows stay, and the next run converges', async () => {
  const { schema } = lab
  await project.write({ 'models/m.ff.sql': "{{ config(materialized='table') }}\nselect 1 as id" })
  expect((await runBuilt(['run'], project.dir)).code).toBe(0)
  await project.write({ 'models/m.ff.sql': "{{ config(materialized='table') }}\nselect 2 as id from pg_sleep(2)" })
  const running = startBuilt(['run'], project.dir)
  const killed = `select pg_terminate_backend(pid) from pg_stat_activity where query like '%${schema}%pg_sleep(2)%' and pid <> pg_backend_pid()`
  for (let tries = 0; tries < 200 && (await lab.admin(killed)).length === 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const outcome = await running.ended
  expect([outcome.code, outcome.nodes['m']?.code]).toEqual([1, 'connection-lost'])
  expect(outcome.nodes['m']?.hint).toContain('run again')
  expect(await lab.admin(`select id from ${schema}.m`)).toEqual([[1]])
  expect((await runBuilt(['run'], project.dir)).code).toBe(0)
  expect(await lab.admin(`select id from ${schema}.m`)).toEqual([[2]])
})

test('what a model reads and may not is named, and a server that is away ends with 1, a wrong dsn with 2', async () => {
  await project.write({ 'models/m.ff.sql': 'select 1 as id' })
  const run = (dsn: string) => runBuilt(['run'], project.dir, { FF_PG_DSN: dsn })
  const away = await run('postgresql://u:topsecret@127.0.0.1:1/db')
  expect([away.code, away.faults.map(({ code }) => code)]).toEqual([1, ['server-unreachable']])
  const wrong = await run('topsecret')
  expect([wrong.code, wrong.faults.map(({ code }) => code)]).toEqual([2, ['dsn-not-valid']])
  for (const { stdout, stderr } of [away, wrong]) expect(stdout + stderr).not.toContain('topsecret')
})

test.each([
  ["update_columns=['v']", ['1 A 1', '2 b 1', '3 c 1', '4 d 2']],
  ["exclude_columns=['v', 't'], updated_at='t'", ['1 a 1', '2 b 1', '3 c 1', '4 d 2']],
  ["deletes={'when': 'gone'}", ['1 A 2', '3 c 1', '4 d 2']],
  ["deletes={'missing': True}", ['1 A 2', '2 b 2', '4 d 2']],
  ["deletes={'when': 'gone', 'missing': True}", ['1 A 2', '4 d 2']],
  ["predicates=['target.t < 9']", ['1 A 2', '2 b 2', '3 c 1', '4 d 2']],
  ["update_when='delta.t > target.t + 1'", ['1 a 1', '2 b 1', '3 c 1', '4 d 2']],
])('a merge with %s does the same beside a unique index and without', async (option, expected) => {
  const { schema } = lab
  await lab.admin(
    `create table ${schema}.src as select * from (values (1, 'a', false, 1), (2, 'b', false, 1), (3, 'c', false, 1)) as s(id, v, gone, t)`,
  )
  const config = `unique_key='id', ${option}`
  const select = `select id, v, gone, t from ${schema}.src`
  await project.write({
    'models/plain.ff.sql': incremental(config, select),
    'models/indexed.ff.sql': incremental(config, select),
  })
  await runBuilt(['run'], project.dir)
  await lab.admin(`create unique index on ${schema}.indexed (id)`)
  await lab.admin(`update ${schema}.src set v = 'A', t = 2 where id = 1`)
  await lab.admin(`update ${schema}.src set gone = true, t = 2 where id = 2`)
  await lab.admin(`delete from ${schema}.src where id = 3`)
  await lab.admin(`insert into ${schema}.src values (4, 'd', false, 2)`)
  const { code, stderr, nodes } = await runBuilt(['run'], project.dir)
  expect(code, stderr).toBe(0)
  expect(nodes['indexed']?.counts).toMatchObject({
    inserted: nodes['plain']?.counts?.['inserted'],
    updated: nodes['plain']?.counts?.['updated'],
    deleted: nodes['plain']?.counts?.['deleted'],
  })
  for (const name of ['plain', 'indexed']) {
    const rows = await lab.admin(`select concat_ws(' ', id, v, t) as row from ${schema}.${name} order by id`)
    expect([name, rows.map((row) => Object.values(row)[0])]).toEqual([name, expected])
  }
  const again = await runBuilt(['run'], project.dir)
  expect(again.nodes['indexed']?.counts).toMatchObject({ inserted: 0, updated: 0, deleted: 0 })
})
