import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

/** Writes a code model: its options, and the function as TypeScript. */
async function code(lab: Lab, options: string, body: string): Promise<void> {
  await lab.folder.write({
    'models/c.ff.ts': `import { model, sql } from 'fastflowtransform'\nexport default model({ ${options} }, ${body})\n`,
  })
}

async function source(lab: Lab): Promise<void> {
  const { text, timestamp } = lab.types
  await lab.table('src', `id integer, big bigint, n decimal(20, 3), d date, t ${timestamp}, v ${text}, x integer`, [
    "1, 9007199254740993, 0.100, date '2024-02-29', timestamp '2024-01-01 10:00:00.123456', 'it is', null",
    "2, -1, -12345678901234567.125, date '1969-12-31', timestamp '1969-12-31 23:59:59.999999', null, 7",
    '3, null, null, null, null, null, null',
  ])
  await lab.model('base', "materialized='view'", "select * from {{ source('raw', 'src') }}")
}

const ways = {
  'the rows of an input': '({ base }) => base.rows()',
  'the input itself': '({ base }) => base',
  'an array': 'async ({ base }) => await base.rows().toArray()',
  'a generator': 'async function* ({ base }) { for await (const row of base.rows()) yield row }',
  'column batches': '({ base }) => base.batches()',
  SQL: `({ base }) => sql\`select * from \${base}\``,
}

const results: readonly Case[] = [
  {
    title: 'rows, arrays, generators, batches and SQL of an input are written without loss, with its types',
    run: async (lab) => {
      await source(lab)
      for (const [name, way] of Object.entries(ways)) {
        const options = `name: '${name.replaceAll(' ', '_')}', deps: ['base']`
        await lab.folder.write({
          [`models/${name.replaceAll(' ', '_')}.ff.ts`]: `import { model, sql } from 'fastflowtransform'\nexport default model({ ${options} }, ${way})\n`,
        })
      }
      const outcome = await lab.run()
      expect(outcome.code, outcome.stderr).toBe(0)
      for (const name of Object.keys(ways).map((each) => each.replaceAll(' ', '_'))) {
        expect(await lab.rows(name), name).toEqual(await lab.rows('src'))
        await lab.expectType(name, 'n', 'decimal(20,3)')
        await lab.expectType(name, 'big', 'bigint')
        await lab.expectType(name, 'd', 'date')
        await lab.expectType(name, 't', lab.types.timestamp)
      }
    },
  },
  {
    title: 'columns without an input are inferred over the first rows, or typed by `columns`; missing keys are NULL',
    run: async (lab) => {
      const { types } = lab
      await code(
        lab,
        `columns: { amount: 'decimal(38,9)', seen: '${types.timestamp}' }`,
        `() => [
          { whole: 1, huge: 12345678901n, part: 0.5, yes: true, name: "it's \\\\ so", amount: '0.000000001', seen: '2024-01-01T10:00:00.5' },
          { whole: 2, name: null, amount: 12, seen: new Date('2024-01-01T00:00:00Z') },
        ]`,
      )
      expectCounts(await lab.good('c'), 2)
      await lab.expectType('c', 'whole', 'bigint')
      await lab.expectType('c', 'part', types.double)
      await lab.expectType('c', 'yes', 'boolean')
      await lab.expectType('c', 'name', types.text)
      await lab.expectType('c', 'amount', 'decimal(38,9)')
      expect(await lab.rows('c', 'whole, huge, part, name, amount, seen')).toEqual([
        ['1', '12345678901', '0.5', "it's \\ so", '0.000000001', '2024-01-01 10:00:00.5'],
        ['2', null, null, null, '12.000000000', '2024-01-01 00:00:00'],
      ])
    },
  },
  {
    title: 'a generator of thirty thousand rows is written whole, in many batches',
    run: async (lab) => {
      await code(lab, '', "function* () { for (let id = 0; id < 30_000; id += 1) yield { id, v: 'v' + (id % 10) } }")
      expectCounts(await lab.good('c'), 30_000)
      expect(await lab.query('select count(distinct id), min(id), max(id), count(distinct v) from {c}')).toEqual([
        ['30000', '0', '29999', '10'],
      ])
    },
  },
  {
    title: 'a function that throws in the middle keeps the old rows',
    run: async (lab) => {
      await code(lab, '', '() => [{ id: 1 }]')
      await lab.good('c')
      await code(lab, '', 'function* () { yield { id: 2 }; throw new Error("no such luck") }')
      const failed = await lab.bad('c', 'model-threw')
      expect(failed.message).toContain('no such luck')
      expect(await lab.rows('c')).toEqual([['1']])
      expect(await lab.leftovers()).toEqual([])
    },
  },
]

const incremental: readonly Case[] = (['rows', 'sql'] as const).map((way) => ({
  title: `an incremental code model (${way}) merges new and changed rows, and a rerun changes nothing`,
  run: async (lab) => {
    await source(lab)
    const body = way === 'rows' ? '({ base }) => base.rows()' : `({ base }) => sql\`select * from \${base}\``
    await code(lab, "deps: ['base'], unique_key: 'id', updated_at: 't'", body)
    expectCounts(await lab.good('c'), 3)
    expectCounts(await lab.good('c'), 0)
    expect(await lab.state()).toEqual(['c t 2024-01-01 10:00:00.123456'])
    await lab.sql("update {src} set v = 'changed', t = timestamp '2024-01-02 00:00:00' where id = 2")
    await lab.sql(
      "insert into {src} select 4, 4, 4.125, d, timestamp '2024-01-02 00:00:00.000001', 'new', x from {src} where id = 1",
    )
    expectCounts(await lab.good('c'), 1, 1)
    expect(await lab.rows('c')).toEqual(await lab.rows('src'))
    expect(await lab.state()).toEqual(['c t 2024-01-02 00:00:00.000001'])
    expectCounts(await lab.good('c', '--full-refresh'), 4)
    expect(await lab.rows('c')).toEqual(await lab.rows('src'))
  },
}))

/** `contract.md` §6: `.ff.ts` models. */
export const codeModels = proving(
  'code-models',
  sparing([...results, ...incremental], /of an input|\(sql\)/, 'loading is one path'),
)
