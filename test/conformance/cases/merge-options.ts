import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const select = "select id, v, w, t from {{ source('raw', 'src') }}"
const merge = "materialized='incremental', unique_key='id', updated_at='t'"
const plain = "materialized='incremental', unique_key='id'"
const replace = "materialized='incremental', strategy='delete+insert', unique_key='id'"

async function start(lab: Lab, config: string, rows: readonly string[], body = select): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, w integer, t integer`, rows)
  await lab.model('m', config, body)
}

const three = ["1, 'a', 1, 1", "2, 'b', 2, 1", "3, 'c', 3, 1"]

/** Rows of a refused run, as `id`s. */
function idsOf(node: Awaited<ReturnType<Lab['bad']>>): readonly (string | null)[] {
  const at = node.rows?.columns.indexOf('id') ?? -1
  return node.rows?.rows.map((row) => row[at] ?? null).sort() ?? []
}

const predicates: readonly Case[] = [
  ...[merge, replace].map((config): Case => {
    const strategy = config.includes('delete+insert') ? 'delete+insert' : 'merge'
    return {
      title: `${strategy}, predicates: rows that the delta's own conditions are not true of are an error, NULL too`,
      run: async (lab) => {
        await start(lab, `${config}, predicates=['delta.w < 10 or delta.w > 90', 'delta.id > 0']`, three)
        await lab.good('m')
        const state = await lab.state()
        const wrong = [10, 11, 12, 13, 14, 15].map((id) => `${id}, 'x', ${id}, 2`)
        await lab.add('src', "4, 'd', 4, 2", "5, 'e', null, 2", ...wrong)
        const failed = await lab.bad('m', 'predicate-failed')
        expect(idsOf(failed)).toHaveLength(5)
        expect(idsOf(failed)).not.toContain('4')
        expect([failed.file, failed.line, failed.column]).toEqual([
          'models/m.ff.sql',
          1,
          `{{ config(${config}, predicates=`.length + 1,
        ])
        expect(await lab.rows('m')).toEqual(await lab.query('select * from {src} where id < 4'))
        expect(await lab.state()).toEqual(state)
        await lab.sql('delete from {src} where id > 4')
        expectCounts(await lab.good('m'), 1)
        expect(await lab.leftovers()).toEqual([])
      },
    }
  }),
  {
    title: 'predicates: a key that is in the table only outside of them is an error, never a second row',
    run: async (lab) => {
      const conditions = "['target.t >= 5', \"DBT_INTERNAL_SOURCE.v <> 'target.t'\"]"
      await start(lab, `${merge}, incremental_predicates=${conditions}`, three, `${select} where t > 0`)
      await lab.good('m')
      await lab.add('src', "4, 'd', 4, 9")
      // Rows that are equal are hidden as well: the predicates say that nobody looks at them.
      expect(idsOf(await lab.bad('m', 'predicate-hides-key'))).toEqual(['1', '2', '3'])
      await lab.sql('delete from {src} where id <> 4')
      expectCounts(await lab.good('m'), 1)
      await lab.add('src', "1, 'hidden', 1, 9")
      expect(idsOf(await lab.bad('m', 'predicate-hides-key'))).toEqual(['1'])
      await lab.sql('delete from {src} where id = 1', "update {src} set v = 'D', t = 10")
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'a'],
        ['2', 'b'],
        ['3', 'c'],
        ['4', 'D'],
      ])
    },
  },
  {
    title: 'predicates: conditions on both, with NULL keys that match',
    run: async (lab) => {
      const config = `${plain}, on_null_keys='match', predicates='DBT_INTERNAL_DEST.w >= DBT_INTERNAL_SOURCE.w - 1'`
      await start(lab, config, ["null, 'a', 1, 1", "2, 'b', 2, 1"])
      await lab.good('m')
      expectCounts(await lab.good('m'), 0)
      await lab.sql("update {src} set v = 'A', w = w + 1")
      expectCounts(await lab.good('m'), 0, 2)
      await lab.sql('update {src} set w = 9 where id is null')
      expect(idsOf(await lab.bad('m', 'predicate-hides-key'))).toEqual([null])
      await lab.sql('update {src} set w = 2 where id is null', 'update {src} set w = null where id = 2')
      expect(idsOf(await lab.bad('m', 'predicate-hides-key'))).toEqual(['2'])
    },
  },
  {
    title: 'predicates limit what a merge and delete+insert write over, where the table has a key twice',
    run: async (lab) => {
      for (const config of [plain, replace]) {
        await start(lab, config, three)
        await lab.good('m', '--full-refresh')
        await lab.sql(`insert into ${lab.name('m')} values (1, 'archived', 0, 0)`)
        await lab.model('m', `${config}, predicates=['target.t > 0']`, select)
        await lab.sql("update {src} set v = 'A' where id = 1")
        expectCounts(await lab.good('m'), 0, 1)
        expect(await lab.rows('m', 'id, v')).toEqual([
          ['1', 'A'],
          ['1', 'archived'],
          ['2', 'b'],
          ['3', 'c'],
        ])
        expectCounts(await lab.good('m'), 0)
      }
    },
  },
  {
    title: 'predicates and update_when: a bare name or another alias is exit 2 at its place; quoted names are names',
    run: async (lab) => {
      await start(lab, merge, three)
      for (const [key, condition, code, name] of [
        ['predicates', 'w > 1', 'condition-bare-name', 'w'],
        ['predicates', 't.w > 1', 'condition-alias', 't'],
        ['update_when', 'delta.t > w', 'condition-bare-name', 'w'],
        ['update_when', 'old.t > delta.t', 'condition-alias', 'old'],
      ] as const) {
        await lab.model('m', `${merge}, ${key}='${condition}'`, select)
        const { code: exit, faults } = await lab.run()
        expect([exit, faults.map((fault) => fault.code)]).toEqual([2, [code]])
        expect(faults[0]?.message).toContain(`'${name}'`)
        expect(faults[0]?.column).toBe(`{{ config(${merge}, ${key}=`.length + 1)
      }
      const quoted = (alias: string, name: string) => `${alias}.${lab.quote(name)}`
      const condition = `(${quoted('delta', 't')} >= ${quoted('TARGET', 't')} or ${quoted('Target', 'v')} in ('old. x', 'bare'))`
      await lab.model('m', `${merge}, update_when='${condition.replaceAll("'", "\\'")} -- why'`, select)
      await lab.good('m')
      expectCounts(await lab.good('m'), 0)
    },
  },
]

