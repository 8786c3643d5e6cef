import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const modes = ['ignore', 'append_new_columns', 'sync_all_columns'] as const
const strategies = {
  merge: "unique_key='id', updated_at='t'",
  'delete+insert': "strategy='delete+insert', unique_key='id'",
  append: "strategy='append', updated_at='t'",
} as const
type Strategy = keyof typeof strategies

function configOf(strategy: Strategy, mode: string, more = ''): string {
  return `materialized='incremental', ${strategies[strategy]}, on_schema_change='${mode}'${more}`
}

async function model(lab: Lab, strategy: Strategy, mode: string, select: string): Promise<void> {
  await lab.model('m', configOf(strategy, mode), `select ${select} from {{ source('raw', 'src') }}`)
}

/** A table of two rows, and then a source with one changed (not for append) and one new row. */
async function start(lab: Lab, strategy: Strategy, mode: string): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, t integer, w integer`, ["1, 'a', 1, 11", "2, 'b', 1, 12"])
  await model(lab, strategy, mode, 'id, v, t')
  await lab.good('m')
  await lab.add('src', "3, 'c', 2, 13")
  if (strategy !== 'append') await lab.sql("update {src} set v = 'A', t = 2 where id = 1")
}

const added: readonly Case[] = (Object.keys(strategies) as Strategy[]).flatMap((strategy) => [
  ...modes.map(
    (mode): Case => ({
      title: `${strategy}, ${mode}: a new column ${mode === 'ignore' ? 'is left out' : 'is added, NULL in the rows that stay'}`,
      run: async (lab) => {
        await start(lab, strategy, mode)
        await model(lab, strategy, mode, 'w, id, v, t')
        const isAdded = mode !== 'ignore'
        const isWhole = strategy === 'delete+insert' || strategy === 'merge'
        const run = await lab.good('m')
        // The whole SELECT is the delta of merge and delete+insert here: with the column every row differs.
        if (!isWhole) expectCounts(run, 1)
        else expectCounts(run, 1, isAdded ? 2 : 1)
        expect(await lab.columns('m')).toEqual(isAdded ? ['id', 'v', 't', 'w'] : ['id', 'v', 't'])
        if (isAdded) {
          expect(await lab.rows('m', 'id, w')).toEqual(
            isWhole
              ? [
                  ['1', '11'],
                  ['2', '12'],
                  ['3', '13'],
                ]
              : [
                  ['1', null],
                  ['2', null],
                  ['3', '13'],
                ],
          )
        }
        if (strategy !== 'append') expectCounts(await lab.good('m'), 0)
      },
    }),
  ),
  ...modes.map(
    (mode): Case => ({
      title: `${strategy}, ${mode}: a column that left the SELECT is ${mode === 'sync_all_columns' ? 'dropped' : 'kept'}`,
      run: async (lab) => {
        await start(lab, strategy, mode)
        await model(lab, strategy, mode, 'id, t')
        const run = await lab.good('m')
        if (strategy === 'append') expectCounts(run, 1)
        else expectCounts(run, 1, strategy === 'delete+insert' && mode !== 'sync_all_columns' ? 2 : 1)
        expect(await lab.columns('m')).toEqual(mode === 'sync_all_columns' ? ['id', 't'] : ['id', 'v', 't'])
        expect(await lab.rows('m', 'id, t')).toEqual(await lab.query('select id, t from {src}'))
        if (mode === 'sync_all_columns') return
        const kept = {
          merge: [
            ['1', 'a'],
            ['2', 'b'],
            ['3', null],
          ],
          append: [
            ['1', 'a'],
            ['2', 'b'],
            ['3', null],
          ],
          'delete+insert': [
            ['1', null],
            ['2', null],
            ['3', null],
          ],
        }
        expect(await lab.rows('m', 'id, v')).toEqual(kept[strategy])
        expectCounts(await lab.good('m'), 0)
      },
    }),
  ),
  {
    title: `${strategy}, fail: a difference is an error with the line that would accept it, an empty delta too`,
    run: async (lab) => {
      await start(lab, strategy, 'fail')
      const before = await lab.rows('m')
      const state = await lab.state()
      await model(lab, strategy, 'fail', 'id, v, t, w')
      const failed = await lab.bad('m', 'schema-changed')
      expect(failed.message).toMatch(/w/)
      expect(failed.hint).toContain("on_schema_change='append_new_columns'")
      await lab.model('m', configOf(strategy, 'fail'), "select id, t from {{ source('raw', 'src') }} where 1 = 0")
      const removed = await lab.bad('m', 'schema-changed')
      expect(removed.message).toMatch(/v/)
      expect([removed.file, removed.line]).toEqual(['models/m.ff.sql', 1])
      expect(await lab.rows('m')).toEqual(before)
      expect(await lab.state()).toEqual(state)
      await model(lab, strategy, 'fail', 't, v, id')
      await lab.good('m')
    },
  },
  {
    title: `${strategy}, fail: letter case and order of the columns are no difference`,
    run: async (lab) => {
      await start(lab, strategy, 'fail')
      await model(lab, strategy, 'fail', 'T, v as V, ID')
      expectCounts(await lab.good('m'), 1, strategy === 'append' ? 0 : 1)
      expect(await lab.columns('m')).toEqual(['id', 'v', 't'])
      expect(await lab.rows('m')).toEqual(await lab.query('select id, v, t from {src}'))
    },
  },
])

const retyped: readonly Case[] = [
  ...modes.map(
    (mode): Case => ({
      title: `${mode}: types widen without loss, and narrower ones are taken as they are`,
      run: async (lab) => {
        const { timestamp } = lab.types
        await lab.table('src', 'id integer, n integer, d date, b bigint', ["1, 1, date '2024-01-01', 1"])
        const select = (columns: string) =>
          lab.model(
            'm',
            `materialized='incremental', unique_key='id', on_schema_change='${mode}'`,
            `select ${columns} from {{ source('raw', 'src') }}`,
          )
        await select('id, n, d, b')
        await lab.good('m')
        await lab.add('src', "2, 2, date '2024-01-02', 2")
        await select(
          `cast(id as bigint) * 3000000000 as id, cast(n + 0.25 as decimal(20, 2)) as n, cast(d as ${timestamp}) as d, cast(b as integer) as b`,
        )
        await lab.good('m')
        const wide = await lab.rows('m', 'id, n, d, b')
        expect(wide).toContainEqual(['6000000000', '2.25', '2024-01-02 00:00:00', '2'])
        expect(wide).toContainEqual(['1', '1.00', '2024-01-01 00:00:00', '1'])
        await lab.expectType('m', 'id', 'bigint')
        await lab.expectType('m', 'b', 'bigint')
        expectCounts(await lab.good('m'), 0)
      },
    }),
  ),
  ...(['fail', ...modes] as const).map(
    (mode): Case => ({
      title: `${mode}: a type that loses values is an error with --full-refresh as its hint, an empty delta too`,
      run: async (lab) => {
        await lab.table('src', 'id integer, n integer', ['1, 1'])
        const select = (columns: string) =>
          lab.model(
            'm',
            `materialized='incremental', unique_key='id', on_schema_change='${mode}'`,
            `select ${columns} from {{ source('raw', 'src') }}`,
          )
        await select('id, n')
        await lab.good('m')
        await select(`id, cast(n as ${lab.types.text}) as n`)
        const failed = await lab.bad('m', mode === 'fail' ? 'schema-changed' : 'schema-retyped')
        expect(failed.message).toContain('n')
        expect(failed.hint).toContain('--full-refresh')
        await lab.sql('delete from {src}')
        await lab.bad('m', mode === 'fail' ? 'schema-changed' : 'schema-retyped')
        await lab.expectType('m', 'n', 'integer')
        await lab.good('m', '--full-refresh')
        expectCounts(await lab.good('m'), 0)
      },
    }),
  ),
  {
    title: 'fail: a type that only widens is an error whose hint accepts it without a rebuild',
    run: async (lab) => {
      await lab.table('src', 'id integer, n integer', ['1, 1'])
      const config = "materialized='incremental', unique_key='id'"
      await lab.model('m', config, "select id, n from {{ source('raw', 'src') }}")
      await lab.good('m')
      await lab.model('m', config, "select id, cast(n as bigint) as n from {{ source('raw', 'src') }}")
      const failed = await lab.bad('m', 'schema-changed')
      expect(failed.message?.toLowerCase()).toMatch(/int.*bigint/)
      const line = /on_schema_change='[a-z_]+'/.exec(failed.hint ?? '')?.[0]
      await lab.model('m', `${config}, ${line}`, "select id, cast(n as bigint) as n from {{ source('raw', 'src') }}")
      await lab.good('m')
      await lab.expectType('m', 'n', 'bigint')
    },
  },
]

const others: readonly Case[] = [
  ...(['fail', ...modes] as const).map(
    (mode): Case => ({
      title: `${mode}: a key column that left the SELECT is an error, never a dropped column`,
      run: async (lab) => {
        await start(lab, 'merge', mode)
        await model(lab, 'merge', mode, 'v, t')
        await lab.bad('m', 'column-missing')
        expect(await lab.columns('m')).toEqual(['id', 'v', 't'])
        expect(await lab.rows('m', 'id')).toEqual([['1'], ['2']])
      },
    }),
  ),
  {
    title: 'a protected model drops no column under sync_all_columns, and says so',
    run: async (lab) => {
      await start(lab, 'merge', 'sync_all_columns')
      await lab.model(
        'm',
        configOf('merge', 'sync_all_columns', ', protected=True'),
        "select id, t from {{ source('raw', 'src') }}",
      )
      const outcome = await lab.run()
      expect(outcome.code).not.toBe(0)
      expect(await lab.columns('m')).toEqual(['id', 'v', 't'])
    },
  },
  {
    title: '--backfill-columns fills a new column of the rows that were there from the full SELECT',
    run: async (lab) => {
      const config = configOf('merge', 'append_new_columns', ", delta={'watermark': 't'}")
      await lab.table('src', `id integer, v ${lab.types.text}, t integer, w integer`, [
        "1, 'a', 1, 11",
        "2, 'b', 1, 12",
        "3, 'c', 3, 13",
      ])
      await lab.model('m', config, "select id, v, t from {{ source('raw', 'src') }}")
      await lab.good('m')
      await lab.model('m', config, "select id, v, t, w from {{ source('raw', 'src') }}")
      await lab.add('src', "4, 'd', 4, 14")
      await lab.good('m', '--backfill-columns')
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
  {
    title: 'columns of a table that another tool widened are kept as they are',
    run: async (lab) => {
      await start(lab, 'merge', 'ignore')
      await lab.addColumn('m', 'note integer')
      await lab.sql('update {m} set note = 5')
      await lab.good('m')
      expect(await lab.rows('m', 'id, v, note')).toEqual([
        ['1', 'A', '5'],
        ['2', 'b', '5'],
        ['3', 'c', null],
      ])
    },
  },
]

/** `incremental.md` §10. */
export const schemaChange = [
  ...proving(
    'schema-added',
    sparing(
      added,
      /^merge, append_new_columns: a new|^merge, sync_all_columns: a column that|^delete.insert, append_new_columns: a column that/,
      'the plan of a schema change is the same for all strategies',
    ),
  ),
  ...proving('schema-retyped', sparing(retyped, /^append_new_columns: types/, 'the plan is the same in every mode')),
  ...proving('schema-guards', sparing(others, /backfill/, 'they are guards of the plan')),
]
