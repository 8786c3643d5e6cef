import { expect } from 'vitest'
import { type Case, type Lab, proving } from '../lab.js'

const properties = `version: 2
models:
  - name: m
    columns:
      - name: id
        tests: [not_null, unique, {not_null: {name: id_of_late_rows, where: "t > 2"}}]
      - name: v
        tests:
          - accepted_values: {values: ["a", "it's"]}
          - relationships: {to: ref('parent'), field: v}
          - not_null: {name: v_is_there, severity: warn}
          - unique: {name: few_twins, warn_if: '> 0', error_if: '> 5'}
      - name: t
        tests: [{accepted_values: {values: [1, 2, 3], quote: false, name: t_is_small}}]
`

async function build(lab: Lab): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, t integer`, [
    "1, 'a', 1",
    "1, 'it''s', 2".replace("''", lab.warehouse.dialect.value("'").slice(1, -1)),
    'null, null, 3',
    "3, 'odd', 4",
    "4, 'odd', 4",
  ])
  await lab.model('m', "materialized='table'", "select * from {{ source('raw', 'src') }}")
  await lab.model('parent', "materialized='view'", "select v from {{ source('raw', 'src') }} where v <> 'odd'")
  await lab.folder.write({
    'models/m.yml': properties,
    'tests/nothing_is_late.sql': "select * from {{ ref('m') }} where t > 3 -- late\n",
    'tests/all_is_well.sql': "select * from {{ ref('m') }} where t > 9;\n",
  })
}

const cases: readonly Case[] = [
  {
    title: 'every generic test and a singular one count the rows at fault, NULL passes, warnings do not fail the run',
    run: async (lab) => {
      await build(lab)
      await lab.good('m')
      const outcome = await lab.fft('test')
      expect(outcome.code).toBe(1)
      const verdicts = Object.values(outcome.nodes).map((node) => `${node.name} ${node.status}: ${node.detail}`)
      expect(verdicts.sort()).toEqual([
        'accepted_values_m_v__a__it_s fail: 1 failure',
        'all_is_well pass: no failures',
        'few_twins warn: 1 failure',
        'id_of_late_rows fail: 1 failure',
        'not_null_m_id fail: 1 failure',
        'nothing_is_late fail: 2 failures',
        'relationships_m_v__v__ref_parent_ fail: 2 failures',
        't_is_small fail: 1 failure',
        'unique_m_id fail: 1 failure',
        'v_is_there warn: 1 failure',
      ])
      const shown = outcome.nodes['nothing_is_late']?.rows
      expect(shown?.columns).toEqual(['id', 'v', 't'])
      expect(shown?.rows.map(([id]) => id).sort()).toEqual(['3', '4'])
    },
  },
  {
    title: 'a test of a relation that is not there fails, and says what to run',
    run: async (lab) => {
      await build(lab)
      const outcome = await lab.fft('test', '--select', 'not_null_m_id')
      expect(outcome.code).toBe(1)
      const failed = outcome.nodes['not_null_m_id']
      expect(`${failed?.message} ${failed?.hint}`).toMatch(/fft (run|build)/)
    },
  },
]

/** Data tests on what is in the warehouse. */
export const dataTests = proving('data-tests', cases)