const columns: readonly Case[] = [
  {
    title: 'update_columns: a row that is there takes over those alone, a new row all; a difference elsewhere is none',
    run: async (lab) => {
      for (const config of [plain, merge]) {
        await start(lab, `${config}, update_columns=['V']`, three)
        await lab.good('m', '--full-refresh')
        await lab.sql(
          'update {src} set w = 9, t = 2 where id = 1',
          "update {src} set v = 'B', w = 9, t = 2 where id = 2",
        )
        await lab.add('src', "4, 'd', 4, 2")
        expectCounts(await lab.good('m'), 1, 1)
        expect(await lab.rows('m')).toEqual([
          ['1', 'a', '1', '1'],
          ['2', 'B', '2', '1'],
          ['3', 'c', '3', '1'],
          ['4', 'd', '4', '2'],
        ])
        expectCounts(await lab.good('m'), 0)
      }
    },
  },
  {
    title: 'exclude_columns: a row that is there keeps them, a new row has them; columns in any order',
    run: async (lab) => {
      await start(lab, `${merge}, exclude_columns=['w', 'v'], delta={'watermark': 't'}`, three)
      await lab.good('m')
      await lab.sql("update {src} set v = 'B', w = null, t = 2 where id = 2")
      await lab.add('src', "4, 'd', 4, 2")
      await lab.model(
        'm',
        `${merge}, exclude_columns=['w', 'v'], delta={'watermark': 't'}`,
        "select t, w, v, id from {{ source('raw', 'src') }}",
      )
      expectCounts(await lab.good('m'), 1, 1)
      expect(await lab.rows('m')).toEqual([
        ['1', 'a', '1', '1'],
        ['2', 'b', '2', '2'],
        ['3', 'c', '3', '1'],
        ['4', 'd', '4', '2'],
      ])
      expectCounts(await lab.good('m'), 0)
    },
  },
  {
    title: 'update_columns with nothing but the key only inserts; both lists, or a column that is none, are refused',
    run: async (lab) => {
      await start(lab, `${merge}, update_columns=['id']`, three)
      await lab.good('m')
      await lab.sql("update {src} set v = 'x', t = 2")
      await lab.add('src', "4, 'd', 4, 2")
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m', 'v')).toEqual([['a'], ['b'], ['c'], ['d']])
      await lab.model('m', `${merge}, update_columns=['v'], exclude_columns=['w']`, select)
      const both = await lab.run()
      expect([both.code, both.faults.map(({ code }) => code)]).toEqual([2, ['two-column-lists']])
      for (const key of ['update_columns', 'exclude_columns']) {
        await lab.model('m', `${merge}, ${key}=['vv']`, select)
        expect((await lab.bad('m', 'column-missing')).message).toContain(`${key} names 'vv'`)
      }
    },
  },
  {
    title: 'update_columns and columns that came, widened or left',
    run: async (lab) => {
      const config = `${plain}, update_columns=['v'], on_schema_change='append_new_columns'`
      await start(lab, config, three, "select id, v, w from {{ source('raw', 'src') }}")
      await lab.good('m')
      await lab.sql("update {src} set v = 'B', w = 9, t = 2 where id = 2")
      await lab.add('src', "4, 'd', 4, 2")
      await lab.model('m', config, "select cast(id as bigint) as id, v, t from {{ source('raw', 'src') }}")
      expectCounts(await lab.good('m'), 1, 1)
      await lab.expectType('m', 'id', 'bigint')
      expect(await lab.rows('m', 'id, v, w, t')).toEqual([
        ['1', 'a', '1', null],
        ['2', 'B', '2', null],
        ['3', 'c', '3', null],
        ['4', 'd', null, '2'],
      ])
      expectCounts(await lab.good('m'), 0)
    },
  },
  {
    title: 'columns that an update leaves behind make no warning of deleted rows, and the delta goes on from the state',
    run: async (lab) => {
      for (const more of ["update_columns=['v']", "exclude_columns=['t']", "update_when='delta.w > target.w'"]) {
        const config = `${merge}, ${more}, delta={'watermark': 't'}`
        await start(lab, config, three)
        await lab.good('m', '--full-refresh')
        await lab.sql("update {src} set v = 'new', t = 7 where id = 1")
        await lab.good('m')
        expect(await lab.state()).toEqual(['m t 7'])
        const again = await lab.run()
        expect(again.notices.filter((notice) => notice.includes('outside fft'))).toEqual([])
        // Below the watermark: a delta that falls back to the table's maximum would see it.
        await lab.add('src', "9, 'late', 9, 6")
        expectCounts(await lab.good('m'), 0)
      }
    },
  },
]

