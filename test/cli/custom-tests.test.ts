import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write({
    'seeds/raw.csv': 'id,v\n1,5\n2,50\n3,70\n',
    'models/a.ff.sql': "select * from {{ ref('raw') }}\n",
    'tests/at_most.ff.sql': `{{ config(type='at_most', params=['top']) }}
select count(*) from {{ table }}
where {{ column }} > {{ params.top or 10 }} -- rows over it`,
  })
  expect((await fft('build')).code).toBe(0)
})
afterEach(() => folder.end())

const fft = (...argv: readonly string[]) => runFft(argv, folder.dir)

const project = (tests: string) => ({ 'project.yml': `name: lab\nversion: '1'\ntests:\n${tests}` })

test('a file with config(type=…) is a test of its own: its query gives the number of violations', async () => {
  await folder.write(
    project(`  - { type: at_most, table: a, column: v, params: { top: 100 } }
  - { type: at_most, table: a.ff, column: v, top: 60, severity: warn }
  - { type: at_most, table: a, column: v, tags: [strict] }
`),
  )
  await folder.write({
    'models/schema.yml': 'models: [{ name: a, columns: [{ name: v, tests: [{ at_most: { top: 71 } }] }] }]\n',
  })
  const { code, nodes } = await fft('test')
  expect(code).toBe(1)
  expect(
    Object.entries(nodes)
      .map(([name, { status }]) => `${name} ${status}`)
      .toSorted(),
  ).toEqual(['at_most_a_v fail', 'at_most_a_v__100 pass', 'at_most_a_v__60 warn', 'at_most_a_v__71 pass'])
  expect(nodes['at_most_a_v']?.rows).toEqual({ columns: ['violations'], rows: [['2']] })
  expect((await fft('ls', '-s', 'test_name:at_most')).stdout.split('\n')).toHaveLength(5)
})

test('what is wrong with it is told at its place', async () => {
  await folder.write(project('  - { type: at_most, table: a, column: v, topp: 3 }\n'))
  const argument = await fft('test')
  expect([argument.code, argument.faults]).toMatchObject([
    2,
    [{ code: 'test-argument', file: 'project.yml', line: 4, column: 43, hint: "did you mean 'top'?" }],
  ])
  await folder.write(project('  - { type: at_most, table: b, column: v }\n'))
  const table = await fft('test')
  expect([table.code, table.faults]).toMatchObject([
    2,
    [{ code: 'test-table-unknown', message: "the data test is about 'b', which is no model or seed", line: 4 }],
  ])
  await folder.write({ ...project('  - { type: at_most, table: a, column: v }\n') })
  await folder.write({ 'tests/more.sql': "{{ config(type='unique') }}\nselect 0\n" })
  const taken = await fft('test')
  expect([taken.code, taken.faults]).toMatchObject([
    2,
    [{ code: 'test-type-taken', file: 'tests/more.sql', line: 1, column: 16 }],
  ])
  await folder.write({ 'tests/more.sql': "{{ config(type='broken') }}\nselect {{ nope }}\n" })
  await folder.write(project('  - { type: broken, table: a }\n'))
  const broken = await fft('test')
  expect([broken.code, broken.faults]).toMatchObject([
    2,
    [{ code: 'unknown-name', file: 'tests/more.sql', line: 2, column: 11 }],
  ])
})
