import { expect } from 'vitest'
import { type Case, type Lab, nodeOf, proving } from '../lab.js'

async function build(lab: Lab): Promise<void> {
  await lab.tableAs('src', `select i as id from ${lab.words.range(0, 1000)}`)
  await lab.source('src')
  await lab.model('whole', "materialized='view'", "select id from {{ source('raw', 'src') }}")
  await lab.model('some', "materialized='ephemeral'", "select id from {{ ref('whole') }} where id < 950")
  await lab.model('m', "materialized='table'", "select id from {{ ref('some') }}")
  await lab.good('m')
}

/** `pass`, or the row that says what is wrong. */
async function verdicts(lab: Lab, tests: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const list = Object.entries(tests).map(([name, test]) => `      - complete_within: {${test}, name: ${name}}`)
  await lab.folder.write({
    'models/m.yml': `version: 2\nmodels:\n  - name: m\n    tests:\n${list.join('\n')}\n`,
  })
  const outcome = await lab.fft('test')
  return Object.fromEntries(
    Object.keys(tests).map((name) => {
      const { status, rows } = nodeOf(outcome, name)
      return [name, status === 'pass' ? 'pass' : (rows?.rows ?? []).map((row) => row.join(' ')).join('; ')]
    }),
  )
}

const cases: readonly Case[] = [
  {
    title: 'complete_within: the tolerance belongs to it, exactly; the direction is told',
    run: async (lab) => {
      await build(lab)
      const of = (count: string, percent: string) => `percent: ${percent}, expected: "select ${count}"`
      const found = await verdicts(lab, {
        at_five: of('1000', '5'),
        below: of('1000', '4.999999'),
        above: of('900', '5'),
        same: of('950', '0'),
        a_tenth: of('950.95095', '0.1'),
        past_a_tenth: of('950.950951', '0.1'),
        by_one: of('951', '0.1'),
        none_expected: of('0', '100'),
        unknown: of('cast(null as integer)', '100'),
        no_row: of('1 where 1 = 0', '100'),
        fixed: 'percent: 0, expected: 950',
        nothing: "percent: 5, expected: 0, where: 'id < 0'",
      })
      expect(found).toEqual({
        at_five: 'pass',
        below: '950 1000 5.0000 below',
        above: '950 900 5.5556 above',
        same: 'pass',
        a_tenth: 'pass',
        past_a_tenth: '950 950.950951 0.1000 below',
        by_one: '950 951 0.1052 below',
        none_expected: '950 0  above',
        unknown: '950   unknown',
        no_row: '950   unknown',
        fixed: 'pass',
        nothing: 'pass',
      })
    },
  },
  {
    title: 'complete_within: a SELECT, a model, an ephemeral one and a source are expected, and come first in a build',
    run: async (lab) => {
      await build(lab)
      const found = await verdicts(lab, {
        by_name: 'percent: 1, expected: whole',
        by_ref: `percent: 1, expected: "ref('whole')"`,
        by_template: `percent: 1, expected: "{{ ref('whole.ff') }}"`,
        by_ephemeral: 'percent: 0, expected: some',
        by_source: 'percent: 1, expected: {source: raw.src}',
        by_list: 'percent: 5, expected: {source: [raw, src]}',
        by_call: `percent: 1, expected: "source('raw', 'src')"`,
        by_sql: `percent: 1, expected: "select count(*) from {{ ref('whole') }} where id >= 10;"`,
      })
      const short = '950 1000 5.0000 below'
      expect(found).toEqual({
        by_name: short,
        by_ref: short,
        by_template: short,
        by_ephemeral: 'pass',
        by_source: short,
        by_list: 'pass',
        by_call: short,
        by_sql: '950 990 4.0404 below',
      })
      await lab.model('whole', "materialized='table'", "select id from {{ source('raw', 'src') }} where id < 900")
      await lab.model('m', "materialized='table'", "select id from {{ source('raw', 'src') }} where id < 901")
      const built = await lab.fft('build', '--select', 'm', 'whole')
      expect(nodeOf(built, 'by_ref').status, built.stderr).toBe('pass')
    },
  },
]

/** How many rows there should be. */
export const completeness = proving('completeness', cases)
