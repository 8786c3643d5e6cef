import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const select = "select id, part, v from {{ source('raw', 'src') }}"
const overwrite = "materialized='incremental', strategy='insert_overwrite', partition_by='part'"
const daily = "materialized='incremental', strategy='snapshot_date', partition_by='day'"

async function start(lab: Lab, config: string, rows: readonly string[]): Promise<void> {
  await lab.table('src', `id integer, part ${lab.types.text}, v integer`, rows)
  await lab.model('m', config, select)
}

const overwriting: readonly Case[] = [
  {
    title: 'insert_overwrite replaces the partitions of the delta, NULL among them, and leaves the others as they are',
    run: async (lab) => {
      await start(lab, overwrite, ["1, 'a', 1", "2, 'a', 1", "3, 'b', 1", '4, null, 1', '5, null, 1'])
      expectCounts(await lab.good('m'), 5)
      expectCounts(await lab.good('m'), 0)
      await lab.sql('delete from {src}')
      await lab.add('src', "1, 'a', 1", "2, 'a', 2", "6, 'a', 1", '4, null, 2', "7, 'c', 1")
      // In `a` one row is updated and one added; of the two without a partition one is updated and one goes.
      expectCounts(await lab.good('m'), 2, 2, 1)
      expect(await lab.rows('m')).toEqual([
        ['1', 'a', '1'],
        ['2', 'a', '2'],
        ['3', 'b', '1'],
        ['4', null, '2'],
        ['6', 'a', '1'],
        ['7', 'c', '1'],
      ])
      expectCounts(await lab.good('m'), 0)
    },
  },
  {
    title: 'insert_overwrite of a delta without rows changes nothing',
    run: async (lab) => {
      await start(lab, overwrite, ["1, 'a', 1"])
      await lab.good('m')
      await lab.sql('delete from {src}')
      expectCounts(await lab.good('m'), 0)
      expect(await lab.rows('m')).toEqual([['1', 'a', '1']])
    },
  },
  {
    title: 'insert_overwrite keeps equal rows, as many as the delta has',
    run: async (lab) => {
      await start(lab, overwrite, ["1, 'a', 1", "1, 'a', 1", "1, 'a', 1", "2, 'b', null", "2, 'b', null"])
      expectCounts(await lab.good('m'), 5)
      expectCounts(await lab.good('m'), 0)
      await lab.sql("delete from {src} where part = 'a'")
      await lab.add('src', "1, 'a', 1", "2, 'b', null")
      expectCounts(await lab.good('m'), 1, 0, 2)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
  {
    title: 'insert_overwrite by several columns: a partition is a tuple, and NULL in one of them is a value',
    run: async (lab) => {
      await start(lab, overwrite.replace("'part'", "['PART', 'v']"), [
        "1, 'a', 1",
        "2, 'a', null",
        '3, null, 1',
        '4, null, null',
      ])
      expectCounts(await lab.good('m'), 4)
      expectCounts(await lab.good('m'), 0)
      await lab.sql('delete from {src} where v = 1')
      await lab.add('src', "5, 'a', null", '6, null, 1', '7, null, 2')
      expectCounts(await lab.good('m'), 2, 1)
      expect(await lab.rows('m', 'id, part, v')).toEqual([
        ['1', 'a', '1'],
        ['2', 'a', null],
        ['4', null, null],
        ['5', 'a', null],
        ['6', null, '1'],
        ['7', null, '2'],
      ])
    },
  },
  {
    title: 'insert_overwrite with a key checks it, and without partition_by is exit 2 at its place',
    run: async (lab) => {
      await start(lab, `${overwrite}, unique_key='id'`, ["1, 'a', 1", "1, 'b', 1"])
      await lab.bad('m', 'duplicate-key')
      await lab.sql("delete from {src} where part = 'b'")
      await lab.good('m')
      await lab.add('src', "null, 'a', 1")
      await lab.bad('m', 'null-key')
      expect(await lab.rows('m')).toEqual([['1', 'a', '1']])
      await lab.model('m', "materialized='incremental', strategy='insert_overwrite'", select)
      const refused = await lab.run()
      expect([refused.code, refused.faults.map(({ code, line }) => [code, line])]).toEqual([2, [['strategy-needs', 1]]])
      await lab.model('m', overwrite.replace("'part'", "'prt'"), select)
      expect((await lab.bad('m', 'column-missing')).hint).toContain("'part'")
    },
  },
]

async function startDaily(lab: Lab, config: string, rows: readonly string[]): Promise<void> {
  await lab.table('src', 'id integer, v integer, day date', rows)
  await lab.model('m', config, "select id, v, day from {{ source('raw', 'src') }}")
}

const first = "date '2024-01-01'"
const second = "date '2024-01-02'"

/** The shared cases of a strategy, for one whose runs are each of another date. */
export const snapshotDate: readonly Case[] = [
  {
    title: 'snapshot_date: each run replaces its own date, and a rerun changes nothing; columns in any order',
    run: async (lab) => {
      await startDaily(lab, daily, [`1, 10, ${first}`, `2, 20, ${first}`])
      expectCounts(await lab.good('m'), 2)
      expectCounts(await lab.good('m'), 0)
      await lab.sql(`update {src} set day = ${second}`, 'update {src} set v = 21 where id = 2')
      expectCounts(await lab.good('m'), 2)
      expectCounts(await lab.good('m'), 0)
      await lab.sql('update {src} set v = 22 where id = 2', 'delete from {src} where id = 1')
      await lab.add('src', `3, 30, ${second}`)
      await lab.model('m', daily, "select day, v, id from {{ source('raw', 'src') }}")
      expectCounts(await lab.good('m'), 0, 2)
      expect(await lab.rows('m')).toEqual([
        ['1', '10', '2024-01-01'],
        ['2', '20', '2024-01-01'],
        ['2', '22', '2024-01-02'],
        ['3', '30', '2024-01-02'],
      ])
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'snapshot_date: no date, two dates or NULL are an error in the first run and later, and nothing is written',
    run: async (lab) => {
      const wrong = [[], [`1, 10, ${first}`, `2, 20, ${second}`], [`1, 10, ${first}`, '2, 20, null'], ['1, 10, null']]
      for (const rows of wrong) {
        await startDaily(lab, daily, rows)
        await lab.bad('m', 'not-one-date')
        expect(await lab.kind('m')).toBeUndefined()
      }
      await startDaily(lab, daily, [`1, 10, ${first}`])
      await lab.good('m')
      for (const rows of wrong) {
        await startDaily(lab, daily, rows)
        const failed = await lab.bad('m', 'not-one-date')
        expect([failed.file, failed.line]).toEqual(['models/m.ff.sql', 1])
        expect(failed.column).toBe(daily.indexOf("'day'") + '{{ config('.length + 1)
      }
      expect(await lab.rows('m')).toEqual([['1', '10', '2024-01-01']])
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'snapshot_date: a key is one of its date; equal rows of a key collapse, others are an error',
    run: async (lab) => {
      await startDaily(lab, `${daily}, unique_key='id'`, [`1, 10, ${first}`])
      await lab.good('m')
      await lab.sql('delete from {src}')
      await lab.add('src', `1, 11, ${second}`, `1, 11, ${second}`)
      expectCounts(await lab.good('m'), 1)
      await lab.add('src', `1, 12, ${second}`)
      await lab.bad('m', 'duplicate-key')
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', '10'],
        ['1', '11'],
      ])
    },
  },
  {
    title: 'snapshot_date: a delta of its own, a filter or several columns are exit 2',
    run: async (lab) => {
      await startDaily(lab, daily, [`1, 10, ${first}`])
      const body = "select id, v, day from {{ source('raw', 'src') }}"
      for (const [config, code] of [
        [`${daily}, delta={'sql': 'select 1 as id'}`, 'dated-with-delta'],
        [`${daily}, delta={'watermark': 'v'}`, 'dated-with-delta'],
        [daily.replace("'day'", "['day', 'v']"), 'strategy-needs'],
        [daily.replace(", partition_by='day'", ''), 'strategy-needs'],
      ] as const) {
        await lab.model('m', config, body)
        const refused = await lab.run()
        expect([refused.code, refused.faults.map((fault) => fault.code)]).toEqual([2, [code]])
      }
    },
  },
]

/** `incremental.md` §4: strategies that replace whole partitions. */
export const partitions = [
  ...proving('partitions', sparing(overwriting, /NULL among them/, 'one statement replaces partitions')),
  ...proving('snapshot-date', sparing(snapshotDate, /each run/, 'the checks are the same queries everywhere')),
]
