import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, nodeOf, proving, sparing } from '../lab.js'

const select = "select id, v, t from {{ source('raw', 'src') }}"
const merge = "materialized='incremental', unique_key='id', updated_at='t'"

async function source(lab: Lab): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, t integer`, ["1, 'a', 1", "2, 'b', 2"])
}

const refused: readonly Case[] = [
  {
    title:
      '--full-refresh is refused for full_refresh: false and protected: all are named, exit 2, nothing at all runs',
    run: async (lab) => {
      await source(lab)
      await lab.model('kept', `${merge}, full_refresh=False`, select)
      await lab.model('guarded', `${merge}, protected=True`, select)
      await lab.model('other', merge, select)
      expect((await lab.run()).code).toBe(0)
      await lab.sql('delete from {src} where id = 1')
      const outcome = await lab.run('--full-refresh')
      expect([outcome.code, outcome.faults.map(({ code }) => code)]).toEqual([
        2,
        ['full-refresh-refused', 'full-refresh-refused'],
      ])
      const said = outcome.faults.map(({ message }) => message).join(' ')
      for (const name of ["'kept'", "'guarded'"]) expect(said).toContain(name)
      expect(outcome.nodes).toEqual({})
      for (const name of ['kept', 'guarded', 'other']) expect(await lab.rows(name, 'id')).toEqual([['1'], ['2']])
      const rebuilt = await lab.run('--rebuild')
      expect([rebuilt.code, rebuilt.faults.map(({ message }) => message)]).toEqual([
        2,
        ["'guarded' may not be rebuilt: it is protected"],
      ])
      const rest = await lab.run('--full-refresh', '--exclude', 'kept', 'guarded')
      expect(rest.code, rest.stderr).toBe(0)
      expect(await lab.rows('other', 'id')).toEqual([['2']])
    },
  },
  {
    title: 'a protected model changes its kind only after the protection is taken off',
    run: async (lab) => {
      await source(lab)
      await lab.model('m', `${merge}, protected=True`, select)
      await lab.good('m')
      await lab.model('m', "materialized='view', protected=True", select)
      const outcome = await lab.run()
      expect([outcome.code, outcome.faults.map(({ code }) => code)]).toEqual([2, ['kind-change-refused']])
      expect(await lab.kind('m')).toBe('table')
      await lab.model('m', "materialized='view'", select)
      await lab.good('m')
      expect(await lab.kind('m')).toBe('view')
    },
  },
  {
    title: 'merge and delete+insert without a key are refused with exit 2 at their place',
    run: async (lab) => {
      await source(lab)
      for (const strategy of ['merge', 'delete+insert']) {
        await lab.model('m', `materialized='incremental', strategy='${strategy}', updated_at='t'`, select)
        const outcome = await lab.run()
        expect([outcome.code, outcome.faults.map(({ code, file, line }) => [code, file, line])]).toEqual([
          2,
          [['strategy-needs', 'models/m.ff.sql', 1]],
        ])
      }
    },
  },
]

/** A node that fails keeps its old rows and its old state; others go on. */
const broken = [
  {
    what: 'a failing post hook',
    config: `${merge}, post_hook='select * from nowhere'`,
    body: select,
    code: 'relation-missing',
  },
  {
    what: 'a failing pre hook',
    config: `${merge}, pre_hook='select * from nowhere'`,
    body: select,
    code: 'relation-missing',
  },
  {
    what: 'a failing cast in the delta',
    config: merge,
    body: "select id, v, cast(v as integer) as t from {{ source('raw', 'src') }}",
    code: 'type-mismatch',
  },
  {
    what: 'a SELECT of a column that is not there',
    config: merge,
    body: "select id, v, t, nope from {{ source('raw', 'src') }}",
    code: 'column-missing',
  },
  {
    what: 'a SELECT that is no SQL',
    config: merge,
    body: "select id, v, t frm {{ source('raw', 'src') }} x y z",
    code: 'sql-syntax',
  },
] as const

const failures: readonly Case[] = broken.flatMap(({ what, config, body, code }) => [
  {
    title: `${what} keeps the old rows and the old state, of a delta and of a full refresh`,
    ...(what === 'a failing post hook' ? { needs: ['transactions'] as const } : {}),
    run: async (lab: Lab) => {
      await source(lab)
      await lab.model('m', merge, select)
      await lab.model('n', merge, select)
      await lab.good('m')
      const before = [await lab.rows('m'), (await lab.state())[0]]
      await lab.model('m', config, body)
      await lab.add('src', "3, 'c', 3")
      for (const flags of [[], ['--full-refresh']]) {
        const failed = await lab.bad('m', code, ...flags)
        expect(failed.file).toBe('models/m.ff.sql')
        expect([await lab.rows('m'), (await lab.state())[0]]).toEqual(before)
        expect(await lab.leftovers()).toEqual([])
      }
      expect(await lab.rows('n')).toEqual(await lab.rows('src'))
      await lab.model('m', merge, select)
      expectCounts(await lab.good('m'), 1)
    },
  },
  {
    title: `${what} in the first run leaves no table and no state`,
    ...(what === 'a failing post hook' ? { needs: ['transactions'] as const } : {}),
    run: async (lab: Lab) => {
      await source(lab)
      await lab.model('m', config, body)
      await lab.bad('m', code)
      expect(await lab.kind('m')).toBeUndefined()
      expect(await lab.state()).toEqual([])
      expect(await lab.leftovers()).toEqual([])
    },
  },
])

const hooks: readonly Case[] = [
  {
    title: 'hooks run in the transaction of their node: what they wrote goes with it, and stays with it',
    needs: ['transactions'],
    run: async (lab) => {
      await source(lab)
      await lab.table('log', `what ${lab.types.text}`)
      const hooked = (post: string) =>
        `${merge}, pre_hook="insert into ${lab.name('log').replaceAll('"', '\\"')} values ('before')", post_hook=["${post}"]`
      await lab.model(
        'm',
        hooked(`insert into ${lab.name('log').replaceAll('"', '\\"')} select count(*) from {{ this }}`),
        select,
      )
      await lab.good('m')
      expect(await lab.rows('log')).toEqual([['2'], ['before']])
      await lab.add('src', "3, 'c', 3")
      await lab.good('m')
      expect(await lab.rows('log')).toEqual([['2'], ['3'], ['before'], ['before']])
      await lab.model('m', hooked('select 1 from nowhere'), select)
      await lab.bad('m', 'relation-missing')
      expect(await lab.rows('log')).toEqual([['2'], ['3'], ['before'], ['before']])
    },
  },
]

const plainHooks: readonly Case[] = [
  {
    title: 'hooks run before and after their node, in their order, and see its rows',
    run: async (lab) => {
      await source(lab)
      await lab.table('log', `what ${lab.types.text}, n bigint`)
      const insert = (what: string, from: string) =>
        `"insert into ${lab.name('log').replaceAll('"', '\\"')} select '${what}', count(*) from ${from}"`
      await lab.model(
        'm',
        `${merge}, post_hook=[${insert('after', '{{ this }}')}, ${insert('last', '{{ this }}')}]`,
        select,
      )
      await lab.model(
        't',
        `materialized='table', pre_hook=${insert('before', lab.name('src').replaceAll('"', '\\"'))}`,
        select,
      )
      expect((await lab.run()).code).toBe(0)
      expect(await lab.rows('log')).toEqual([
        ['after', '2'],
        ['before', '2'],
        ['last', '2'],
      ])
    },
  },
]

const blocking: readonly Case[] = [
  {
    title: 'a build keeps neither the rows nor the watermark of a model whose test fails on them, and builds no child',
    needs: ['transactions'],
    run: async (lab) => {
      await source(lab)
      await lab.model('m', `${merge}, delta={'watermark': 't'}`, select)
      await lab.model('child', "materialized='table'", "select * from {{ ref('m') }}")
      const severity = (name: string) =>
        `version: 2\nmodels: [{name: m, columns: [{name: v, tests: [{not_null: {config: {severity: ${name}}}}]}]}]\n`
      await lab.folder.write({ 'models/m.yml': severity('error') })
      await lab.add('src', '3, null, 3')
      const first = await lab.fft('build')
      expect(first.code).toBe(1)
      expect([nodeOf(first, 'm').code, nodeOf(first, 'not_null_m_v').status]).toEqual(['blocking-test', 'fail'])
      expect(await lab.kind('m')).toBeUndefined()
      await lab.sql('delete from {src} where id = 3')
      expect((await lab.fft('build')).code).toBe(0)
      const before = [await lab.rows('m'), await lab.rows('child'), await lab.state()]
      await lab.add('src', '4, null, 4', "5, 'e', 5")
      for (const flags of [[], ['--full-refresh']]) {
        const failed = await lab.fft('build', ...flags)
        expect(failed.code).toBe(1)
        expect([nodeOf(failed, 'not_null_m_v').detail, nodeOf(failed, 'child').status]).toEqual([
          '1 failure',
          'skipped',
        ])
        expect([await lab.rows('m'), await lab.rows('child'), await lab.state()]).toEqual(before)
      }
      await lab.sql("update {src} set v = 'd' where id = 4")
      expect((await lab.fft('build')).code).toBe(0)
      expect(await lab.rows('child', 'id')).toEqual([['1'], ['2'], ['4'], ['5']])
      // A warning stops nothing, and `run` looks at no test.
      await lab.folder.write({ 'models/m.yml': severity('warn') })
      await lab.add('src', '6, null, 6')
      expect((await lab.fft('build')).code).toBe(0)
      expect((await lab.rows('m', 'id')).length).toBe(5)
      expect(await lab.leftovers()).toEqual([])
    },
  },
]

/** What may not run, and what is left when something fails. */
export const refusals = [
  ...proving('refusals', sparing(refused, /without a key/, 'refused before anything is sent')),
  ...proving(
    'failures',
    sparing(
      [...failures, ...blocking],
      /^a failing cast in the delta keeps/,
      'a failed statement is a failed statement',
    ),
  ),
  ...proving('hooks', [...plainHooks, ...hooks]),
]
