import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

let folder: ProjectFolder
beforeEach(async () => {
  folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  await folder.write({
    'project.yml': "name: lab\nversion: '1'\n",
    'seeds/raw.csv': 'id\n1\n2\n',
    'models/stg.ff.sql': "{{ config(materialized='view') }}select * from {{ ref('raw') }}\n",
    'models/part.ff.sql': "{{ config(materialized='ephemeral') }}select * from {{ ref('stg') }}\n",
    'models/mid.ff.sql': "select * from {{ ref('part') }}\n",
    'models/top.ff.sql': "select * from {{ ref('mid') }}\n",
    'models/aside.ff.sql': "select * from {{ ref('raw') }}\n",
  })
})
afterEach(() => folder.end())

async function built(...argv: readonly string[]): Promise<readonly string[]> {
  const { code, nodes } = await runFft(['run', '--rebuild', '--select', 'top', ...argv], folder.dir)
  return code === 0 ? Object.keys(nodes).sort() : [`exit ${code}`]
}

test('without --with-parents a missing parent is an error; with it, all that is missing is built first, seeds too', async () => {
  expect(await built()).toEqual(['exit 1'])
  expect(await built('--with-parents')).toEqual(['mid', 'raw', 'stg', 'top'])
})

test('parents that are there are not built again, nor what is missing above a table', async () => {
  await built('--with-parents')
  expect(await built('--with-parents')).toEqual(['top'])
  await folder.write({
    'models/part.ff.sql': "{{ config(materialized='ephemeral') }}select * from {{ ref('more') }}\n",
  })
  await folder.write({ 'models/more.ff.sql': "select * from {{ ref('raw') }}\n" })
  expect(await built('--with-parents')).toEqual(['top'])
})

test('plan shows the parents that --with-parents adds', async () => {
  const { stdout } = await runFft(['plan', '--select', 'top', '--with-parents', '--json'], folder.dir)
  const { nodes } = JSON.parse(stdout) as { nodes: readonly { unique_id: string; action: string }[] }
  expect(nodes.map(({ unique_id }) => unique_id.replace(/^.*\./, ''))).toEqual(
    expect.arrayContaining(['stg', 'mid', 'top']),
  )
  expect(nodes.map(({ unique_id }) => unique_id)).not.toContain('model.lab.aside')
})
