import { describe, expect, test } from 'vitest'
import type { Connection } from '../../src/adapters/index.js'
import { concat, text } from '../../src/core/index.js'
import { projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { onSpark } from './fixture.js'

const record = (runId: string) => ({
  target: { schema: 's', identifier: 'tagged' },
  model: "m'`x",
  runId,
  recordedAt: '2026-01-01T00:00:00.000Z',
  action: 'run' as const,
  intervals: [],
  watermarks: [{ column: 't "at"', value: { kind: 'text' as const, text: "it's 2024 \\ `" } }],
})

onSpark('commits', (spark) => {
  const tagOf = (runId: string) => {
    const { commits } = spark().warehouse.dialect
    const tag = commits.by === 'statement' ? commits.tag(record(runId)) : undefined
    if (tag === undefined) throw new Error('this session carries nothing')
    return tag
  }

  /** Runs a statement between the settings of a run's commit. */
  const tagged = async (runId: string, sql: string) => {
    const { before, after } = tagOf(runId)
    for (const statement of before) await spark().connection.execute(statement.sql)
    try {
      await spark().connection.execute(text(sql))
    } finally {
      for (const statement of after) await spark().connection.execute(statement.sql)
    }
  }

  test('carry run and watermarks, which are read back from the history as they were', async () => {
    const name = spark().name('tagged')
    await spark().sql(`create table ${name} (id int) using delta`)
    await tagged('r1', `insert into ${name} values (1)`)
    await spark().sql(`insert into ${name} values (2)`)
    const target = { schema: spark().schema, identifier: 'tagged' }
    expect(await spark().warehouse.committedRecords?.([target])).toEqual([{ ...record('r1'), target }])
  })

  test('of inserts are all kept, of one session after the other and of several at once', async () => {
    const [into, name] = [{ schema: spark().schema, identifier: 'once' }, spark().name('once')]
    await spark().sql(`create table ${name} (id int) using delta`)
    const sessions = await Promise.all([1, 2, 3].map(() => spark().warehouse.connect()))
    const insert = async (session: Connection, run: string) => {
      const { before, after } = tagOf(run)
      for (const { sql } of before) await session.execute(sql)
      const { rowsAffected } = await session.execute(text(`insert into ${name} values (1), (2)`), into)
      for (const { sql } of after) await session.execute(sql)
      return rowsAffected
    }
    for (const run of ['a', 'b']) {
      expect(await Promise.all(sessions.map((session, index) => insert(session, `${run}${index}`)))).toEqual([2, 2, 2])
    }
    expect(await spark().rows(`select count(*) from ${name}`)).toEqual([['12']])
    await Promise.all(sessions.map((session) => session.close()))
  })

  test('are reset after an error too', async () => {
    await expect(tagged('e', 'insert into no_such_table values (1)')).rejects.toMatchObject({
      code: 'relation-missing',
    })
    const [row] = await spark().rows('set spark.databricks.delta.write.txnAppId')
    expect(row?.[1]).toMatch(/undefined/)
  })

  test('of two sessions that write one table at once are both kept', async () => {
    const name = spark().name('contested')
    await spark().sql(`create or replace table ${name} using delta as select id, 0 as n from range(10)`)
    const sessions = await Promise.all([spark().warehouse.connect(), spark().warehouse.connect()])
    const merge = (from: number) =>
      text(
        `merge into ${name} as t using (select id + ${from} as id from range(5)) as d on t.id = d.id when matched then update set t.n = t.n + 1`,
      )
    await Promise.all(sessions.map((session, index) => session.execute(merge(index * 5))))
    expect(await spark().rows(`select sum(n), count(*) from ${name}`)).toEqual([['10', '10']])
    await Promise.all(sessions.map((session) => session.close()))
  })

  test('of tables with columns of any name are made with column mapping, others without', async () => {
    const { dialect } = spark().warehouse
    const build = (identifier: string, select: string) =>
      dialect.replaceTable?.(undefined)?.({ schema: spark().schema, identifier }, text(select)) ?? []
    for (const [identifier, select] of [
      ['plain', 'select 1 as a'],
      ['odd', "select 1 as `a b`, array(named_struct('x,y', 2)) as c"],
    ] as const) {
      for (const statement of build(identifier, select)) await spark().connection.execute(statement.sql)
    }
    const mapped = async (name: string) =>
      (await spark().rows(`show tblproperties ${spark().name(name)}`)).some(
        ([key]) => key === 'delta.columnMapping.mode',
      )
    expect([await mapped('plain'), await mapped('odd')]).toEqual([false, true])
    expect(await spark().rows(`select \`a b\`, c[0].\`x,y\` from ${spark().name('odd')}`)).toEqual([['1', '2']])
  })

  describe('a run that is killed between a commit and its record', () => {
    test('leaves a watermark that the next run takes from the history', async () => {
      const state = `${spark().schema}_state`
      const folder = await projectFolder({ engine: 'databricks', databricks: spark().settings }, state)
      await folder.write({
        'models/k.ff.sql':
          "{{ config(unique_key='id', updated_at='t', delta={'watermark': 't'}) }}\nselect 1 as id, 5 as t union all select 2, 6",
      })
      expect((await runFft(['run'], folder.dir)).code).toBe(0)
      const shown = async () => (await runFft(['state', 'show'], folder.dir)).stdout
      const before = await shown()
      expect(before).toMatch(/\b6\b/)
      await spark().sql(`delete from ${state}.watermarks`)
      const again = await runFft(['run'], folder.dir)
      expect(again.nodes['k']?.detail).toBe('unchanged')
      expect(again.notices).toEqual([])
      expect(await shown()).toMatch(/\b6\b/)
      await folder.end()
      await spark().sql(`drop schema ${state} cascade`)
    })
  })

  test('that fail leave the old rows', async () => {
    const name = spark().name('kept')
    await spark().sql(`create or replace table ${name} using delta as select 1 as id`)
    const broken = concat(`create or replace table ${name}`, ' using delta as ', "select cast('x' as int) as id")
    await expect(spark().connection.execute(broken)).rejects.toMatchObject({ code: 'type-mismatch' })
    expect(await spark().rows(`select * from ${name}`)).toEqual([['1']])
  })
})
