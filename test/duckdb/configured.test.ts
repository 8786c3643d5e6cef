import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { queriesOnFile } from '../support/duckdb-file.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let project: ProjectFolder
beforeEach(async () => {
  project = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
})
afterEach(() => project.end())

const fft = (...argv: readonly string[]) => runFft(argv, project.dir)

const good = async (...argv: readonly string[]) => {
  const outcome = await fft(...argv)
  expect(outcome.code, outcome.stderr).toBe(0)
  return outcome
}

const rows = async (sql: string) => (await queriesOnFile(join(project.dir, 'lab.duckdb'), [sql]))[0]

test('descriptions become comments on tables, views, seeds and their columns', async () => {
  const write = (description: string) =>
    project.write({
      'seeds/s.csv': 'id\n1\n',
      'seeds/schema.yml': `seeds: [{name: s, description: "${description}", config: {persist_docs: {relation: true, columns: true}}, columns: [{name: id, description: "${description}"}]}]\n`,
      'models/t.ff.sql': "select id from {{ ref('s') }}\n",
      'models/v.ff.sql': "{{ config(materialized='view') }} select id from {{ ref('s') }}\n",
      'models/schema.yml': ['t', 'v']
        .map(
          (name) =>
            `  - {name: ${name}, description: "${description}", config: {persist_docs: {relation: true, columns: true}}, columns: [{name: ID, description: "${description}"}, {name: gone, description: x}]}\n`,
        )
        .join('')
        .replace(/^/, 'models:\n'),
    })
  const comments = () =>
    rows(`select table_name, comment from duckdb_tables() where schema_name = 'main'
      union all select view_name, comment from duckdb_views() where not internal
      union all select table_name || '.' || column_name, comment from duckdb_columns() where not internal and schema_name = 'main' order by 1`)
  for (const text of ["what it's", 'other']) {
    await write(text)
    await good('build')
    await good('build')
    const names = ['s', 's.id', 't', 't.id', 'v', 'v.id']
    expect(await comments()).toEqual(names.map((name) => [name, text]))
  }
})

test('indexes are made, changed and dropped as the configuration says', async () => {
  const model = (config: string) =>
    project.write({
      'models/m.ff.sql': `{{ config(${config}) }} select unnest([1, 2]) as id, 2 as v\n`,
    })
  const indexes = () => rows('select is_unique, expressions from duckdb_indexes() order by 2')
  await model("unique_key='id', indexes=[{'columns': ['id'], 'unique': True}, {'columns': 'v'}]")
  await good('run')
  await good('run', '--rebuild')
  expect(await indexes()).toEqual([
    ['true', '[id]'],
    ['false', '[v]'],
  ])
  await model("indexes=[{'columns': ['v', 'id']}]")
  await good('run')
  await good('run', '--rebuild')
  expect(await indexes()).toEqual([['false', '[v, id]']])
  await model("indexes=[{'columns': ['nope']}]")
  expect((await fft('run')).code).toBe(1)
  await model('indexes=[]')
  await good('run')
  expect(await indexes()).toEqual([])
})

test('a column that may not change because of an index is told with the way out, and the rows stay', async () => {
  const model = (select: string) =>
    project.write({
      'models/m.ff.sql': `{{ config(unique_key='id', on_schema_change='sync_all_columns', indexes=[{'columns': ['id']}]) }} ${select}\n`,
    })
  await model('select 1 as id, 2 as v')
  await good('run')
  await model('select 1 as id, 3 as w')
  expect((await fft('run')).nodes['m']).toMatchObject({ status: 'error', code: 'dependency-exists' })
  expect(await rows('select id, v from m')).toEqual([['1', '2']])
  await good('run', '--full-refresh')
  expect(await rows('select id, w from m')).toEqual([['1', '3']])
})

test('grants and storage warn at their place that the engine has nothing of the kind', async () => {
  await project.write({
    'models/m.ff.sql': "{{ config(grants={'select': ['x']}, storage={'path': 'here'}) }} select 1 as id\n",
  })
  const { stderr } = await good('run')
  expect(stderr).toContain("'grants' has no effect on duckdb")
  expect(stderr).toContain("'storage' has no effect on duckdb")
})

