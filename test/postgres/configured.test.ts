import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { type Lab, openLab } from './fixture.js'
import { postgresServer } from './server.js'

let lab: Lab
let project: ProjectFolder
const roles = ['reader', 'writer'].map((name) => `fft_${name}_${crypto.randomUUID().slice(0, 8)}`)
const [reader = '', writer = ''] = roles
beforeEach(async () => {
  lab = await openLab()
  await lab.admin(...roles.map((role) => `create role "${role}"`))
  const dsn = (await postgresServer(18)).dsn()
  project = await projectFolder({ engine: 'postgres', postgres: { dsn, schema: lab.schema } }, `${lab.schema}_state`)
})
afterEach(async () => {
  await project.end()
  await lab.admin(`drop schema if exists ${lab.schema}_state cascade`)
  await lab.end()
  const server = await openLab()
  await server.admin(...roles.map((role) => `drop role "${role}"`))
  await server.end()
})

const fft = (...argv: readonly string[]) => runFft(argv, project.dir)

const good = async (...argv: readonly string[]) => {
  const outcome = await fft(...argv)
  expect(outcome.code, outcome.stderr).toBe(0)
  return outcome
}

const granted = (relation: string) =>
  lab.admin(
    `select grantee, lower(privilege_type) from information_schema.role_table_grants
     where table_schema = '${lab.schema}' and table_name = '${relation}' and grantee <> grantor order by 1, 2`,
  )

const column = async (sql: string) => (await lab.admin(sql)).map(([cell]) => cell)

const indexes = () =>
  column(
    `select regexp_replace(indexdef, '.* USING ', case when indexdef like '%UNIQUE%' then 'unique ' else '' end)
     from pg_indexes where schemaname = '${lab.schema}' and tablename = 'm' order by 1`,
  )

describe('grants', () => {
  test('and comments of change events are those of the view that people read', async () => {
    await project.write({
      'models/e.ff.sql': `{{ config(unique_key='id', cdc={'op': 'op', 'sequence': 'lsn'}, grants={'select': ['${reader}']}, persist_docs={'relation': true, 'columns': true}) }}
select 1 as id, 'c' as op, 1 as lsn, 'a' as name`,
      'models/e.yml': 'models: [{name: e, description: living rows, columns: [{name: name, description: of it}]}]\n',
    })
    for (const _ of [1, 2]) {
      await good('run')
      expect(await granted('e')).toEqual([[reader, 'select']])
      expect(await granted('e__cdc')).toEqual([])
    }
    const about = `'${lab.schema}.e'::regclass`
    expect(await column(`select obj_description(${about})`)).toEqual(['living rows'])
    expect(await column(`select col_description(${about}, 2)`)).toEqual(['of it'])
  })

  test('are those of the configuration after every run, of tables, views, incremental models and seeds', async () => {
    const config = (roles: string) => `grants={'select': ${roles}}`
    const write = (roles: string) =>
      project.write({
        'seeds/s.csv': 'id\n1\n',
        'seeds/schema.yml': `seeds: [{name: s, config: {grants: {select: ${roles}}}}]\n`,
        'models/t.ff.sql': `{{ config(${config(roles)}) }} select id from {{ ref('s') }}\n`,
        'models/v.ff.sql': `{{ config(materialized='view', ${config(roles)}) }} select id from {{ ref('s') }}\n`,
        'models/i.ff.sql': `{{ config(unique_key='id', ${config(roles)}) }} select id from {{ ref('s') }}\n`,
      })
    await project.write({ 'seeds/schema.yml': '' })
    await project.remove('seeds/schema.yml')
    await write(`['${reader}', '${writer}']`)
    await good('build')
    for (const name of ['t', 'v', 'i']) {
      expect(await granted(name)).toEqual(
        [
          [reader, 'select'],
          [writer, 'select'],
        ].toSorted(),
      )
    }
    await write(`['${reader}']`)
    await good('build')
    await good('build')
    for (const name of ['t', 'v', 'i']) expect(await granted(name)).toEqual([[reader, 'select']])
    await write('[]')
    await good('build')
    for (const name of ['t', 'v', 'i']) expect(await granted(name)).toEqual([])
  })

  test('add up with +, and folder defaults are replaced privilege by privilege without it', async () => {
    await project.write({
      'project.yml': `name: lab\nversion: '1'\nstate_schema: ${lab.schema}_state\nmodels:\n  +grants: {select: [${reader}], insert: [${reader}]}\n`,
      'models/a.ff.sql': `{{ config(grants={'+select': ['${writer}'], 'insert': ['${writer}']}) }} select 1 as id\n`,
    })
    await good('run')
    const expected = [
      [reader, 'select'],
      [writer, 'insert'],
      [writer, 'select'],
    ]
    expect(await granted('a')).toEqual(expected.toSorted())
  })

  test('a role that does not exist fails the node, whose old rows and grants stay', async () => {
    await project.write({ 'models/a.ff.sql': `{{ config(grants={'select': '${reader}'}) }} select 1 as id\n` })
    await good('run')
    await project.write({ 'models/a.ff.sql': `{{ config(grants={'select': 'nobody_here'}) }} select 2 as id\n` })
    const outcome = await fft('run')
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toContain('nobody_here')
    expect(await column(`select id from ${lab.schema}.a`)).toEqual([1])
    expect(await granted('a')).toEqual([[reader, 'select']])
  })

  test('a privilege that does not exist is exit 2 at its place', async () => {
    await project.write({ 'models/a.ff.sql': `{{ config(grants={'selekt': '${reader}'}) }} select 1 as id\n` })
    const outcome = await fft('run')
    expect(outcome.code).toBe(2)
    expect(outcome.stderr).toContain("did you mean 'select'?")
  })
})

