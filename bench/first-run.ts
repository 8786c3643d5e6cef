import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fft, measure } from './measure.js'
import { byHand, createProject, planned, remove } from './projects.js'
import { type Bench, ratio } from './rows.js'

/** The first run of 200 views, beside the same statements sent by hand. */
export const firstRun: Bench = async (rounds) => {
  const project = createProject('first-run', views(200))
  const script = join(project, 'by-hand.mjs')
  const statements = planned(project).flatMap((node) => node.statements.map(({ sql }) => sql))
  writeFileSync(
    script,
    byHand('hand.duckdb', `for (const sql of ${JSON.stringify(statements)}) await connection.run(sql)`),
  )
  const clean = () => remove(project, 'bench.duckdb', 'hand.duckdb', 'target')
  const hand = { args: [script], cwd: project, before: clean }
  const costs = measure({ hand, run: { ...fft(project, 'run'), before: clean } }, rounds)
  return [ratio('first run of 200 views : the statements by hand', costs.run, costs.hand, 2)]
}

function views(count: number): Readonly<Record<string, string>> {
  const text = (index: number) =>
    index < 20
      ? `select ${index} as id, 'a' as name, 1.5 as amount`
      : `select id, name, amount * 2 as amount from {{ ref('view_${index - 20}') }} where id >= ${index % 20}`
  const names = Array.from({ length: count }, (_, index) => index)
  return Object.fromEntries(
    names.map((index) => [`models/view_${index}.ff.sql`, `{{ config(materialized='view') }}\n${text(index)}\n`]),
  )
}
