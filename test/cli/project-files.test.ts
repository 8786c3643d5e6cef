import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
})
afterEach(() => folder.end())

test('types that project.yml gives all seeds count where a column has the name; those of one seed must fit it', async () => {
  await folder.write({
    'project.yml': "name: lab\nversion: '1'\nseeds:\n  +column_types: { zip: varchar, n: integer }\n",
    'seeds/places.csv': 'zip,n\n1234,5\n',
    'seeds/others.csv': 'id\n1\n',
    'seeds/seeds.yml': 'seeds: [{ name: places, config: { column_types: { n: double } } }]\n',
  })
  expect((await runFft(['seed'], folder.dir)).code).toBe(0)
  const types = "select string_agg(column_name || ' ' || data_type, ', ' order by column_name) as types"
  const columns = `${types} from information_schema.columns where table_schema = 'main'`
  const { stdout } = await runFft(['show', '--inline', columns, '--output', 'json'], folder.dir)
  expect(JSON.parse(stdout)).toMatchObject({ show: [{ types: 'id BIGINT, n DOUBLE, zip VARCHAR' }] })
  await folder.write({ 'seeds/seeds.yml': 'seeds: [{ name: others, config: { column_types: { zip: text } } }]\n' })
  const failed = await runFft(['seed', '-s', 'others'], folder.dir)
  expect(failed.nodes['others']).toMatchObject({ code: 'seed-malformed', file: 'seeds/others.csv', line: 1 })
})

test('an import looks in the models folder first, then in the project folder', async () => {
  await folder.write({
    'project.yml': "name: lab\nversion: '1'\nmodels_dir: sql\n",
    'macros/one.sql': '{% macro m() %}1{% endmacro %}',
    'macros/two.sql': '{% macro n() %}2{% endmacro %}',
    'sql/macros/one.sql': '{% macro o() %}3{% endmacro %}',
    'sql/a.ff.sql':
      "{% import 'macros/one.sql' as one %}{% import 'macros/two.sql' as two %}select {{ one.o() }}, {{ two.n() }}\n",
  })
  expect((await runFft(['compile', '-s', 'a'], folder.dir)).stdout).toBe('select 3, 2\n')
})

test("the engine's own relations are not offered for a misspelt one", async () => {
  const { events } = await runFft(['show', '--inline', 'select * from nowhere'], folder.dir)
  expect(events.find(({ code }) => code === 'relation-missing')?.hint).toMatch(/^write \{\{ ref/)
})

test('show --output json gives numbers and truth values as such, and as text what JSON would spoil', async () => {
  const sql = "select 1 as i, 1.5 as d, true as b, null as n, 'a' as t, 9007199254740993 as big, 'nan'::double as nan"
  const { stdout } = await runFft(['show', '--inline', sql, '--output', 'json'], folder.dir)
  expect(JSON.parse(stdout)).toEqual({
    node: 'inline',
    show: [{ i: 1, d: '1.5', b: true, n: null, t: 'a', big: '9007199254740993', nan: 'nan' }],
  })
})

test('a parent behind an ephemeral model is found in a schema of its own', async () => {
  await folder.write({
    'models/a.ff.sql': "{{ config(schema='apart') }}select 1 as id\n",
    'models/e.ff.sql': "{{ config(materialized='ephemeral') }}select * from {{ ref('a') }}\n",
    'models/b.ff.sql': "select id from {{ ref('e') }}\n",
  })
  expect((await runFft(['run', '-s', 'a'], folder.dir)).code).toBe(0)
  expect((await runFft(['run', '-s', 'b'], folder.dir)).nodes['b']).toMatchObject({ status: 'success' })
})
