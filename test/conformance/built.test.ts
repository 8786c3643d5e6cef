import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runBuilt } from '../support/built-command.js'
import { queriesOnFile, queryFile } from '../support/duckdb-file.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'

const model = `{{ config(
  materialized='incremental', unique_key='id', updated_at='updated_at',
  delta={'sql': "select * from {{ source('raw', 'events') }} where updated_at > (select max(updated_at) from {{ this }});"},
) }}
select * from {{ source('raw', 'events') }}
`

describe('incremental models by the built command', () => {
  let folder: ProjectFolder
  let path: string
  const fft = (...argv: readonly string[]) => runBuilt(argv, folder.dir)
  beforeEach(async () => {
    folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'warehouse.duckdb' } })
    path = join(folder.dir, 'warehouse.duckdb')
    await folder.write({
      'sources.yml': 'version: 2\nsources: [{name: raw, schema: main, tables: [{name: events}]}]\n',
      'models/m.ff.sql': model,
    })
    await queriesOnFile(path, [
      'create table events (id integer, v varchar, updated_at timestamp)',
      "insert into events values (1, 'a', '2024-01-01 00:00:00.000001'), (2, 'b', '2024-01-02')",
    ])
  })
  afterEach(() => folder.end())

  test('first run, second run, rerun and full refresh, each in a process of its own', async () => {
    expect((await fft('run')).nodes['m']).toMatchObject({ status: 'success', detail: 'created', rows_affected: 2 })
    await queriesOnFile(path, [
      "insert into events values (3, 'c', '2024-01-02 00:00:00.000001')",
      "update events set v = 'A', updated_at = '2024-01-03' where id = 1",
    ])
    expect((await fft('run')).nodes['m']).toMatchObject({ detail: '1 inserted, 1 updated', rows_affected: 2 })
    expect((await fft('run')).nodes['m']).toMatchObject({ detail: 'unchanged', rows_affected: 0 })
    const rows = await queryFile(path, 'select * from m order by id')
    expect(rows).toEqual(await queryFile(path, 'select * from events order by id'))
    expect((await fft('run', '--full-refresh')).nodes['m']).toMatchObject({ detail: 'replaced', rows_affected: 3 })
    expect(await queryFile(path, 'select * from m order by id')).toEqual(rows)
  })

  test('plan shows the statements that run sends, and changes nothing', async () => {
    await fft('run')
    await queriesOnFile(path, ["insert into events values (3, 'c', '2024-01-03')"])
    const plan = await fft('plan')
    expect(plan.code, plan.stderr).toBe(0)
    expect(plan.stdout).toContain('updated_at > (select max(updated_at) from "main"."m")')
    expect(await queryFile(path, 'select count(*) from m')).toEqual([['2']])
    const json = JSON.parse((await fft('plan', '--json')).stdout)
    expect(json.nodes).toMatchObject([{ unique_id: 'model.lab.m', action: 'apply' }])
  })

  test('run_results.json has the rows affected; a key failure is exit 1 with the keys in the log', async () => {
    await fft('run')
    await queriesOnFile(path, ["insert into events values (4, 'x', '2024-01-05'), (4, 'y', '2024-01-05')"])
    const failed = await fft('run')
    expect(failed.code).toBe(1)
    expect(failed.nodes['m']).toMatchObject({
      status: 'error',
      code: 'duplicate-key',
      file: 'models/m.ff.sql',
      line: 2,
    })
    await queriesOnFile(path, ["delete from events where v = 'y'"])
    const state = await fft('state', 'show', '--json')
    expect(JSON.parse(state.stdout)).toMatchObject([{ model: 'm', column: 'updated_at', value: '2024-01-02 00:00:00' }])
    expect((await fft('run')).nodes['m']).toMatchObject({ rows_affected: 1 })
  })

  test('a refused full refresh is exit 2 and opens nothing', async () => {
    await fft('run')
    await folder.write({ 'models/m.ff.sql': model.replace('{{ config(', '{{ config(full_refresh=False,') })
    const refused = await fft('run', '-f')
    expect([refused.code, refused.faults.map(({ code }) => code)]).toEqual([2, ['full-refresh-refused']])
    expect(await queryFile(path, 'select count(*) from m')).toEqual([['2']])
  })

  test.each(['insert_overwrite', 'time_range', 'snapshot_date', 'cdc', 'scd2'])(
    'strategy %s runs, or is refused by its name with exit 2',
    async (strategy) => {
      await folder.write({
        'models/m.ff.sql': `{{ config(materialized='incremental', strategy='${strategy}') }}\nselect * from {{ source('raw', 'events') }}\n`,
      })
      const { code, faults } = await fft('run')
      expect(code).toBe(2)
      expect(faults.map(({ message, file }) => [message?.includes(strategy) ?? false, file])).toEqual([
        [true, 'models/m.ff.sql'],
      ])
    },
  )
})