test('sync-db-comments writes descriptions without building, or only shows how', async () => {
  await project.write({
    'models/a.ff.sql': 'select 1 as id, 2 as v\n',
    'models/new.ff.sql': 'select 1 as id\n',
    'models/schema.yml': `models:
  - {name: a, description: "what it's", columns: [{name: ID, description: key}, {name: gone, description: x}]}
  - {name: new, description: not built}
`,
  })
  await good('run', '--select', 'a')
  const comments = () => rows("select comment from duckdb_tables() where table_name = 'a'")
  const dry = await good('sync-db-comments', '--dry-run')
  expect(dry.stdout).toBe(`comment on table "main"."a" is 'what it''s';\ncomment on column "main"."a"."id" is 'key';\n`)
  expect(await comments()).toEqual([[null]])
  const { stderr } = await good('sync-db-comments')
  expect(stderr).toContain('new is not built yet')
  expect(stderr).toContain('wrote the descriptions of 1 of 2 relations')
  expect(await comments()).toEqual([["what it's"]])
})

test('budgets are compared with what the run took: a warning, or exit 1', async () => {
  await project.write({
    'models/few.ff.sql': "{{ config(tags=['t']) }} select unnest([1, 2, 3]) as id\n",
    'models/many.ff.sql': 'select unnest(range(10)) as id\n',
    'budgets.yml': `total: {rows: {warn: 12, error: 13}, query_duration_ms: {error: 1h}}
models: {few.ff: {rows: {warn: 2, error: 100}}}
tags: {t: {rows: {error: 3}}}
`,
  })
  const { stderr } = await good('run')
  expect(stderr).toContain('the budget of the run is exceeded: 13 rows, more than 12 rows')
  expect(stderr).toContain("the budget of the model 'few' is exceeded: 3 rows, more than 2 rows")
  await project.write({ 'budgets.yml': 'tags: {t: {rows: {error: 2}}}\n' })
  const outcome = await fft('run', '--rebuild')
  expect(outcome.code).toBe(1)
  expect(outcome.stderr).toContain('"code":"budget-exceeded","severity":"error"')
  expect(outcome.stderr).toContain('"file":"budgets.yml","line":1,"column":26')
  expect(await rows('select count(*) from few')).toEqual([['3']])
})

