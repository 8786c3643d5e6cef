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
    title: "upstream's tests measure a column, a relation, or compare two, in project.yml and beside models",
    run: async (lab) => {
      await build(lab)
      await lab.model('other', "materialized='table'", "select t, id from {{ source('raw', 'src') }} where t < 4")
      await lab.folder.write({
        'models/m.yml': `version: 2
models:
  - name: m
    columns:
      - name: t
        tests:
          - greater_equal: {name: ge_bad, threshold: 2}
          - greater_equal: {name: ge_good}
          - greater_equal: {name: ge_where, threshold: 4, where: id = 3}
          - non_negative_sum: {name: sum_good}
      - name: id
        tests:
          - relationships: {name: parents_of_some, to: ref('other'), to_field: id, to_where: t < 3}
    tests:
      - row_count_between: {name: rows_good, min_rows: 5, max_rows: 5}
      - row_count_between: {name: rows_bad, min_rows: 6}
      - row_count_between: {name: rows_many, max_rows: 4, severity: warn}
`,
        'project.yml': `name: lab
version: '1'
state_schema: ${lab.database.stateSchema}
tests:
  - {type: reconcile_equal, name: equal_bad, left: {table: m, expr: sum(t)}, right: {table: other.ff, expr: sum(t)}}
  - {type: reconcile_equal, name: equal_where, left: {table: m, expr: sum(t), where: t < 4}, right: {table: other, expr: sum(t)}}
  - {type: reconcile_equal, name: equal_near, left: {table: m, expr: sum(t)}, right: {table: other, expr: sum(t)}, abs_tolerance: 8}
  - {type: reconcile_equal, name: equal_percent, left: {table: m, expr: sum(t)}, right: {table: other, expr: sum(t)}, rel_tolerance_pct: 134}
  - {type: reconcile_equal, name: equal_null, left: {table: m, expr: sum(t), where: t > 99}, right: {table: other, expr: sum(t)}, abs_tolerance: 999}
  - {type: reconcile_ratio_within, name: ratio_good, left: {table: m, expr: sum(t)}, right: {table: other, expr: sum(t)}, min_ratio: 2.3, max_ratio: 2.4}
  - {type: reconcile_ratio_within, name: ratio_bad, table: m, params: {left: {table: m, expr: sum(t)}, right: {table: other, expr: sum(t)}, max_ratio: 2.3}}
  - {type: reconcile_diff_within, name: diff_good, left: {table: m, expr: sum(t)}, right: {table: other, expr: sum(t)}, max_abs_diff: 8}
  - {type: reconcile_diff_within, name: diff_bad, left: {table: m, expr: sum(t)}, right: {table: other, expr: sum(t)}, max_abs_diff: 7.5}
  - {type: reconcile_coverage, name: cover_bad, source: {table: m, key: t}, target: {table: other, key: t}}
  - {type: reconcile_coverage, name: cover_good, source: {table: m, key: t}, target: {table: other, key: t}, source_where: t < 4}
  - {type: reconcile_coverage, name: cover_null, source: {table: m, key: id}, target: {table: m, key: id}, tags: [keys]}
`,
      })
      await lab.good('m')
      const outcome = await lab.fft('test', '--exclude', 'source:*', 'nothing_is_late', 'all_is_well')
      expect(outcome.code, outcome.stderr).toBe(1)
      const verdicts = Object.values(outcome.nodes).map((node) => `${node.name} ${node.status}: ${node.detail}`)
      expect(verdicts.sort()).toEqual([
        'cover_bad fail: 2 failures',
        'cover_good pass: no failures',
        'cover_null fail: 1 failure',
        'diff_bad fail: 1 failure',
        'diff_good pass: no failures',
        'equal_bad fail: 1 failure',
        'equal_near pass: no failures',
        'equal_null fail: 1 failure',
        'equal_percent pass: no failures',
        'equal_where pass: no failures',
        'ge_bad fail: 1 failure',
        'ge_good pass: no failures',
        'ge_where pass: no failures',
        'parents_of_some fail: 2 failures',
        'ratio_bad fail: 1 failure',
        'ratio_good pass: no failures',
        'rows_bad fail: 1 failure',
        'rows_good pass: no failures',
        'rows_many warn: 1 failure',
        'sum_good pass: no failures',
      ])
    },
  },
  {
    title: 'freshness of a column is measured against the time of the run; an empty relation is not fresh',
    run: async (lab) => {
      await lab.table('src', `moment ${lab.types.timestamp}`, ["timestamp '2024-01-01 10:00:00'"])
      await lab.model('m', "materialized='table'", "select * from {{ source('raw', 'src') }}")
      await lab.model('none', "materialized='table'", "select * from {{ source('raw', 'src') }} where 1 = 0")
      const tests = 'columns: [{name: moment, tests: [{freshness: {max_delay_minutes: 60}}]}]'
      await lab.folder.write({ 'models/m.yml': `models:\n  - {name: m, ${tests}}\n  - {name: none, ${tests}}\n` })
      await lab.good('m')
      const statuses = async (now: string) => {
        const { nodes } = await lab.fftAt(now, 'test')
        return ['m', 'none'].map((name) => nodes[`freshness_${name}_moment__60`]?.status)
      }
      expect(await statuses('2024-01-01T11:00:00')).toEqual(['pass', 'fail'])
      expect(await statuses('2024-01-01T11:00:01')).toEqual(['fail', 'fail'])
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