test('indexes are made, changed and dropped as the configuration says, and nobody else’s are touched', async () => {
  const model = (indexes: string) =>
    project.write({
      'models/m.ff.sql': `{{ config(materialized='incremental', unique_key='id', indexes=${indexes}) }} select 1 as id, 2 as v\n`,
    })
  await model("[{'columns': ['id'], 'unique': True}, {'columns': ['v', 'id'], 'type': 'btree'}]")
  await good('run')
  await lab.admin(`create index own on ${lab.schema}.m (v)`)
  await good('run')
  expect(await indexes()).toEqual(['btree (v)', 'btree (v, id)', 'unique btree (id)'])
  await good('run', '--full-refresh')
  expect(await indexes()).toEqual(['btree (v)', 'btree (v, id)', 'unique btree (id)'])
  await model("[{'columns': ['v'], 'type': 'hash'}]")
  await good('run')
  expect(await indexes()).toEqual(['btree (v)', 'hash (v)'])
  await model('[]')
  await good('run')
  expect(await indexes()).toEqual(['btree (v)'])
  await model("[{'columns': ['v'], 'type': 'bitree'}]")
  const outcome = await fft('run')
  expect([outcome.code, outcome.stderr.includes("did you mean 'btree'?")]).toEqual([2, true])
})

test('descriptions become comments on relations and columns, and go when they are taken away', async () => {
  const write = (description: string, column: string) =>
    project.write({
      'models/a.ff.sql': 'select 1 as id, 2 as "Odd"\n',
      'models/v.ff.sql': "{{ config(materialized='view') }} select 1 as id\n",
      'models/schema.yml': `models:
  - {name: a, description: "${description}", config: {persist_docs: {relation: true, columns: true}}, columns: [{name: id, description: "${column}"}, {name: Odd, description: odd}, {name: gone, description: not there}]}
  - {name: v, description: "${description}", config: {persist_docs: {relation: true, columns: true}}, columns: [{name: id, description: "${column}"}]}
`,
    })
  const comments = (relation: string) =>
    column(
      `select obj_description('${lab.schema}.${relation}'::regclass) union all
       select col_description('${lab.schema}.${relation}'::regclass, n) from generate_series(1, 2) n`,
    )
  await write("it's the \\\\ model", 'the key')
  await good('run')
  expect(await comments('a')).toEqual(["it's the \\ model", 'the key', 'odd'])
  expect(await comments('v')).toEqual(["it's the \\ model", 'the key', null])
  await write('', '')
  await good('run')
  expect(await comments('a')).toEqual([null, null, 'odd'])
})

test('sync-db-comments and docs generate know the relations', async () => {
  await project.write({
    'models/a.ff.sql': 'select 1 as id\n',
    'models/v.ff.sql': "{{ config(materialized='view', schema='other') }} select 1 as id\n",
    'models/schema.yml': ['a', 'v']
      .map((name) => `  - {name: ${name}, description: about ${name}, columns: [{name: id, description: key}]}\n`)
      .join('')
      .replace(/^/, 'models:\n'),
  })
  await good('run')
  const { stderr } = await good('sync-db-comments')
  expect(stderr).toContain('wrote the descriptions of 2 of 2 relations')
  expect(await column(`select obj_description('${lab.schema}_other.v'::regclass)`)).toEqual(['about v'])
  expect(await column(`select col_description('${lab.schema}.a'::regclass, 1)`)).toEqual(['key'])
  await good('docs', 'generate')
  const catalog = JSON.parse(await readFile(join(project.dir, 'target/catalog.json'), 'utf8'))
  expect(catalog.nodes['model.lab.v']).toMatchObject({
    metadata: { type: 'VIEW' },
    columns: { id: { type: 'integer' } },
  })
  await lab.admin(`drop schema ${lab.schema}_other cascade`)
})