const conditions: readonly Case[] = [
  {
    title: 'update_when: a row is written over where it is true; NULL is not true; new rows enter anyhow',
    run: async (lab) => {
      const config = `${merge}, update_when='delta.w > target.w', delta={'watermark': 't'}, lookback=9`
      await start(lab, config, [...three, "4, 'd', null, 1", "5, 'e', 5, 1"])
      await lab.good('m')
      await lab.sql(
        // In place of the rule that the newer row wins.
        "update {src} set v = 'larger', w = 9, t = 0 where id = 1",
        "update {src} set v = 'smaller', w = 0, t = 2 where id = 2",
        "update {src} set v = 'equal', t = 2 where id = 3",
        "update {src} set v = 'from null', w = 9, t = 2 where id = 4",
        "update {src} set v = 'to null', w = null, t = 2 where id = 5",
      )
      await lab.add('src', "6, 'new', null, 2")
      expectCounts(await lab.good('m'), 1, 1)
      expect(await lab.rows('m')).toEqual([
        ['1', 'larger', '9', '0'],
        ['2', 'b', '2', '1'],
        ['3', 'c', '3', '1'],
        ['4', 'd', null, '1'],
        ['5', 'e', '5', '1'],
        ['6', 'new', null, '2'],
      ])
      expectCounts(await lab.good('m'), 0)
    },
  },
  {
    title: 'update_when with update_columns and without updated_at',
    run: async (lab) => {
      const config = `${plain}, update_when='delta.w > target.w', update_columns=['w', 'v']`
      await start(lab, config, three)
      await lab.good('m')
      await lab.sql(
        'update {src} set t = 5',
        "update {src} set v = 'B', w = 9 where id = 2",
        'update {src} set w = 0 where id = 3',
      )
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m')).toEqual([
        ['1', 'a', '1', '1'],
        ['2', 'B', '9', '1'],
        ['3', 'c', '3', '1'],
      ])
    },
  },
  {
    title: 'options that mean nothing to a strategy are exit 2, with the strategies that know them',
    run: async (lab) => {
      await start(lab, merge, three)
      for (const [key, value] of [
        ['update_columns', "['v']"],
        ['exclude_columns', "['v']"],
        ['update_when', "'delta.w > target.w'"],
        ['deletes', "{'when': 'w > 1'}"],
        ['history_columns', "{'v': 'old_v'}"],
      ] as const) {
        await lab.model('m', `${replace}, ${key}=${value}`, select)
        const { code, faults } = await lab.run()
        expect([code, faults.map((fault) => fault.code)]).toEqual([2, ['not-of-strategy']])
        expect(faults[0]?.hint).toContain('merge')
      }
    },
  },
]

/** `incremental.md` §4: what limits a merge. */
export const mergeOptions = [
  ...proving(
    'predicates',
    sparing(predicates, /^predicates: a key that/, 'the checks are the same queries everywhere'),
  ),
  ...proving('update-columns', sparing(columns, /^update_columns: a row/, 'one statement limits every update')),
  ...proving('update-when', sparing(conditions, /^update_when: a row/, 'one statement limits every update')),
]