describe('contracts', () => {
  const contract = (columns: string, more = '') =>
    project.write({
      'models/schema.yml': `models:\n  - name: m\n    config: {contract: {enforced: true}${more}}\n    columns: ${columns}\n`,
    })
  const model = (sql: string) => project.write({ 'models/m.ff.sql': `${sql}\n` })
  const built = () =>
    rows(`select column_name, data_type from duckdb_columns() where table_name = 'm' order by column_index`)
  const twoColumns = '[{name: id, data_type: int}, {name: name, data_type: string}]'

  test.each(['table', 'view', 'incremental'])(
    'a %s has the columns that are declared, in their order',
    async (kind) => {
      await model(
        `{{ config(materialized='${kind}', unique_key=${kind === 'incremental' ? "'id'" : 'None'}) }} select 'a' as name, 1 as id`,
      )
      if (kind !== 'incremental') await model(`{{ config(materialized='${kind}') }} select 'a' as name, 1 as id`)
      await contract(twoColumns)
      await good('run')
      await good('run', '--rebuild')
      expect(await built()).toEqual([
        ['id', 'INTEGER'],
        ['name', 'VARCHAR'],
      ])
      for (const [sql, said] of [
        ["select 'a' as name", "'id' (INTEGER) is missing"],
        ["select 'a' as name, 1::bigint as id", "'id' is BIGINT, declared INTEGER"],
        ["select 'a' as name, 1 as id, 2 as more", "'more' (INTEGER) is not declared"],
      ] as const) {
        if (kind === 'incremental' && said.includes('missing')) continue
        const key = kind === 'incremental' ? ", unique_key='id'" : ''
        await model(`{{ config(materialized='${kind}'${key}) }} ${sql}`)
        const outcome = await fft('run')
        expect(outcome.code).toBe(1)
        expect(outcome.nodes['m']).toMatchObject({ code: 'contract-broken', file: 'models/schema.yml', line: 3 })
        expect(outcome.stderr).toContain(said)
        expect(await built()).toHaveLength(2)
      }
    },
  )

  test('constraints hold for every later run', async () => {
    await model("{{ config(unique_key='id', on_schema_change='fail') }} select 1 as id, 1 as n")
    await contract(
      '[{name: id, data_type: int, constraints: [{type: primary_key}]}, {name: n, data_type: int, constraints: [{type: not_null}, {type: check, expression: "n > 0"}]}]',
    )
    await good('run')
    await good('run', '--rebuild')
    await model("{{ config(unique_key='id', on_schema_change='fail') }} select 1 as id, 2 as n union all select 2, 2")
    await good('run')
    for (const bad of ['select 3 as id, -1 as n', 'select 3 as id, null::int as n']) {
      await model(`{{ config(unique_key='id', on_schema_change='fail') }} ${bad}`)
      expect((await fft('run')).code).toBe(1)
      expect(await rows('select id, n from m order by id')).toEqual([
        ['1', '2'],
        ['2', '2'],
      ])
    }
  })

  test('hold for rows of a .ff.ts model, which take the declared types', async () => {
    const code = (rows: string) =>
      project.write({
        'models/m.ff.ts': `import { model } from 'fastflowtransform'\nexport default model({}, async () => ${rows})\n`,
      })
    await contract('[{name: id, data_type: int, constraints: [{type: unique}]}, {name: at, data_type: date}]')
    await code("[{ id: 1, at: '2024-01-01' }]")
    await good('run')
    expect(await built()).toEqual([
      ['id', 'INTEGER'],
      ['at', 'DATE'],
    ])
    await code("[{ id: 1, at: '2024-01-01', more: 1 }]")
    expect((await fft('run')).nodes['m']).toMatchObject({ code: 'contract-broken' })
    await code("[{ id: 1, at: '2024-01-01' }, { id: 1, at: '2024-01-01' }]")
    expect((await fft('run')).code).toBe(1)
    expect(await rows('select id, "at" from m')).toEqual([['1', '2024-01-01']])
  })

  test('that cannot be held are exit 2 at their place', async () => {
    await model('select 1 as id')
    const refused = async (columns: string, more: string, code: string) => {
      await contract(columns, more)
      const outcome = await fft('run')
      expect([outcome.code, outcome.stderr.includes(code)], outcome.stderr).toEqual([2, true])
    }
    await refused('[]', '', 'contract-needs-columns')
    await refused('[{name: id}]', '', 'contract-needs-types')
    await refused('[{name: id, data_type: int}]', ', materialized: ephemeral', 'contract-not-held')
    const sync = ', materialized: incremental, unique_key: id, on_schema_change: sync_all_columns'
    await refused('[{name: id, data_type: int}]', sync, 'contract-schema-change')
    await refused('[{name: id, data_type: int, constraints: [{type: uniq}]}]', '', 'unique')
    await refused('[{name: id, data_type: int, constraints: [{type: check}]}]', '', 'constraint-incomplete')
    await refused(
      '[{name: id, data_type: int}]\n    constraints: [{type: unique, columns: [idd]}]',
      '',
      "'idd' is none",
    )
    await contract('[{name: id, data_type: strng}]')
    expect((await fft('run')).code).toBe(1)
  })

  test('foreign keys are not made, and a warning says so', async () => {
    await model('select 1 as id')
    await contract('[{name: id, data_type: int, constraints: [{type: foreign_key, expression: "other (id)"}]}]')
    const { stderr } = await good('run')
    expect(stderr).toContain('a constraint of type foreign_key is not made')
  })
})
