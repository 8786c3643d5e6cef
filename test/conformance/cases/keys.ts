import { expect } from 'vitest'
import type { LoggedEvent } from '../../support/outcome.js'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const body = "select id, part, v, t from {{ source('raw', 'src') }}"
const merge = "materialized='incremental', unique_key='id', updated_at='t'"
const plain = "materialized='incremental', unique_key='id'"

async function start(lab: Lab, config: string, rows: readonly string[]): Promise<void> {
  await lab.table('src', `id integer, part ${lab.types.text}, v ${lab.types.text}, t integer`, rows)
  await lab.model('m', config, body)
}

/** The failure is at the `unique_key` of the config, and shows the keys at fault with their rows. */
function expectKeyFailure(node: LoggedEvent, column: string, values: readonly (string | null)[]): void {
  expect([node.file, node.line]).toEqual(['models/m.ff.sql', 1])
  expect(node.column, 'the place of the unique_key').toBeGreaterThan(3)
  expect(node.message).toContain(column)
  const at = node.rows?.columns.indexOf(column) ?? -1
  expect([...new Set(node.rows?.rows.map((row) => row[at] ?? null))]).toEqual(values)
}

const duplicates: readonly Case[] = [
  {
    title: 'equal rows of a key collapse and are counted, in the first run and in a delta',
    run: async (lab) => {
      await start(lab, plain, [
        "1, 'p', 'a', 1",
        "1, 'p', 'a', 1",
        "1, 'p', 'a', 1",
        '2, null, null, null',
        '2, null, null, null',
      ])
      const created = await lab.good('m')
      expectCounts(created, 2)
      expect(created.counts?.['duplicates']).toBe(3)
      await lab.add('src', "3, 'p', 'c', 1", "3, 'p', 'c', 1")
      const second = await lab.good('m')
      expectCounts(second, 1)
      expect(second.counts?.['duplicates']).toBe(4)
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['3']])
      // Names that hide what engines number rows by.
      await lab.table('odd', 'id integer, rowid integer', ['1, 1', '1, 1', '2, 2', '2, 2'])
      await lab.model('n', plain, "select * from {{ source('raw', 'odd') }}")
      const odd = await lab.good('n', '--select', 'n')
      expectCounts(odd, 2)
      expect(odd.counts?.['duplicates']).toBe(2)
    },
  },
  {
    title: 'the newest row of a key by updated_at stays, NULL being the oldest, in the first run and in a delta',
    run: async (lab) => {
      await start(lab, merge, ["1, 'p', 'old', 1", "1, 'p', 'new', 2", "2, 'p', 'none', null", "2, 'p', 'some', 0"])
      expectCounts(await lab.good('m'), 2)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'new'],
        ['2', 'some'],
      ])
      await lab.add('src', "3, 'p', 'x', 7", "3, 'p', 'y', 8", "3, 'p', 'z', null", "1, 'p', 'newest', 9")
      expectCounts(await lab.good('m'), 1, 1)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'newest'],
        ['2', 'some'],
        ['3', 'y'],
      ])
    },
  },
  {
    title: 'different rows of a key with the same newest updated_at are an error, and nothing is written',
    run: async (lab) => {
      await start(lab, merge, ["1, 'p', 'a', 1"])
      await lab.good('m')
      const state = await lab.state()
      await lab.add('src', "5, 'p', 'x', 4", "5, 'p', 'y', 4", "5, 'p', 'older', 3", "6, 'p', 'fine', 4")
      const failed = await lab.bad('m', 'duplicate-key')
      expectKeyFailure(failed, 'id', ['5'])
      expect(failed.message).toContain('t')
      expect(await lab.rows('m', 'id')).toEqual([['1']])
      expect(await lab.state()).toEqual(state)
      expectKeyFailure(await lab.bad('m', 'duplicate-key', '--full-refresh'), 'id', ['5'])
      expect(await lab.rows('m', 'id')).toEqual([['1']])
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'a tie among rows that are not the newest is no error',
    run: async (lab) => {
      await start(lab, merge, ["1, 'p', 'a', 1", "1, 'p', 'b', 1", "1, 'p', 'c', 2"])
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m', 'id, v')).toEqual([['1', 'c']])
    },
  },
  {
    title: 'without updated_at different rows of a key are an error, in the first run too; at most five keys are shown',
    run: async (lab) => {
      const rows = [1, 2, 3, 4, 5, 6, 7].flatMap((id) => [`${id}, 'p', 'a', 1`, `${id}, 'p', 'b', 1`])
      await start(lab, plain, rows)
      expectKeyFailure(await lab.bad('m', 'duplicate-key'), 'id', ['1', '2', '3', '4', '5'])
      expect(await lab.kind('m')).toBeUndefined()
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: "on_duplicate_keys='any' keeps one row a key, 'error' refuses even with updated_at",
    run: async (lab) => {
      await start(lab, `${plain}, on_duplicate_keys='any'`, ["1, 'p', 'a', 1", "1, 'p', 'b', 1", "2, 'p', 'c', 1"])
      expectCounts(await lab.good('m'), 2)
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2']])
      await lab.model('m', `${merge}, on_duplicate_keys='error'`, body)
      await lab.add('src', "3, 'p', 'x', 4", "3, 'p', 'y', 5")
      expectKeyFailure(await lab.bad('m', 'duplicate-key'), 'id', ['1', '3'])
    },
  },
  {
    title: "on_duplicate_keys='latest' keeps the newest, and is exit 2 without updated_at",
    run: async (lab) => {
      await start(lab, `${merge}, on_duplicate_keys='latest'`, ["1, 'p', 'a', 1", "1, 'p', 'b', 2"])
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m', 'v')).toEqual([['b']])
      await lab.model('m', `${plain}, on_duplicate_keys='latest'`, body)
      const refused = await lab.run()
      expect([refused.code, refused.faults.map(({ code }) => code)]).toEqual([2, ['latest-needs-updated-at']])
    },
  },
  {
    title: 'append without a key keeps equal rows, as many as there are',
    run: async (lab) => {
      await start(lab, "materialized='incremental', strategy='append', updated_at='t'", [
        "1, 'p', 'a', 1",
        "1, 'p', 'a', 1",
      ])
      expectCounts(await lab.good('m'), 2)
      expectCounts(await lab.good('m'), 0)
      await lab.add(
        'src',
        "1, 'p', 'a', 1",
        "2, 'p', 'b', 2",
        "2, 'p', 'b', 2",
        '3, null, null, null',
        '3, null, null, null',
      )
      expectCounts(await lab.good('m'), 5)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
      expectCounts(await lab.good('m'), 0)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
  {
    title: 'delete+insert replaces the set of rows of each key, equal rows and shrinking sets included',
    run: async (lab) => {
      const config = "materialized='incremental', strategy='delete+insert', unique_key='id'"
      await start(lab, config, ["1, 'p', 'a', 1", "1, 'p', 'a', 1", "1, 'q', 'b', 1", "2, 'p', 'c', 1"])
      expectCounts(await lab.good('m'), 4)
      expectCounts(await lab.good('m'), 0)
      await lab.sql("delete from {src} where part = 'q'", 'delete from {src} where id = 2')
      await lab.add('src', "3, 'p', 'new', 1", "3, 'q', 'new', 1")
      expectCounts(await lab.good('m'), 2, 0, 1)
      expect(await lab.rows('m', 'id, part, v')).toEqual([
        ['1', 'p', 'a'],
        ['1', 'p', 'a'],
        ['2', 'p', 'c'],
        ['3', 'p', 'new'],
        ['3', 'q', 'new'],
      ])
    },
  },
]

const nulls: readonly Case[] = [
  "materialized='incremental', unique_key=['id', 'part'], updated_at='t'",
  "materialized='incremental', strategy='delete+insert', unique_key=['id', 'part']",
  "materialized='incremental', strategy='append', unique_key=['id', 'part'], updated_at='t'",
].flatMap((config) => {
  const strategy = /strategy='([^']*)'/.exec(config)?.[1] ?? 'merge'
  const rows = ["1, null, 'a', 1", "2, 'p', 'b', 1"]
  return [
    {
      title: `${strategy}: a NULL in a key is an error with the rows at fault; nothing is written, first run and delta alike`,
      run: async (lab: Lab) => {
        await start(lab, config, rows)
        expectKeyFailure(await lab.bad('m', 'null-key'), 'id', ['1'])
        expect(await lab.kind('m')).toBeUndefined()
        await lab.sql('delete from {src} where part is null')
        await lab.good('m')
        await lab.add('src', "3, null, 'c', 2", "4, 'p', 'd', 2")
        expectKeyFailure(await lab.bad('m', 'null-key'), 'id', ['3'])
        expect(await lab.rows('m', 'id')).toEqual([['2']])
      },
    },
    {
      title: `${strategy}: on_null_keys='drop' leaves rows without a key out and counts the others`,
      run: async (lab: Lab) => {
        await start(lab, `${config}, on_null_keys='drop'`, rows)
        expectCounts(await lab.good('m'), 1)
        await lab.add('src', "3, null, 'c', 2", "4, 'p', 'd', 2", "null, 'p', 'e', 2")
        expectCounts(await lab.good('m'), 1)
        expect(await lab.rows('m', 'id')).toEqual([['2'], ['4']])
        expectCounts(await lab.good('m'), 0)
      },
    },
    {
      title: `${strategy}: on_null_keys='match' takes NULL for a value like any other`,
      run: async (lab: Lab) => {
        await start(lab, `${config}, on_null_keys='match'`, rows)
        expectCounts(await lab.good('m'), 2)
        expectCounts(await lab.good('m'), 0)
        await lab.add('src', "1, 'p', 'x', 2", "null, null, 'y', 2")
        expectCounts(await lab.good('m'), 2)
        if (strategy !== 'append') {
          await lab.sql(
            "update {src} set v = 'A', t = 3 where id = 1 and part is null",
            "update {src} set v = 'Y', t = 3 where id is null",
          )
          expectCounts(await lab.good('m'), 0, 2)
        }
        expect(await lab.rows('m')).toEqual(await lab.rows('src'))
        expectCounts(await lab.good('m'), 0)
      },
    },
  ]
})

const columns: readonly Case[] = [
  {
    title: 'a composite key is compared as a tuple, column by column',
    run: async (lab) => {
      await lab.table('pairs', `a ${lab.types.text}, b ${lab.types.text}, v integer`, [
        "'x', 'yz', 1",
        "'xy', 'z', 2",
        "'', 'xyz', 3",
      ])
      await lab.model(
        'm',
        "materialized='incremental', unique_key=['a', 'b']",
        "select * from {{ source('raw', 'pairs') }}",
      )
      expectCounts(await lab.good('m'), 3)
      await lab.sql("update {pairs} set v = 9 where a = 'xy'")
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m')).toEqual(await lab.rows('pairs'))
    },
  },
  {
    title: 'a key in another letter case is the one column that it can be',
    run: async (lab) => {
      await start(lab, "materialized='incremental', unique_key=['ID', 'id'], updated_at='T'", ["1, 'p', 'a', 1"])
      expectCounts(await lab.good('m'), 1)
      await lab.sql("update {src} set v = 'b', t = 2")
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m', 'id, v')).toEqual([['1', 'b']])
    },
  },
  {
    title: 'a key that is no column of the SELECT is an error with the columns there are, first run and delta alike',
    run: async (lab) => {
      await start(lab, "materialized='incremental', unique_key='idd'", ["1, 'p', 'a', 1"])
      const failed = await lab.bad('m', 'column-missing')
      expect(failed.message).toContain("'idd'")
      expect(failed.message).toContain('id, part, v, t')
      expect([failed.file, failed.line]).toEqual(['models/m.ff.sql', 1])
      await lab.model('m', plain, body)
      await lab.good('m')
      await lab.model('m', "materialized='incremental', unique_key='idd'", body)
      await lab.bad('m', 'column-missing')
      expect(await lab.rows('m', 'id')).toEqual([['1']])
    },
  },
  {
    title: 'an empty unique_key is none: merge is refused, append needs a way to its delta',
    run: async (lab) => {
      await start(lab, "materialized='incremental', strategy='merge', unique_key=[]", ["1, 'p', 'a', 1"])
      const refused = await lab.run()
      expect([refused.code, refused.faults.map(({ code }) => code)]).toEqual([2, ['strategy-needs']])
      await lab.model('m', "materialized='incremental', unique_key=''", body)
      expect((await lab.run()).code).toBe(2)
    },
  },
  {
    title: 'rows that differ from NULL in one column alone are updated, equal ones are not touched',
    run: async (lab) => {
      await start(lab, plain, ['1, null, null, null', "2, 'p', null, 1", "3, 'p', 'c', null"])
      await lab.good('m')
      expectCounts(await lab.good('m'), 0)
      await lab.sql(
        "update {src} set v = '' where id = 1",
        'update {src} set part = null where id = 2',
        'update {src} set t = 0 where id = 3',
      )
      expectCounts(await lab.good('m'), 0, 3)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
  {
    title: 'NaN equals NaN, and the two zeros are no endless update',
    run: async (lab) => {
      await lab.table('src', `id integer, v ${lab.types.double}`, [`1, cast('nan' as ${lab.types.double})`, '2, 0.0'])
      await lab.model('m', plain, "select * from {{ source('raw', 'src') }}")
      await lab.good('m')
      expectCounts(await lab.good('m'), 0)
      await lab.sql('update {src} set v = 1.5 where id = 1')
      expectCounts(await lab.good('m'), 0, 1)
    },
  },
]

/** `incremental.md` §5. */
export const keys = [
  ...proving(
    'duplicate-keys',
    sparing(duplicates, /^the newest|^delete.insert/, 'the checks of keys are the same for all'),
  ),
  ...proving('null-keys', sparing(nulls, /^merge: a NULL|^delete.insert.*match/, 'one function compares keys')),
  ...proving('key-columns', sparing(columns, /NULL|NaN|exit 2|empty/, 'keys are resolved before anything runs')),
]
