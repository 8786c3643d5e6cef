import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

/** Names that break whoever pastes them into SQL. */
const odd = [
  'with space',
  'dou"ble',
  "sin'gle",
  'dot.ted',
  'select',
  'MixedCase',
  'größe',
  'semi;colon',
  '--comment',
  'back\\slash',
  '日本',
  'percent%s',
  '{{brace}}',
]

const strategies = [
  {
    name: 'insert_overwrite',
    config: "strategy='insert_overwrite', partition_by=['dot.ted', '日本'], updated_at='select'",
  },
  {
    name: 'scd3',
    config:
      "strategy='scd3', unique_key=['with space'], updated_at='select', history_columns={'dou\"ble': 'old \"one\"'}, full_refresh=True",
  },
  { name: 'merge', config: "unique_key=['with space', 'dou\"ble', 'MixedCase', 'größe'], updated_at='select'" },
  { name: 'delete+insert', config: "strategy='delete+insert', unique_key=['dot.ted', '日本'], updated_at='select'" },
  { name: 'append', config: "strategy='append', updated_at='select'" },
  { name: 'append by key', config: "strategy='append', unique_key=['--comment'], updated_at='select'" },
]

async function oddSource(lab: Lab): Promise<void> {
  const columns = odd.map((name) => `${lab.quote(name)} integer`).join(', ')
  await lab.table(oddTable(lab), columns, [oddRow(1), oddRow(2)])
}

function oddRow(value: number): string {
  return odd.map(() => value).join(', ')
}

/** Relations have odd names too, where the engine takes them. */
function oddTable({ engine }: Lab): string {
  return engine.can.has('odd_relations') ? 'odd ones' : 'Odd_ones'
}

function oddAlias({ engine }: Lab): string {
  return engine.can.has('odd_relations') ? 'odd "alias" .of; it\'s größer' : 'Select'
}

/** Names that engines or fft's own statements use for something else. */
const inner = ['rowid', 'delta', 'target', 'old', 'new', 'same', 'c0', 'k0', 'number', 'there', 'copies', 'added']

/** A merge finds equal rows by their values, or by `updated_at`; duplicates in the delta make more work. */
const merges = [
  '',
  ", updated_at='new'",
  ", updated_at='new', on_duplicate_keys='any'",
  ", updated_at='new', deletes={'when': 'delta.k0 = 99'}",
  ", deletes={'missing': True}",
  ", deletes={'missing': True, 'when': 'delta.k0 = 99'}",
  ", update_when='delta.old >= target.old'",
  ", updated_at='new', exclude_columns=['rowid']",
  ", history_columns={'old': 'before', 'target': 'before_target'}",
]

const innerNames: readonly Case[] = merges.map((more) => ({
  title: `merge${more}: columns may be called like the rows' own numbers and like what fft's statements name`,
  run: async (lab) => {
    const row = (id: number, rest: number) => [id, ...inner.slice(1).map(() => rest)].join(', ')
    await lab.table('src', ['id', ...inner].map((name) => `${lab.quote(name)} integer`).join(', '), [
      `1, ${row(7, 1)}`,
      `2, ${row(7, 1)}`,
    ])
    await lab.model(
      'm',
      `materialized='incremental', unique_key='id'${more}`,
      "select * from {{ source('raw', 'src') }}",
    )
    expectCounts(await lab.good('m'), 2)
    expectCounts(await lab.good('m'), 0)
    await lab.sql(`update {src} set ${lab.quote('new')} = 2, ${lab.quote('old')} = 2 where id = 2`)
    await lab.add('src', `3, ${row(7, 1)}`, `3, ${row(7, 1)}`)
    expectCounts(await lab.good('m'), 1, 1)
    const all = ['id', ...inner].map((name) => lab.quote(name)).join(', ')
    expect(await lab.rows('m', all)).toEqual(await lab.query(`select distinct ${all} from {src}`))
    await lab.good('m', '--full-refresh')
    expect(await lab.rows('m', all)).toEqual(await lab.query(`select distinct ${all} from {src}`))
  },
}))

function replacesRows(strategy: string): boolean {
  return strategy === 'delete+insert' || strategy === 'insert_overwrite'
}

