import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const select = "select id, v, t from {{ source('raw', 'src') }}"
const incremental = "materialized='incremental', unique_key='id', updated_at='t', delta={'watermark': 't'}"
const body = `${select}{% if is_incremental() %} where t > (select max(t) from {{ this }}){% endif %}`

async function source(lab: Lab): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, t integer`, ["1, 'a', 1", "2, 'b', 2"])
}

const steps = ["materialized='view'", "materialized='table'", incremental] as const
const names = ['view', 'table', 'incremental'] as const

const kinds: readonly Case[] = names.flatMap((from, a) =>
  names.flatMap((to, b): Case[] =>
    a === b
      ? []
      : [
          {
            title: `a ${from} becomes a ${to}, and a model that reads it goes on`,
            run: async (lab) => {
              await source(lab)
              await lab.model('m', steps[a] ?? '', select)
              await lab.model('n', "materialized='table'", "select count(*) as n from {{ ref('m') }}")
              await lab.good('m')
              await lab.add('src', "3, 'c', 3")
              await lab.model('m', steps[b] ?? '', select)
              await lab.good('m')
              expect(await lab.kind('m')).toBe(to === 'view' ? 'view' : 'table')
              expect(await lab.rows('m')).toEqual(await lab.rows('src'))
              expect(await lab.rows('n')).toEqual([['3']])
              expect(await lab.state()).toEqual(to === 'incremental' ? ['m t 3'] : [])
              await lab.good('m')
              expect(await lab.rows('m')).toEqual(await lab.rows('src'))
            },
          },
        ],
  ),
)

const before: readonly Case[] = [
  {
    title: 'a table without state is adopted: incremental at once, its maximum is the watermark, and that is said',
    run: async (lab) => {
      await source(lab)
      await lab.tableAs('m', 'select * from {src}')
      await lab.sql("update {m} set v = 'by hand' where id = 1")
      await lab.add('src', "3, 'c', 3")
      await lab.model('m', incremental, body)
      const outcome = await lab.run()
      expect(outcome.code, outcome.stderr).toBe(0)
      expect(outcome.notices.join('\n')).toMatch(/adopted.*2/)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'by hand'],
        ['2', 'b'],
        ['3', 'c'],
      ])
      expect(await lab.state()).toEqual(['m t 3'])
      expect((await lab.run()).notices.join('\n')).not.toContain('adopted')
    },
  },
  {
    title: 'a table that was built as a table before is adopted too',
    run: async (lab) => {
      await source(lab)
      await lab.model('m', "materialized='table'", select)
      await lab.good('m')
      await lab.add('src', "3, 'c', 3")
      await lab.model('m', incremental, body)
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
  {
    title: 'a table that was dropped by hand is a first run, and its stale state goes',
    run: async (lab) => {
      await source(lab)
      await lab.model('m', incremental, body)
      await lab.good('m')
      await lab.sql('drop table {m}', 'delete from {src} where id = 2')
      const again = await lab.good('m')
      expectCounts(again, 1)
      expect(again.detail).toBe('created')
      expect(await lab.state()).toEqual(['m t 1'])
      await lab.sql('drop table {m}', 'delete from {src}')
      await lab.good('m')
      expect(await lab.state()).toEqual(['m t null'])
    },
  },
  {
    title: "leftovers of a killed run are removed, other people's relations are not",
    run: async (lab) => {
      await source(lab)
      await lab.tableAs('__fft_aside_0123abcd_4', 'select 1 as x')
      await lab.tableAs('__fft_mine', 'select 1 as x')
      await lab.model('m', incremental, body)
      await lab.good('m')
      expect(await lab.leftovers()).toEqual(['__fft_mine'])
    },
  },
  {
    title: 'is_incremental() is false on the first run, on a view and with --full-refresh; `this` prints the relation',
    run: async (lab) => {
      await source(lab)
      const tells = `select id, '{{ is_incremental() }}' as said, '{{ this }}' as me from {{ source('raw', 'src') }}`
      await lab.model('m', "materialized='incremental', unique_key='id'", tells)
      const said = async () => (await lab.rows('m', 'said, me'))[0]
      await lab.good('m')
      expect(await said()).toEqual(['False', lab.name('m')])
      await lab.good('m')
      expect(await said()).toEqual(['True', lab.name('m')])
      await lab.good('m', '--full-refresh')
      expect(await said()).toEqual(['False', lab.name('m')])
    },
  },
  {
    title: 'a changed key of an existing table counts from the next run on',
    run: async (lab) => {
      await source(lab)
      await lab.model('m', "materialized='incremental', unique_key='id'", select)
      await lab.good('m')
      await lab.model('m', "materialized='incremental', unique_key='v'", select)
      expectCounts(await lab.good('m'), 0)
      await lab.sql('update {src} set id = 7 where id = 1')
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
  {
    title: 'a changed row takes the place of every row of its key, where an adopted table has it twice',
    run: async (lab) => {
      await source(lab)
      await lab.tableAs('m', 'select * from {src} union all select id, v, 0 from {src}')
      await lab.sql('update {src} set t = 7')
      await lab.model('m', "materialized='incremental', unique_key='id'", select)
      const run = await lab.good('m')
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
      expectCounts(run, 0, 2, 2)
      expectCounts(await lab.good('m'), 0)
    },
  },
]

/** `incremental.md` §3: what is there before a run. */
export const relations = [
  ...proving(
    'kinds',
    sparing(kinds, /^a view becomes a inc|^a incremental becomes a view/, 'the other ways are the same statements'),
  ),
  ...proving('adoption', sparing(before, /dropped by hand|leftovers/, 'the plan decides')),
]
