import fc from 'fast-check'
import { expect } from 'vitest'
import { text } from '../../../src/core/index.js'
import { commonValues } from '../engines/common-values.js'
import type { ValueSample } from '../engines/index.js'
import { type Case, type Lab, proving } from '../lab.js'

function samplesOf({ engine }: Lab): readonly ValueSample[] {
  return [...commonValues(engine.words.types), ...engine.values]
}

/** A table with a column a sample, and one row of their literals and one of NULLs. */
async function tableOf(lab: Lab, samples: readonly ValueSample[]): Promise<void> {
  const { dialect } = lab.warehouse
  await lab.table('src', samples.map(({ type }, index) => `c${index} ${type}`).join(', '), [
    samples.map(({ text, type }) => dialect.literal(text, type)).join(', '),
    samples.map(() => 'null').join(', '),
  ])
}

const values: readonly Case[] = [
  {
    title: 'literals of every type are read back as text and as JavaScript values without loss',
    run: async (lab) => {
      const samples = samplesOf(lab)
      await tableOf(lab, samples)
      const [only = []] = await lab.query('select * from {src} where c0 is not null')
      for (const [index, { text, isShownOtherwise }] of samples.entries())
        if (isShownOtherwise !== true) expect(only[index], samples[index]?.type).toBe(text)
      const seen = await streamed(lab, 'select * from {src} where c0 is not null')
      expect(seen).toEqual([samples.map(({ value }) => value)])
      const nothing = await streamed(lab, 'select * from {src} where c0 is null')
      expect(nothing).toEqual([samples.map(() => null)])
    },
  },
  {
    title: 'what a stream gives is loaded again unchanged, value by value',
    run: async (lab) => {
      const samples = samplesOf(lab)
      await tableOf(lab, samples)
      await lab.table('copy', samples.map(({ type }, index) => `c${index} ${type}`).join(', '))
      const [from, to] = [await lab.warehouse.connect(), await lab.warehouse.connect()]
      try {
        const columns = await to.describe(text(`select * from ${lab.name('copy')}`))
        const into = { schema: lab.database.schema, identifier: 'copy' }
        expect(await to.load(into, columns, from.stream(text(`select * from ${lab.name('src')}`)))).toBe(2)
      } finally {
        await from.close()
        await to.close()
      }
      expect(await lab.rows('copy')).toEqual(await lab.rows('src'))
    },
  },
]

const literals: readonly Case[] = [
  {
    title: 'any text is read back from its literal as it was',
    run: async (lab) => {
      const { dialect } = lab.warehouse
      const texts = sample(fc.string({ unit: 'grapheme', maxLength: 40 }), 60)
      const selected = texts.map((each, index) => `${dialect.value(each)} as c${index}`)
      expect(await lab.query(`select ${selected.join(', ')}`)).toEqual([texts])
    },
  },
  {
    title: 'any name is read back from its quotes as it was',
    run: async (lab) => {
      const names = sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), 60).filter(
        (name, index, all) =>
          Buffer.byteLength(name) <= 63 &&
          all.findIndex((other) => same(other, name)) === index &&
          name.trim() === name,
      )
      const selected = names.map((name, index) => `${index} as ${lab.quote(name)}`)
      const connection = await lab.warehouse.connect()
      try {
        const described = await connection.describe(text(`select ${selected.join(', ')}`))
        expect(described.map(({ name }) => name)).toEqual(names)
        const { columns, rows } = await connection.query(text(`select ${selected.join(', ')}`))
        expect(columns.map(({ name }) => name)).toEqual(names)
        expect(rows).toEqual([names.map((_, index) => String(index))])
      } finally {
        await connection.close()
      }
    },
  },
  {
    title: 'numbers, booleans, dates and nothing are literals of their own type',
    run: async (lab) => {
      const { dialect } = lab.warehouse
      const list = [1, -1, 0.5, 9007199254740993n, true, false, null]
      const shown = ['integer', 'integer', lab.types.double, 'bigint', 'boolean', 'boolean', 'integer']
      const cells = list.map((value, index) => `cast(${dialect.value(value)} as ${shown[index]})`)
      expect(await streamed(lab, `select ${cells.map((cell, index) => `${cell} as c${index}`).join(', ')}`)).toEqual([
        list,
      ])
    },
  },
]