const oddNames: readonly Case[] = strategies.flatMap(({ name, config }): Case[] => [
  {
    title: `${name}: any name does as a column, as a key, as updated_at and as the relation's alias`,
    run: async (lab) => {
      await oddSource(lab)
      const [table, relation] = [oddTable(lab), oddAlias(lab)]
      // Quoted as it is in a Jinja string.
      const all = `materialized='incremental', ${config}, alias='${relation.replaceAll("'", "\\'")}'`
      await lab.model('m', all, `select * from {{ source('raw', '${table}') }}`)
      expectCounts(await lab.good('m'), 2)
      expectCounts(await lab.good('m'), 0)
      await lab.sql(`insert into ${lab.name(table)} values (${oddRow(3)})`)
      if (name !== 'append' && name !== 'append by key') {
        await lab.sql(`update ${lab.name(table)} set ${lab.quote("sin'gle")} = 9 where ${lab.quote('select')} = 2`)
        expectCounts(await lab.good('m'), 1, 1)
      } else {
        expectCounts(await lab.good('m'), 1)
      }
      expect((await lab.columns(relation)).slice(0, odd.length)).toEqual(odd)
      const selected = odd.map((column) => lab.quote(column)).join(', ')
      expect(await lab.rows(relation, selected)).toEqual(await lab.rows(table, selected))
      expect(await lab.state()).toEqual(['m select 3'])
      expectCounts(await lab.good('m', '--full-refresh'), 3)
      expect(await lab.rows(relation, selected)).toEqual(await lab.rows(table, selected))
    },
  },
  {
    title: `${name}: odd columns may be added, kept and dropped`,
    run: async (lab) => {
      await oddSource(lab)
      const table = oddTable(lab)
      const all = `materialized='incremental', ${config}, on_schema_change='append_new_columns'`
      await lab.model('m', all, `select * from {{ source('raw', '${table}') }}`)
      await lab.good('m')
      await lab.addColumn(table, `${lab.quote('brand "new"')} integer`)
      await lab.dropColumn(table, lab.quote('percent%s'))
      await lab.sql(`insert into ${lab.name(table)} values (${oddRow(4)})`)
      await lab.good('m')
      expect(await lab.columns('m')).toEqual([...odd, ...(name === 'scd3' ? ['old "one"'] : []), 'brand "new"'])
      expect(
        await lab.query(
          `select ${lab.quote('percent%s')}, ${lab.quote('brand "new"')}, ${lab.quote('select')} from {m}`,
        ),
      ).toEqual([
        // The whole row is replaced, so nothing of the old one is kept.
        ...(replacesRows(name)
          ? []
          : [
              ['1', null, '1'],
              ['2', null, '2'],
            ]),
        [null, '4', '4'],
        ...(replacesRows(name)
          ? [
              [null, null, '1'],
              [null, null, '2'],
            ]
          : []),
      ])
      expectCounts(await lab.good('m'), 0)
    },
  },
])

const innerElsewhere: readonly Case[] = [
  "strategy='insert_overwrite', partition_by=['k0', 'c0']",
  "strategy='delete+insert', unique_key='k0'",
  "strategy='append', updated_at='k0'",
].map((config) => ({
  title: `${config}: columns may be called like what fft's statements name`,
  run: async (lab) => {
    const row = (value: number) => inner.map(() => value).join(', ')
    await lab.table('src', inner.map((name) => `${lab.quote(name)} integer`).join(', '), [row(1), row(1), row(2)])
    await lab.model('m', `materialized='incremental', ${config}`, "select * from {{ source('raw', 'src') }}")
    expectCounts(await lab.good('m'), 3)
    expectCounts(await lab.good('m'), 0)
    await lab.add('src', row(3), row(2))
    expectCounts(await lab.good('m'), 2)
    expect(await lab.rows('m')).toEqual(await lab.rows('src'))
  },
}))

const innerByKey: Case = {
  title: "strategy='append', unique_key='k0': columns may be called like what fft's statements name",
  run: async (lab) => {
    const row = (value: number) => inner.map(() => value).join(', ')
    await lab.table('src', inner.map((name) => `${lab.quote(name)} integer`).join(', '), [row(1)])
    const config = "materialized='incremental', strategy='append', unique_key='k0', updated_at='k0'"
    await lab.model('m', config, "select * from {{ source('raw', 'src') }}")
    expectCounts(await lab.good('m'), 1)
    await lab.add('src', row(2))
    expectCounts(await lab.good('m'), 1)
    expect(await lab.rows('m')).toEqual(await lab.rows('src'))
  },
}

/** Names that nobody quotes by hand, and names that fft's own statements use. */
export const identifiers = proving(
  'identifiers',
  sparing(
    [...oddNames, ...innerNames, ...innerElsewhere, innerByKey],
    /^merge: (any|odd)|^strategy='delete/,
    'one function quotes for all strategies',
  ),
)