describe('contracts', () => {
  const contract = (columns: string, more = '') =>
    `models:\n  - name: m\n    config: {contract: {enforced: true}${more}}\n    columns: ${columns}\n`

  test('give the declared types in the declared order, with their constraints', async () => {
    await project.write({
      'models/m.ff.sql': "{{ config(unique_key='id') }} select 'x'::text as name, 1 as id, 1.5::numeric as n\n",
      'models/schema.yml': contract(
        `[{name: id, data_type: int, constraints: [{type: not_null}, {type: primary_key}]}, {name: name, data_type: varchar(10)}, {name: n, data_type: "numeric(10, 2)", constraints: [{type: check, expression: "n > 0"}]}]`,
      ),
    })
    await good('run')
    await good('run')
    await good('run', '--full-refresh')
    const described = await lab.admin(
      `select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute where attrelid = '${lab.schema}.m'::regclass and attnum > 0 order by attnum`,
    )
    expect(described).toEqual([
      ['id', 'integer', true],
      ['name', 'character varying(10)', false],
      ['n', 'numeric(10,2)', false],
    ])
    const constraints = await column(
      `select pg_get_constraintdef(oid) from pg_constraint where conrelid = '${lab.schema}.m'::regclass and contype in ('p', 'c') order by 1`,
    )
    expect(constraints).toEqual(['CHECK ((n > (0)::numeric))', 'PRIMARY KEY (id)'])
  })

  test('hold for views and for rows of a .ff.ts model', async () => {
    await project.write({
      'models/m.ff.ts':
        "import { model } from 'fastflowtransform'\nexport default model({}, async () => [{ id: 1, day: '2024-01-01' }])\n",
      'models/v.ff.sql': "{{ config(materialized='view') }} select 'a' as name, 1::bigint as id\n",
      'models/schema.yml': `${contract('[{name: id, data_type: int, constraints: [{type: unique}]}, {name: day, data_type: date}]')}  - name: v
    config: {contract: {enforced: true}}
    columns: [{name: id, data_type: bigint}, {name: name, data_type: string}]
`,
    })
    await good('run')
    await good('run')
    const types = await lab.admin(
      `select table_name, column_name, data_type from information_schema.columns where table_schema = '${lab.schema}' order by table_name, ordinal_position`,
    )
    expect(types).toEqual([
      ['m', 'id', 'integer'],
      ['m', 'day', 'date'],
      ['v', 'id', 'bigint'],
      ['v', 'name', 'text'],
    ])
    await project.write({
      'models/v.ff.sql': "{{ config(materialized='view') }} select 'a' as name, 1 as id\n",
    })
    expect((await fft('run')).nodes['v']).toMatchObject({ status: 'error', code: 'contract-broken' })
  })

  test('rows that break a constraint fail the node, and the old rows stay', async () => {
    await project.write({
      'models/m.ff.sql': 'select 1 as id\n',
      'models/schema.yml': contract('[{name: id, data_type: int, constraints: [{type: unique}, {type: not_null}]}]'),
    })
    await good('run')
    for (const select of ['select 2 as id union all select 2', 'select null::int as id']) {
      await project.write({ 'models/m.ff.sql': `${select}\n` })
      expect((await fft('run')).code).toBe(1)
      expect(await column(`select id from ${lab.schema}.m`)).toEqual([1])
    }
    await project.write({
      'models/m.ff.sql': 'select null::int as id\n',
      'models/schema.yml': contract('[{name: id, data_type: int}]'),
    })
    await project.write({ 'models/m.ff.sql': 'select 3 as id union all select 3\n' })
    await good('run')
    expect(await column(`select id from ${lab.schema}.m`)).toEqual([3, 3])
  })
})

test('a name without quotes is folded as Postgres does', async () => {
  await project.write({
    'models/Mixed.ff.sql': "{{ config(quoting={'identifier': False}) }} select 1 as id\n",
    'models/Kept.ff.sql': "select id from {{ ref('Mixed') }}\n",
  })
  await good('run')
  expect(
    await column(
      `select relname from pg_class where relnamespace = '${lab.schema}'::regnamespace and relkind = 'r' order by 1`,
    ),
  ).toEqual(['Kept', 'mixed'])
})
