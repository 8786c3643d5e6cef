import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const merge = "materialized='incremental', unique_key='id', updated_at='t'"
const select = "select id, v, t from {{ source('raw', 'src') }}"

const first = ["1, 'a', timestamp '2024-01-01 00:00:00'", "2, 'b', timestamp '2024-01-10 00:00:00'"]

async function start(lab: Lab, config: string, body = select): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, t ${lab.types.timestamp}`, first)
  await lab.model('m', config, body)
}

/** A new key and a change below the watermark, a tie and a newer row. */
async function addLate(lab: Lab): Promise<void> {
  await lab.sql("update {src} set v = 'A', t = timestamp '2024-01-02 00:00:00' where id = 1")
  await lab.add(
    'src',
    "3, 'late', timestamp '2024-01-05 00:00:00'",
    "4, 'tie', timestamp '2024-01-10 00:00:00'",
    "5, 'new', timestamp '2024-01-11 00:00:00'",
  )
}

const lateTable = 'select model, row_json, reason from {late_rows} order by row_json'

/** Rows set aside, whose JSON every engine spells its own way. */
async function setAside(lab: Lab): Promise<readonly unknown[]> {
  const state = lab.warehouse.dialect.relation({ schema: lab.database.stateSchema, identifier: 'late_rows' })
  const target = `${lab.database.schema}.m`
  const rows = await lab.query(lateTable.replace('{late_rows}', `${state} where relation = '${target}'`))
  return rows.map(([model, json]) => {
    const { id, v } = JSON.parse(json ?? '{}')
    return [model, id, v]
  })
}

const cases: readonly Case[] = [
  {
    title: 'late_rows: a whole SELECT takes late rows and counts them; on a first run none is late',
    run: async (lab) => {
      await start(lab, merge)
      expect((await lab.good('m')).counts?.['late']).toBe(0)
      await addLate(lab)
      const node = await lab.good('m')
      expectCounts(node, 3, 1)
      expect(node.counts?.['late']).toBe(2)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
      expect((await lab.good('m')).counts?.['late']).toBe(0)
    },
  },
  {
    title: "late_rows: 'ignore' leaves them out, 'fail' refuses the run and keeps the rows, each time anew",
    run: async (lab) => {
      await start(lab, `${merge}, late_rows='ignore'`)
      await lab.good('m')
      await addLate(lab)
      const node = await lab.good('m')
      expectCounts(node, 2)
      expect(node.counts?.['late']).toBe(2)
      const kept = await lab.rows('m')
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'a'],
        ['2', 'b'],
        ['4', 'tie'],
        ['5', 'new'],
      ])
      await lab.model('m', `${merge}, late_rows='fail'`, select)
      for (const _ of [1, 2]) {
        const failed = await lab.bad('m', 'late-rows')
        expect(failed).toMatchObject({ file: 'models/m.ff.sql', line: 1 })
      }
      expect(await lab.rows('m')).toEqual(kept)
      await lab.sql('delete from {src} where id = 3')
      await lab.sql("update {src} set v = 'a', t = timestamp '2024-01-01 00:00:00' where id = 1")
      expectCounts(await lab.good('m'), 0)
    },
  },
  {
    title: "late_rows: 'quarantine' writes each late row down once and applies the others",
    run: async (lab) => {
      await start(lab, `${merge}, late_rows='quarantine'`)
      await lab.good('m')
      await addLate(lab)
      expectCounts(await lab.good('m'), 2)
      const expected = [
        ['m', 1, 'A'],
        ['m', 3, 'late'],
      ]
      expect(await setAside(lab)).toEqual(expected)
      expectCounts(await lab.good('m'), 0)
      expect(await setAside(lab)).toEqual(expected)
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['4'], ['5']])
    },
  },
  {
    title: 'late_rows: append looks back and knows its rows; a deletion is late only where its key is there',
    run: async (lab) => {
      await start(
        lab,
        "materialized='incremental', strategy='append', updated_at='t', lookback='9 days', late_rows='quarantine'",
      )
      await lab.good('m')
      await lab.add('src', "3, 'late', timestamp '2024-01-05 00:00:00'", "5, 'new', timestamp '2024-01-11 00:00:00'")
      expectCounts(await lab.good('m'), 1)
      expect(await setAside(lab)).toEqual([['m', 3, 'late']])
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['5']])
      await lab.table('src', `id integer, v ${lab.types.text}, t ${lab.types.timestamp}, gone boolean`, [
        "1, 'a', timestamp '2024-01-01 00:00:00', false",
        "2, 'b', timestamp '2024-01-10 00:00:00', false",
        "3, 'c', timestamp '2024-01-02 00:00:00', true",
      ])
      await lab.model(
        'n',
        `${merge}, deletes={'when': 'gone'}, late_rows='fail'`,
        select.replace('t from', 't, gone from'),
      )
      const all = ['--select', 'n']
      await lab.good('n', ...all)
      expectCounts(await lab.good('n', ...all), 0)
      await lab.sql("update {src} set gone = true, t = timestamp '2024-01-03 00:00:00' where id = 1")
      await lab.bad('n', 'late-rows', ...all)
    },
  },
]

/** Rows below the watermark that are new or changed. */
export const lateRows = proving(
  'late-rows',
  sparing(cases, /quarantine' writes/, 'setting rows aside tells most of it in fewer statements'),
)
