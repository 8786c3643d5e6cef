import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const select = "select id, v, gone, t from {{ source('raw', 'src') }}"
const plain = "materialized='incremental', unique_key='id'"
const merge = `${plain}, updated_at='t'`
const flagged = "deletes={'when': 'gone'}"
const missing = "deletes={'missing': True}"

async function start(lab: Lab, config: string, rows: readonly string[], body = select): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, gone boolean, t integer`, rows)
  await lab.model('m', config, body)
}

const three = ["1, 'a', false, 1", "2, 'b', null, 1", "3, 'c', false, 1"]

const marked: readonly Case[] = [
  {
    title: 'deletes.when: a flagged row takes its key away and never enters, NULL is no flag; a rerun changes nothing',
    run: async (lab) => {
      await start(lab, `${merge}, ${flagged}`, [...three, "4, 'never', true, 1"])
      expectCounts(await lab.good('m'), 3)
      expect(await lab.rows('m', 'id, gone')).toEqual([
        ['1', 'false'],
        ['2', null],
        ['3', 'false'],
      ])
      expectCounts(await lab.good('m'), 0)
      await lab.sql(
        'update {src} set gone = true, t = 2 where id in (1, 2)',
        "update {src} set v = 'C', t = 2 where id = 3",
      )
      await lab.add('src', "5, 'new', null, 2", "6, 'never', true, 2")
      expectCounts(await lab.good('m'), 1, 1, 2)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['3', 'C'],
        ['5', 'new'],
      ])
      expectCounts(await lab.good('m'), 0)
      await lab.sql('update {src} set gone = false, t = 3 where id = 1')
      expectCounts(await lab.good('m'), 1)
      expectCounts(await lab.good('m', '--full-refresh'), 3)
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'deletes.when: in a filtered delta a flag that is older than the table loses, an equal or newer one wins',
    run: async (lab) => {
      const config = `${merge}, ${flagged}, delta={'watermark': 't'}, lookback=9`
      await start(lab, config, ["1, 'a', false, 5", "2, 'b', false, 5", "3, 'c', false, 5", "4, 'd', false, null"])
      await lab.good('m')
      await lab.sql(
        'update {src} set gone = true, t = 4 where id = 1',
        'update {src} set gone = true where id = 2',
        'update {src} set gone = true, t = null where id = 3',
        'update {src} set gone = true where id = 4',
      )
      expectCounts(await lab.good('m'), 0, 0, 2)
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['3']])
      expectCounts(await lab.good('m'), 0)
      // The whole SELECT always wins.
      await lab.model('m', `${merge}, ${flagged}`, select)
      expectCounts(await lab.good('m'), 0, 0, 2)
    },
  },
  {
    title: 'deletes.when: flagged and live in one delta: the newest counts, a tie is an error, equal rows collapse',
    run: async (lab) => {
      await start(lab, `${merge}, ${flagged}`, three)
      await lab.good('m')
      await lab.add(
        'src',
        "1, 'a', true, 2",
        "2, 'b', true, 2",
        "2, 'back', false, 3",
        "4, 'd', false, 1",
        "4, 'd', true, 2",
        "4, 'd', true, 2",
      )
      expectCounts(await lab.good('m'), 0, 1, 1)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['2', 'back'],
        ['3', 'c'],
      ])
      expectCounts(await lab.good('m', '--full-refresh'), 2)
      await lab.add('src', "3, 'c', true, 1")
      await lab.bad('m', 'duplicate-key')
      await lab.bad('m', 'duplicate-key', '--full-refresh')
      expect(await lab.rows('m', 'id')).toEqual([['2'], ['3']])
    },
  },
  {
    title: 'deletes.when without updated_at: flagged and live rows of a key are a duplicate key',
    run: async (lab) => {
      await start(lab, `${plain}, ${flagged}`, three)
      await lab.good('m')
      await lab.add('src', "1, 'a', true, 1")
      await lab.bad('m', 'duplicate-key')
      await lab.sql('delete from {src} where id = 1 and gone = false')
      expectCounts(await lab.good('m'), 0, 0, 1)
      expect(await lab.rows('m', 'id')).toEqual([['2'], ['3']])
    },
  },
  {
    title: 'deletes.when: the deletion moves the watermark and makes no warning of rows that were deleted by hand',
    run: async (lab) => {
      await start(lab, `${merge}, ${flagged}, delta={'watermark': 't'}`, three)
      await lab.good('m')
      await lab.add('src', "1, 'a', true, 7")
      expectCounts(await lab.good('m'), 0, 0, 1)
      expect(await lab.state()).toEqual(['m t 7'])
      const again = await lab.run()
      expect(again.notices).toEqual([])
      expectCounts(await lab.good('m'), 0)
      await lab.good('m', '--full-refresh')
      expect(await lab.state()).toEqual(['m t 7'])
      expect((await lab.run()).notices).toEqual([])
    },
  },
  {
    title: 'deletes.when: a condition on odd columns, with update_when, NULL keys that match and columns that left',
    run: async (lab) => {
      const odd = 'is "gone"'
      await lab.table('src', `id integer, ${lab.quote(odd)} integer, t integer, extra integer`, [
        '1, 0, 1, 1',
        'null, 0, 1, 1',
      ])
      const config = (when: string) =>
        `${plain}, on_null_keys='match', on_schema_change='ignore', deletes={'when': '${when}'}, update_when='delta.t > target.t'`
      const when = `delta.${lab.quote(odd)} = 1 -- gone`
      await lab.model('m', config(when), "select * from {{ source('raw', 'src') }}")
      await lab.good('m')
      await lab.sql(`update {src} set ${lab.quote(odd)} = 1`, 'update {src} set t = 2 where id is null')
      await lab.model('m', config(when), `select id, ${lab.quote(odd)}, t from {{ source('raw', 'src') }}`)
      // Of the two only one is newer.
      expectCounts(await lab.good('m'), 0, 0, 1)
      expect(await lab.rows('m', 'id, extra')).toEqual([['1', '1']])
    },
  },
]

const absent: readonly Case[] = [
  {
    title: 'deletes.missing: keys that the whole SELECT does not have go, and only they; a rerun changes nothing',
    run: async (lab) => {
      for (const config of [plain, merge]) {
        await start(lab, `${config}, ${missing}`, three)
        await lab.good('m', '--full-refresh')
        expectCounts(await lab.good('m'), 0)
        await lab.sql('delete from {src} where id = 1', "update {src} set v = 'B' where id = 2")
        await lab.add('src', "4, 'd', false, 2")
        expectCounts(await lab.good('m'), 1, 1, 1)
        expect(await lab.rows('m')).toEqual(await lab.rows('src'))
        expectCounts(await lab.good('m'), 0)
      }
    },
  },
  {
    title: 'deletes.missing: a SELECT without rows is an error and changes nothing, unless allow_empty',
    run: async (lab) => {
      await start(lab, `${merge}, ${missing}`, three)
      await lab.good('m')
      const state = await lab.state()
      await lab.sql('delete from {src}')
      const failed = await lab.bad('m', 'empty-delta')
      expect([failed.file, failed.line, failed.column]).toEqual([
        'models/m.ff.sql',
        1,
        `{{ config(${merge}, deletes=`.length + 1,
      ])
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['3']])
      expect(await lab.state()).toEqual(state)
      await lab.model('m', `${merge}, deletes={'missing': True, 'allow_empty': True}`, select)
      expectCounts(await lab.good('m'), 0, 0, 3)
      expect(await lab.rows('m')).toEqual([])
      // Where nothing is, nothing can be lost.
      await lab.model('m', `${merge}, ${missing}`, select)
      expectCounts(await lab.good('m'), 0)
    },
  },
  {
    title: 'deletes.missing: rows that are left out for their key do not stand for rows',
    run: async (lab) => {
      await start(lab, `${plain}, on_null_keys='drop', ${missing}`, three)
      await lab.good('m')
      await lab.sql('update {src} set id = null')
      await lab.bad('m', 'empty-delta')
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['3']])
    },
  },
  {
    title: 'deletes.missing beside deletes.when, and NULL keys that match',
    run: async (lab) => {
      await start(lab, `${plain}, on_null_keys='match', deletes={'when': 'gone', 'missing': True}`, [
        ...three,
        "null, 'n', false, 1",
      ])
      await lab.good('m')
      expectCounts(await lab.good('m'), 0)
      await lab.sql('delete from {src} where id = 1', 'update {src} set gone = true where id = 2')
      expectCounts(await lab.good('m'), 0, 0, 2)
      await lab.sql('delete from {src} where id is null')
      expectCounts(await lab.good('m'), 0, 0, 1)
      expect(await lab.rows('m', 'id')).toEqual([['3']])
      // All that is there is a deletion: that is meant.
      await lab.sql('update {src} set gone = true')
      expectCounts(await lab.good('m'), 0, 0, 1)
    },
  },
  {
    title: 'deletes.missing: a flagged key is not missing, so update_when may keep it',
    run: async (lab) => {
      const config = `${plain}, update_when='delta.t > target.t', deletes={'when': 'gone', 'missing': True}`
      await start(lab, config, ["1, 'a', false, 5", "2, 'b', false, 5", "3, 'c', false, 5"])
      await lab.good('m')
      await lab.sql('delete from {src} where id = 1', 'update {src} set gone = true, t = id * 2')
      expectCounts(await lab.good('m'), 0, 0, 2)
      expect(await lab.rows('m', 'id, t')).toEqual([['2', '5']])
    },
  },
  {
    title: 'deletes.missing with a filtered delta or with predicates is exit 2 at its place',
    run: async (lab) => {
      const filtered = `${select} {% if is_incremental() %}where t > 1{% endif %}`
      for (const [more, body, code] of [
        ["delta={'watermark': 't'}, ", select, 'missing-needs-whole'],
        [`delta={'sql': "${select}"}, `, select, 'missing-needs-whole'],
        ['', filtered, 'missing-needs-whole'],
        ["predicates='target.t > 0', ", select, 'missing-with-predicates'],
      ] as const) {
        await start(lab, `${merge}, ${more}${missing}`, three, body)
        const { code: exit, faults } = await lab.run()
        expect([exit, faults.map((fault) => fault.code)]).toEqual([2, [code]])
        expect(faults[0]?.column).toBe(`{{ config(${merge}, ${more}deletes=`.length + 1)
        expect(await lab.kind('m')).toBeUndefined()
      }
    },
  },
]

/** `incremental.md` §4: `deletes`. */
export const deletes = [
  ...proving('deletes', sparing(marked, /takes its key away/, 'one MERGE holds the clauses for deletions')),
  ...proving('deletes', sparing(absent, /the whole SELECT does not have/, 'the refusals are those of the plan')),
]
