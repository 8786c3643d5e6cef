import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write({
    'models/a.ff.sql': 'select 1 as id\n',
    'macros/ops.sql': `{% macro fill(n, name='log') %}
{% do run_query('create table if not exists ' ~ name ~ ' (i int)') %}
{% for i in range(n) %}{% do run_query('insert into ' ~ name ~ ' values (7)') %}{% endfor %}
{% set rows = run_query('select count(*) as c from ' ~ name) %}
{% do log('filled ' ~ rows.columns[0].values()[0], info=True) %}
{{ return(rows.columns[0].values()[0]) }}
{% endmacro %}
{% macro broken() %}
{% do run_query('select nope') %}
{% endmacro %}
`,
  })
})
afterEach(() => folder.end())

const fft = (...argv: readonly string[]) => runFft(['run-operation', ...argv], folder.dir)

test('run-operation calls a macro: each of its queries is sent once, what it gives is printed', async () => {
  const { code, stdout, notices } = await fft('fill', '--args', '{n: 3}')
  expect([code, stdout, notices]).toEqual([0, '3\n', ['filled 3']])
  expect((await fft('lab.fill', '--args', 'n=2')).stdout).toBe('5\n')
})

test('an unknown macro, a missing argument and wrong YAML are exit code 2, a failing query is exit code 1', async () => {
  const unknown = await fft('fil')
  expect([unknown.code, unknown.faults]).toMatchObject([2, [{ code: 'macro-unknown', hint: "did you mean 'fill'?" }]])
  const missing = await fft('fill')
  expect([missing.code, missing.faults]).toMatchObject([2, [{ code: 'missing-argument', file: '<operation>' }]])
  const yaml = await fft('fill', '--args', '[1')
  expect([yaml.code, yaml.faults]).toMatchObject([2, [{ code: 'bad-vars' }]])
  const broken = await fft('broken')
  expect([broken.code, broken.faults]).toMatchObject([1, [{ code: 'column-missing', file: 'macros/ops.sql', line: 9 }]])
})
