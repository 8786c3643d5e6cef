import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const select = "select id, v, t from {{ source('raw', 'src') }}"
const key = "materialized='incremental', unique_key='id', updated_at='t'"

async function source(lab: Lab): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, t integer`, ["1, 'a', 1", "2, 'b', 2"])
}

/** The delta takes rows past the table's maximum; the body would take them all. */
async function expectOwnDelta(lab: Lab): Promise<void> {
  expectCounts(await lab.good('m'), 2)
  await lab.sql("update {src} set v = 'unseen' where id = 1")
  await lab.add('src', "3, 'c', 3")
  expectCounts(await lab.good('m'), 1)
  expect(await lab.rows('m', 'id, v')).toEqual([
    ['1', 'a'],
    ['2', 'b'],
    ['3', 'c'],
  ])
}

const written: readonly Case[] = [
  {
    title: "delta={'sql': …} over several lines with ref, this, trailing commas, a comment and a `;` at the end",
    run: async (lab) => {
      await source(lab)
      await lab.model('base', "materialized='view'", select)
      await lab.model(
        'm',
        `
    materialized='table',
    meta={
      'incremental': True,
      'unique_key': ['id'],
      'updated_at': 'updated_at',
      'delta': {
        'sql': """
          select id, v, t as updated_at
          from {{ ref('base') }}
          where t > (select max(updated_at) from {{ this }});  -- only the new ones
        """,
      },
    },
`,
        "select id, v, t as updated_at from {{ ref('base.ff') }};\n-- the end",
      )
      await expectOwnDelta(lab)
      expect(await lab.kind('m')).toBe('table')
      expect(await lab.state()).toEqual(['m updated_at 3'])
    },
  },
  {
    title:
      'a delta file is a template: statements stand between its keys too, settings are rendered, names hold in its SQL',
    run: async (lab) => {
      await source(lab)
      await lab.folder.write({
        'config/incremental/m.delta.yml': `# {# how new rows are found #}
{% set column = var('column', 't') %}
{% if target.name == 'dev' %}
unique_key: "{{ var('key', 'id') }}"
updated_at: "{{ column }}"
{% else %}
unique_key: nothing
{% endif %}
sql: |
  select id, v, t from {{ source('raw', 'src') }}
  {% if is_incremental() %}
  where {{ column }} > (select max({{ column }}) from {{ this }})
  {% endif %}
{% if var('nowhere', false) %}
on_schema_change: ignore
{% endif %}
`,
      })
      await lab.model('m', "incremental=True, delta_config='config/incremental/m.delta.yml'", select)
      await expectOwnDelta(lab)
      expect(await lab.state()).toEqual(['m t 3'])
      // The places are those of the file.
      const failed = await lab.fft('run', '--vars', 'column=nope')
      expect(failed.code).toBe(1)
      expect(failed.nodes['m']).toMatchObject({ file: 'config/incremental/m.delta.yml', line: 12 })
      const wrong = await lab.fft('run', '--vars', '{column: [1]}')
      expect(wrong.events.find(({ code }) => code !== undefined)).toMatchObject({
        file: 'config/incremental/m.delta.yml',
      })
    },
  },
  {
    title: 'a delta in a YAML file: a template with ref and this whose errors are in that file',
    run: async (lab) => {
      await source(lab)
      await lab.model('base', "materialized='view'", select)
      await lab.model(
        'm',
        "materialized='table', meta={'incremental': True, 'unique_key': ['id'], 'updated_at': 't', 'delta_config': 'config/incremental/m.delta.yml'}",
        "select id, v, t from {{ ref('base') }}",
      )
      const delta = (where: string) => `sql: |\n  select id, v, t\n  from {{ ref('base') }}\n  where ${where};\n`
      const write = (where: string) => lab.folder.write({ 'config/incremental/m.delta.yml': delta(where) })
      await write('t > (select max(t) from {{ this }})')
      await expectOwnDelta(lab)
      await write('nowhere > 1')
      const failed = await lab.bad('m', 'column-missing')
      expect([failed.file, failed.line]).toEqual(['config/incremental/m.delta.yml', 4])
      await write("t > {{ ref('bas') }}")
      const refused = await lab.run()
      expect([refused.code, refused.faults.map(({ file, line }) => [file, line])]).toEqual([
        2,
        [['config/incremental/m.delta.yml', 4]],
      ])
    },
  },
  {
    title: 'a reference in the delta alone is a dependency: its model is built first',
    run: async (lab) => {
      await source(lab)
      await lab.model('a_m', `${key}, delta={'sql': "select id, v, t from {{ ref('z_new') }}"}`, select)
      await lab.model('z_new', "materialized='table'", `${select} where id = 2`)
      const outcome = await lab.run()
      expect(outcome.code, outcome.stderr).toBe(0)
      const order = outcome.events.filter(({ type }) => type === 'node_finished').map(({ name }) => name)
      expect(order).toEqual(['z_new', 'a_m'])
    },
  },
  {
    title: 'a trailing comment or `;` of the body never swallows what fft puts around it',
    run: async (lab) => {
      await source(lab)
      for (const end of [' -- the end', ';', '; -- the end', '\n/* the end */', ';\n\n-- one\n-- two\n']) {
        await lab.model('m', `${key}, delta={'watermark': 't'}`, `${select}${end}`)
        await lab.good('m')
        expect(await lab.rows('m')).toEqual(await lab.rows('src'))
      }
    },
  },
  {
    title: 'the body with its own WITH and ORDER BY is wrapped as it is',
    run: async (lab) => {
      await source(lab)
      await lab.model(
        'm',
        `${key}, delta={'watermark': 't'}`,
        `with x as (${select}) select * from x order by t desc limit 10`,
      )
      await lab.good('m')
      await lab.add('src', "3, 'c', 3")
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
]

const winners: readonly Case[] = [
  ...[
    { way: 'delta SQL', config: `${key}, delta={'sql': "${select}"}`, body: select },
    { way: 'body', config: key, body: `${select} {% if is_incremental() %}where 1 = 1{% endif %}` },
    { way: 'watermark', config: `${key}, delta={'watermark': 't'}, lookback=10`, body: select },
  ].map(
    ({ way, config, body }): Case => ({
      title: `a filtered delta (${way}): the newer row wins across delta and target, an equal one is the delta's`,
      run: async (lab) => {
        await lab.table('src', `id integer, v ${lab.types.text}, t integer`, [
          "1, 'a', 5",
          "2, 'b', 5",
          "3, 'c', 5",
          "4, 'd', null",
          "5, 'e', null",
          "6, 'f', 5",
        ])
        await lab.model('m', config, body)
        await lab.good('m')
        await lab.sql(
          "update {src} set v = 'older', t = 4 where id = 1",
          "update {src} set v = 'equal', t = 5 where id = 2",
          "update {src} set v = 'none', t = null where id = 3",
          "update {src} set v = 'some', t = 1 where id = 4",
          "update {src} set v = 'both none' where id = 5",
          "update {src} set v = 'newer', t = 6 where id = 6",
        )
        expectCounts(await lab.good('m'), 0, 4)
        expect(await lab.rows('m')).toEqual([
          ['1', 'a', '5'],
          ['2', 'equal', '5'],
          ['3', 'c', '5'],
          ['4', 'some', '1'],
          ['5', 'both none', null],
          ['6', 'newer', '6'],
        ])
        expectCounts(await lab.good('m'), 0)
      },
    }),
  ),
  {
    title: 'the whole SELECT as the delta always wins, older rows included',
    run: async (lab) => {
      await lab.table('src', `id integer, v ${lab.types.text}, t integer`, ["1, 'a', 5", "2, 'b', 5", "3, 'c', 5"])
      await lab.model('m', key, select)
      await lab.good('m')
      await lab.sql(
        "update {src} set v = 'older', t = 4 where id = 1",
        "update {src} set v = 'none', t = null where id = 2",
        'delete from {src} where id = 3',
      )
      expectCounts(await lab.good('m'), 0, 2)
      expect(await lab.rows('m')).toEqual([
        ['1', 'older', '4'],
        ['2', 'none', null],
        ['3', 'c', '5'],
      ])
    },
  },
]