const templates: readonly Case[] = [
  {
    title: 'the ff_ functions truncate, add and cast dates and filter partitions in the SQL of the engine',
    run: async (lab) => {
      const { text: textType, timestamp } = lab.types
      await lab.table('src', `id integer, t ${timestamp}, v ${textType}`, [
        "1, timestamp '2024-02-29 10:11:12', '12'",
        "2, timestamp '2024-03-31 00:00:00', 'x'",
      ])
      await lab.model(
        'm',
        "materialized='table'",
        `select id, {{ ff_date_trunc('t', 'month') }} as month, {{ ff_date_trunc('t') }} as day,
          {{ ff_date_add('t', 'day', 1) }} as next, {{ ff_safe_cast('v', 'integer') }} as n, {{ ff_safe_cast('v', 'integer', '0') }} as z
        from {{ source('raw', 'src') }}
        where {{ ff_partition_in('id', [1, 2]) }} and {{ ff_partition_filter('v', 'a', 'z') }} or {{ ff_partition_filter('id', 1, 1) }}`,
      )
      await lab.good('m')
      expect(await lab.rows('m')).toEqual([
        ['1', '2024-02-01 00:00:00', '2024-02-29 00:00:00', '2024-03-01 10:11:12', '12', '12'],
        ['2', '2024-03-01 00:00:00', '2024-03-31 00:00:00', '2024-04-01 00:00:00', null, '0'],
      ])
    },
  },
]

const ephemeral: readonly Case[] = [
  {
    title: 'ephemeral models over one another stand in views, tables and deltas, and are no relations',
    run: async (lab) => {
      await lab.table('src', `id integer, v ${lab.types.text}, t integer`, ["1, 'a', 1", "2, 'b', 2"])
      await lab.model(
        'e1',
        "materialized='ephemeral'",
        "with x as (select * from {{ source('raw', 'src') }}) select * from x -- end",
      )
      await lab.model('e2', "materialized='ephemeral'", "select id, v, t from {{ ref('e1') }} where id > 0;")
      await lab.model(
        'a_view',
        "materialized='view'",
        "select e2.*, e1.v as w from {{ ref('e2') }} e2 join {{ ref('e1') }} e1 on e1.id = e2.id",
      )
      await lab.model('a_table', "materialized='table'", "with y as (select * from {{ ref('e2') }}) select * from y")
      await lab.model(
        'm',
        `materialized='incremental', unique_key='id', updated_at='t', delta={'sql': "select * from {{ ref('e2') }} where t > (select max(t) from {{ this }})"}`,
        "select * from {{ ref('e2') }}",
      )
      await lab.good('m')
      await lab.add('src', "3, 'c', 3")
      await lab.good('m')
      for (const name of ['a_table', 'm']) expect(await lab.rows(name)).toEqual(await lab.rows('src'))
      expect(await lab.query('select id, v, t from {a_view} where v = w')).toEqual(await lab.rows('src'))
      expect([await lab.kind('e1'), await lab.kind('a_view'), await lab.kind('a_table')]).toEqual([
        undefined,
        'view',
        'table',
      ])
    },
  },
]

async function streamed(lab: Lab, sql: string): Promise<readonly (readonly unknown[])[]> {
  const connection = await lab.warehouse.connect()
  const rows: unknown[][] = []
  try {
    const named = sql.replaceAll('{src}', lab.name('src'))
    for await (const { values } of connection.stream(text(named)))
      for (let row = 0; row < (values[0]?.length ?? 0); row += 1) rows.push(values.map((column) => column[row]))
  } finally {
    await connection.close()
  }
  return rows
}

function sample(strings: fc.Arbitrary<string>, count: number): readonly string[] {
  return fc.sample(strings, { numRuns: count, seed: 7 }).map((each) => each.replaceAll('\0', ''))
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** What the dialect writes is what the engine reads. */
export const dialects = [
  ...proving('values', values),
  ...proving('literals', literals),
  ...proving('templates', templates),
  ...proving('ephemeral', ephemeral),
]
