import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const select = "select id, v, n, t from {{ source('raw', 'src') }}"
const keyed = "materialized='incremental', unique_key='id', updated_at='t'"
const remember = `${keyed}, strategy='scd3', history_columns={'v': 'old_v', 'n': 'old_n'}`

async function start(lab: Lab, config: string, rows: readonly string[], body = select): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, n integer, t integer`, rows)
  await lab.model('m', config, body)
}

const two = ["1, 'a', 1, 1", "2, 'b', null, 1"]

const remembered: readonly Case[] = [
  {
    title: 'scd3: NULL at first, then what was before the last change, over several changes and NULLs',
    run: async (lab) => {
      await start(lab, remember, two)
      expectCounts(await lab.good('m'), 2)
      expect(await lab.columns('m')).toEqual(['id', 'v', 'n', 't', 'old_v', 'old_n'])
      const expectRows = async (...rows: readonly (readonly (string | null)[])[]) => {
        expect(await lab.rows('m', 'id, v, old_v, n, old_n')).toEqual(rows)
        expectCounts(await lab.good('m'), 0)
      }
      await expectRows(['1', 'a', null, '1', null], ['2', 'b', null, null, null])
      await lab.sql("update {src} set v = 'A', t = 2 where id = 1", 'update {src} set n = 5, t = 2 where id = 2')
      await lab.add('src', "3, 'c', 3, 2")
      expectCounts(await lab.good('m'), 1, 2)
      await expectRows(['1', 'A', 'a', '1', null], ['2', 'b', null, '5', null], ['3', 'c', null, '3', null])
      // A change elsewhere is no change of theirs; NULL is a value that was before.
      await lab.sql(
        'update {src} set t = 3',
        'update {src} set v = null where id = 1',
        'update {src} set n = 6 where id = 2',
      )
      expectCounts(await lab.good('m'), 0, 3)
      await expectRows(['1', null, 'A', '1', null], ['2', 'b', null, '6', '5'], ['3', 'c', null, '3', null])
      await lab.sql("update {src} set v = 'back', t = 4 where id = 1")
      expectCounts(await lab.good('m'), 0, 1)
      await expectRows(['1', 'back', null, '1', null], ['2', 'b', null, '6', '5'], ['3', 'c', null, '3', null])
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'scd3: an older row in a filtered delta changes nothing, of several versions in one delta the newest counts',
    run: async (lab) => {
      await start(lab, `${remember}, delta={'watermark': 't'}, lookback=9`, ["1, 'a', 1, 5"])
      await lab.good('m')
      await lab.sql("update {src} set v = 'older', t = 4")
      expectCounts(await lab.good('m'), 0)
      await lab.add('src', "1, 'b', 1, 6", "1, 'c', 2, 7")
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m', 'v, old_v, n, old_n')).toEqual([['c', 'a', '2', '1']])
    },
  },
  {
    title: 'history_columns of a merge that is there: the columns are added, deletions and column lists hold',
    run: async (lab) => {
      await start(lab, keyed, two)
      await lab.good('m')
      const config = `${keyed}, history_columns={'V': 'old_v', 'n': 'old_n'}, exclude_columns=['n'], deletes={'when': "v = 'gone'"}`
      await lab.model('m', config, "select n, t, v, id from {{ source('raw', 'src') }}")
      expectCounts(await lab.good('m'), 0)
      expect(await lab.columns('m')).toEqual(['id', 'v', 'n', 't', 'old_v', 'old_n'])
      await lab.sql(
        "update {src} set v = 'A', n = 9, t = 2 where id = 1",
        "update {src} set v = 'gone', t = 2 where id = 2",
      )
      await lab.add('src', "3, 'c', 3, 2")
      expectCounts(await lab.good('m'), 1, 1, 1)
      // What is not taken over does not change, so there is nothing to remember of it.
      expect(await lab.rows('m', 'id, v, old_v, n, old_n')).toEqual([
        ['1', 'A', 'a', '1', null],
        ['3', 'c', null, '3', null],
      ])
      expectCounts(await lab.good('m'), 0)
    },
  },
  {
    title: 'scd3: a column that widens takes the one that remembers it along; one that narrows changes nothing',
    run: async (lab) => {
      const config = `${remember}, on_schema_change='append_new_columns'`
      await start(lab, config, two)
      await lab.good('m')
      await lab.sql('update {src} set n = 2, t = 2 where id = 1')
      await lab.good('m')
      await lab.sql('update {src} set n = 3, t = 3 where id = 1')
      const wide = "select id, v, cast(n as bigint) * 3000000000 as n, t from {{ source('raw', 'src') }}"
      await lab.model('m', config, wide)
      expectCounts(await lab.good('m'), 0, 1)
      for (const column of ['n', 'old_n']) await lab.expectType('m', column, 'bigint')
      expect(await lab.rows('m', 'id, n, old_n')).toEqual([
        ['1', '9000000000', '2'],
        ['2', null, null],
      ])
      await lab.sql('update {src} set n = 4, t = 4 where id = 1')
      await lab.model('m', config, select)
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m', 'id, n, old_n')).toEqual([
        ['1', '4', '9000000000'],
        ['2', null, null],
      ])
      expectCounts(await lab.good('m'), 0)
    },
  },
  {
    title:
      'scd3: other columns come, leave and are dropped, what is remembered stays; the remembered one may not leave',
    run: async (lab) => {
      const config = (mode: string) =>
        `${keyed}, strategy='scd3', history_columns={'v': 'old_v'}, on_schema_change='${mode}'`
      await start(lab, config('sync_all_columns'), two)
      await lab.good('m')
      await lab.sql("update {src} set v = 'A', t = 2 where id = 1")
      await lab.good('m')
      await lab.model('m', config('sync_all_columns'), "select id, v, t, 1 as extra from {{ source('raw', 'src') }}")
      expectCounts(await lab.good('m'), 0, 2)
      expect(await lab.columns('m')).toEqual(['id', 'v', 't', 'old_v', 'extra'])
      expect(await lab.rows('m', 'id, v, old_v, extra')).toEqual([
        ['1', 'A', 'a', '1'],
        ['2', 'b', null, '1'],
      ])
      await lab.model('m', config('sync_all_columns'), "select id, t from {{ source('raw', 'src') }}")
      await lab.bad('m', 'column-missing')
      await lab.model('m', config('ignore'), select)
      expectCounts(await lab.good('m'), 0)
      await lab.model('m', config('fail'), select)
      expect((await lab.bad('m', 'schema-changed')).message).not.toContain('old_v')
    },
  },
  {
    title: 'scd3: any name will do; a name of the SELECT, or one for two columns, is refused',
    run: async (lab) => {
      const odd = `be"fore, it's`
      const config = (columns: string) => `${keyed}, strategy='scd3', history_columns={${columns}}`
      await start(lab, config(`'v': '${odd.replace("'", "\\'")}'`), two)
      await lab.good('m')
      await lab.sql("update {src} set v = 'A', t = 2 where id = 1")
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m', `id, ${lab.quote(odd)}`)).toEqual([
        ['1', 'a'],
        ['2', null],
      ])
      for (const flags of [[], ['--full-refresh', '--select', 'n']]) {
        await lab.model('n', `${config("'v': 'N'")}, full_refresh=True`, select)
        await lab.bad('n', 'previous-column-selected', ...flags)
        await lab.model('n', `${config("'v': 'old'")}, full_refresh=True`, select)
        await lab.good('n')
      }
      await lab.model('n', config("'v': 'old', 'n': 'OLD'"), select)
      const refused = await lab.run()
      expect([refused.code, refused.faults.map(({ code }) => code)]).toEqual([2, ['previous-column-twice']])
    },
  },
  {
    title: 'scd3: a column of any type is remembered',
    run: async (lab) => {
      const { samples } = lab.engine
      const names = samples.map((_, index) => `c${index}`)
      const columns = ['id integer', ...samples.map(({ type }, index) => `c${index} ${type}`)]
      await lab.table('src', columns.join(', '), [
        ['1', ...samples.map(({ values }) => values[0])].join(', '),
        ['2', ...names.map(() => 'null')].join(', '),
      ])
      const pairs = names.map((name) => `'${name}': 'old_${name}'`).join(', ')
      const config = `materialized='incremental', strategy='scd3', unique_key='id', history_columns={${pairs}}`
      await lab.model('m', config, "select * from {{ source('raw', 'src') }}")
      await lab.good('m')
      const before = await lab.rows('src', names.join(', '))
      await lab.sql(`update {src} set ${samples.map(({ values }, index) => `c${index} = ${values[1]}`).join(', ')}`)
      expectCounts(await lab.good('m'), 0, 2)
      expect(await lab.rows('m', names.join(', '))).toEqual(await lab.rows('src', names.join(', ')))
      expect(await lab.rows('m', names.map((name) => `old_${name}`).join(', '))).toEqual(before)
      expectCounts(await lab.good('m'), 0)
    },
  },
]