const appends: readonly Case[] = [
  {
    title: 'append without updated_at, is_incremental() or a delta is exit 2 and names the three ways out',
    run: async (lab) => {
      await source(lab)
      await lab.model('m', "materialized='incremental', strategy='append'", select)
      const refused = await lab.run()
      expect([refused.code, refused.faults.map(({ code, file }) => [code, file])]).toEqual([
        2,
        [['append-without-delta', 'models/m.ff.sql']],
      ])
      const said = refused.faults.map(({ message, hint }) => `${message} ${hint}`).join(' ')
      for (const way of ['updated_at', 'is_incremental()', 'delta']) expect(said).toContain(way)
      expect(await lab.kind('m')).toBeUndefined()
    },
  },
  {
    title: 'append of a body with is_incremental() and without updated_at inserts what the body gives',
    run: async (lab) => {
      await source(lab)
      await lab.model(
        'm',
        "materialized='incremental', strategy='append'",
        `${select}{% if is_incremental() %} where t > (select max(t) from {{ this }}){% endif %}`,
      )
      expectCounts(await lab.good('m'), 2)
      expectCounts(await lab.good('m'), 0)
      await lab.add('src', "3, 'c', 3", "3, 'c', 3")
      expectCounts(await lab.good('m'), 2)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
  {
    title: 'append counts equal rows within the range of its delta alone, columns in any order',
    run: async (lab) => {
      await source(lab)
      const config = "materialized='incremental', strategy='append', updated_at='t', lookback=1"
      await lab.model('m', config, select)
      await lab.good('m')
      await lab.model('m', config, "select t, v, id from {{ source('raw', 'src') }}")
      await lab.add('src', "1, 'a', 1", "2, 'b', 2", "2, 'other', 2", "4, 'unseen', 0")
      expectCounts(await lab.good('m'), 3)
      expect(await lab.rows('m')).toEqual(await lab.query('select * from {src} where t > 0'))
      expectCounts(await lab.good('m'), 0)
    },
  },
  {
    title: 'append with a key leaves rows of known keys out, changed or not',
    run: async (lab) => {
      await source(lab)
      await lab.model('m', "materialized='incremental', strategy='append', unique_key='id', updated_at='t'", select)
      await lab.good('m')
      await lab.sql("update {src} set v = 'changed', t = 9 where id = 1")
      await lab.add('src', "3, 'c', 3")
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'a'],
        ['2', 'b'],
        ['3', 'c'],
      ])
    },
  },
  {
    title: 'append takes rows of types that have no order or no equality of their own',
    run: async (lab) => {
      await lab.table('src', `id integer, d ${lab.types.double}, t integer`, [
        `1, cast('nan' as ${lab.types.double}), 1`,
      ])
      await lab.model(
        'm',
        "materialized='incremental', strategy='append', updated_at='t'",
        "select * from {{ source('raw', 'src') }}",
      )
      await lab.good('m')
      expectCounts(await lab.good('m'), 0)
    },
  },
]

/** `incremental.md` §2. */
export const deltas = [
  ...proving('delta-sources', sparing(written, /^delta=/, 'the text of the delta is the same one everywhere')),
  ...proving('winners', sparing(winners, /watermark/, 'one statement applies every filtered delta')),
  ...proving('append', sparing(appends, /exit 2|range/, 'one statement applies every append')),
]
