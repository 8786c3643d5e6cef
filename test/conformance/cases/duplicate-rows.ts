import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving } from '../lab.js'

const body = "select id, v, t from {{ source('raw', 'src') }}"
const merge = "materialized='incremental', unique_key='id', updated_at='t', duplicate_rows='quarantine'"

/** Rows written down: their key, themselves, and why. */
async function setAside(lab: Lab): Promise<readonly unknown[]> {
  const state = lab.warehouse.dialect.relation({ schema: lab.database.stateSchema, identifier: 'duplicate_rows' })
  const key = lab.quote('key')
  const rows = await lab.query(
    `select ${key}, row_json, reason from ${state} where relation = '${lab.database.schema}.m' and model = 'm'`,
  )
  const read = rows.map(([id, row, reason]) => [JSON.parse(id ?? ''), Object.values(JSON.parse(row ?? '')), reason])
  return read.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

const equal = 'equal to another row'
const older = 'a row of the key has a newer t'

const cases: readonly Case[] = [
  {
    title: "duplicate_rows='quarantine' writes down what a first run and a delta leave out, each row once, and why",
    run: async (lab) => {
      await lab.table('src', `id integer, v ${lab.types.text}, t integer`, [
        "1, 'a', 1",
        "1, 'a', 1",
        "1, 'a', 1",
        "2, 'old', 1",
        "2, 'new', 2",
      ])
      await lab.model('m', merge, body)
      const created = await lab.good('m')
      expectCounts(created, 2)
      expect(created.counts?.['duplicates']).toBe(3)
      const first = [
        [{ id: 1 }, [1, 'a', 1], equal],
        [{ id: 1 }, [1, 'a', 1], equal],
        [{ id: 2 }, [2, 'old', 1], older],
      ]
      expect(await setAside(lab)).toEqual(first)
      expect((await lab.good('m')).counts?.['duplicates']).toBe(3)
      expect(await setAside(lab)).toEqual(first)
      await lab.add('src', "3, 'x', null", "3, 'y', 5")
      expectCounts(await lab.good('m'), 1)
      expect(await setAside(lab)).toEqual([...first, [{ id: 3 }, [3, 'x', null], older]])
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'a'],
        ['2', 'new'],
        ['3', 'y'],
      ])
    },
  },
  {
    title: "on_duplicate_keys='any' writes down the rows that it does not keep; a run that fails writes down nothing",
    slow: 'the statements are those of the other case',
    run: async (lab) => {
      await lab.table('src', `id integer, v ${lab.types.text}, t integer`, ["1, 'a', 1", "1, 'b', 1", "1, 'c', null"])
      await lab.model('m', merge, body)
      await lab.bad('m', 'duplicate-key')
      expect(await setAside(lab)).toEqual([])
      await lab.model('m', `${merge}, on_duplicate_keys='any'`, body)
      expectCounts(await lab.good('m'), 1)
      const reason = 'another row of the key was kept'
      const kept = await lab.rows('m')
      const gone = (await lab.rows('src')).filter((row) => JSON.stringify(row) !== JSON.stringify(kept[0]))
      expect(await setAside(lab)).toEqual(
        gone.map(([, v, t]) => [{ id: 1 }, [1, v, t === null ? null : Number(t)], reason]),
      )
    },
  },
  {
    title: 'duplicate_rows is refused without a key, and where every row stays',
    run: async (lab) => {
      await lab.table('src', 'id integer, v integer, t integer', ['1, 1, 1'])
      const refusals = [
        ["materialized='incremental', strategy='append', updated_at='t'", 'duplicates-need-key'],
        ["materialized='incremental', strategy='delete+insert', unique_key='id'", 'not-of-strategy'],
      ] as const
      for (const [config, code] of refusals) {
        await lab.model('m', `${config}, duplicate_rows='quarantine'`, body)
        const refused = await lab.run()
        expect([refused.code, refused.faults.map((fault) => fault.code)]).toEqual([2, [code]])
      }
    },
  },
]

/** `incremental.md` §5 and §6: rows that are too many are counted, and kept when asked for. */
export const duplicateRows = proving('duplicate-rows', cases)