const daily = "materialized='incremental', strategy='snapshot_date', partition_by='day'"

/** A model that keeps a history beside one that does not, each with a row that the source has forgotten. */
async function forgetful(lab: Lab, more = ''): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, day date`, ["1, 'a', date '2024-01-01'"])
  const body = "select id, v, day from {{ source('raw', 'src') }}"
  await lab.model('kept', `${daily}${more}`, body)
  await lab.model('changes', "unique_key='id', history_columns={'v': 'old_v'}, full_refresh=False", body)
  await lab.model('other', "materialized='incremental', unique_key='id'", body)
  expect((await lab.run()).code).toBe(0)
  await lab.sql("update {src} set id = 2, v = 'b', day = date '2024-01-02'")
}

const refreshed: readonly Case[] = [
  {
    title: '--full-refresh of everything passes over models that keep a history, with a note, and applies their delta',
    run: async (lab) => {
      await forgetful(lab)
      await lab.folder.remove('models/changes.ff.sql')
      for (const selection of [[], ['--select', 'other', 'kept+1', '--exclude', 'kept'], ['--select', 'path:models']]) {
        const outcome = await lab.run('--full-refresh', ...selection)
        expect(outcome.code, outcome.stderr).toBe(0)
        const isNoted = outcome.notices.some((notice) => notice.includes('kept') && notice.includes('--full-refresh'))
        expect(isNoted).toBe(!selection.includes('--exclude'))
        expect(await lab.rows('kept', 'id')).toEqual([['1'], ['2']])
        expect(await lab.rows('other', 'id')).toEqual([['2']])
      }
    },
  },
  {
    title: '--full-refresh that names a model with a history is exit 2, and nothing at all runs',
    run: async (lab) => {
      await forgetful(lab)
      for (const word of ['kept', '+kept', 'other kept', 'models/kept.ff.sql', 'path:models/kept.ff.sql']) {
        const outcome = await lab.run('--full-refresh', '--select', ...word.split(' '))
        expect([word, outcome.code, outcome.faults.map(({ code }) => code)]).toEqual([
          word,
          2,
          ['full-refresh-refused'],
        ])
        expect(outcome.faults[0]?.message).toContain("'kept'")
        expect(outcome.nodes).toEqual({})
      }
      // One that says no itself is refused whether it is named or not.
      const all = await lab.run('--full-refresh')
      expect([all.code, all.faults.map(({ message }) => /'(\w+)'/.exec(message ?? '')?.[1])]).toEqual([2, ['changes']])
      expect(await lab.rows('other', 'id')).toEqual([['1']])
    },
  },
  {
    title: 'full_refresh: true lets --full-refresh rebuild a model with a history, named or not',
    run: async (lab) => {
      await forgetful(lab, ', full_refresh=True')
      await lab.folder.remove('models/changes.ff.sql')
      const outcome = await lab.run('--full-refresh', '--select', 'kept')
      expect(outcome.code, outcome.stderr).toBe(0)
      expect(outcome.notices).toEqual([])
      expect(await lab.rows('kept', 'id')).toEqual([['2']])
      await lab.sql("update {src} set id = 3, day = date '2024-01-03'")
      expect((await lab.run('--full-refresh')).code).toBe(0)
      expect(await lab.rows('kept', 'id')).toEqual([['3']])
    },
  },
]

/** `incremental.md` §3 and §4: what the source no longer holds. */
export const history = [
  ...proving('remembered', sparing(remembered, /NULL at first/, 'one expression remembers')),
  ...proving('history-kept', sparing(refreshed, /exit 2/, 'the plan decides it without the engine')),
]
