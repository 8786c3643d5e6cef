import { afterEach, beforeEach, expect, test } from 'vitest'
import { runBuilt } from '../support/built-command.js'
import { ByHand } from '../support/by-hand.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import type { Database } from './engines/index.js'
import { onEveryEngine } from './on-every-engine.js'

const model = `{{ config(
  materialized='incremental', unique_key='id', updated_at='updated_at',
  delta={'sql': "select * from {{ source('raw', 'events') }} where updated_at > (select max(updated_at) from {{ this }});"},
) }}
select * from {{ source('raw', 'events') }}
`

onEveryEngine(
  'incremental models by the built command',
  (engine) => {
    let folder: ProjectFolder
    let database: Database
    let hand: ByHand
    const fft = (...argv: readonly string[]) => runBuilt(argv, folder.dir)
    beforeEach(async () => {
      database = await engine.database()
      folder = await projectFolder(database.profile, database.stateSchema)
      hand = new ByHand(database)
      await folder.write({
        'sources.yml': 'version: 2\nsources: [{name: raw, tables: [{name: events}]}]\n',
        'models/m.ff.sql': model,
      })
      const { types, createTable } = engine.words
      await hand.run(
        createTable('{events}', `id integer, v ${types.text}, updated_at ${types.timestamp}`),
        "insert into {events} values (1, 'a', timestamp '2024-01-01 00:00:00.000001'), (2, 'b', timestamp '2024-01-02 00:00:00')",
      )
    })
    afterEach(async () => {
      await database.drop()
      await folder.end()
    })

    test('first run, second run, rerun and full refresh, each in a process of its own', async () => {
      expect((await fft('run')).nodes['m']).toMatchObject({ status: 'success', detail: 'created', rows_affected: 2 })
      await hand.run(
        "insert into {events} values (3, 'c', timestamp '2024-01-02 00:00:00.000001')",
        "update {events} set v = 'A', updated_at = timestamp '2024-01-03 00:00:00' where id = 1",
      )
      expect((await fft('run')).nodes['m']).toMatchObject({ detail: '1 inserted, 1 updated', rows_affected: 2 })
      expect((await fft('run')).nodes['m']).toMatchObject({ detail: 'unchanged', rows_affected: 0 })
      const rows = await hand.rows('select * from {m} order by id')
      expect(rows).toEqual(await hand.rows('select * from {events} order by id'))
      expect((await fft('run', '--full-refresh')).nodes['m']).toMatchObject({ detail: 'replaced', rows_affected: 3 })
      expect(await hand.rows('select * from {m} order by id')).toEqual(rows)
    })

    test('plan shows the statements that run sends, and changes nothing', async () => {
      await fft('run')
      await hand.run("insert into {events} values (3, 'c', timestamp '2024-01-03 00:00:00')")
      const plan = await fft('plan')
      expect(plan.code, plan.stderr).toBe(0)
      expect(plan.stdout).toContain('updated_at > (select max(updated_at) from ')
      expect(await hand.rows('select count(*) from {m}')).toEqual([['2']])
      const json = JSON.parse((await fft('plan', '--json')).stdout)
      expect(json.nodes).toMatchObject([{ unique_id: 'model.lab.m', action: 'apply' }])
    })

    test('run_results.json has the rows affected; a key failure is exit 1 with the keys in the log', async () => {
      await fft('run')
      await hand.run(
        "insert into {events} values (4, 'x', timestamp '2024-01-05 00:00:00'), (4, 'y', timestamp '2024-01-05 00:00:00')",
      )
      const failed = await fft('run')
      expect(failed.code).toBe(1)
      expect(failed.nodes['m']).toMatchObject({
        status: 'error',
        code: 'duplicate-key',
        file: 'models/m.ff.sql',
        line: 2,
      })
      await hand.run("delete from {events} where v = 'y'")
      const state = JSON.parse((await fft('state', 'show', 'm', '--json')).stdout)
      expect(state).toMatchObject([{ model: 'm', column: 'updated_at', value: '2024-01-02 00:00:00' }])
      expect((await fft('run')).nodes['m']).toMatchObject({ rows_affected: 1 })
    })

    test('a refused full refresh is exit 2 and opens nothing', async () => {
      await fft('run')
      await folder.write({ 'models/m.ff.sql': model.replace('{{ config(', '{{ config(full_refresh=False,') })
      const refused = await fft('run', '-f')
      expect([refused.code, refused.faults.map(({ code }) => code)]).toEqual([2, ['full-refresh-refused']])
      expect(await hand.rows('select count(*) from {m}')).toEqual([['2']])
    })

    test.skipIf(engine.speed === 'slow').each(['insert_overwrite', 'time_range', 'snapshot_date', 'cdc', 'scd2'])(
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
  },
  'whenAsked',
)
