import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fft, measure, run } from './measure.js'
import { byHand, createProject } from './projects.js'
import { type Bench, ratio } from './rows.js'

/** A run that finds its project read and its relations built, beside opening the same database file at all. */
export const secondRun: Bench = async (rounds) => {
  const project = createProject('second-run', {
    'models/numbers.ff.sql':
      "{{ config(materialized='view') }}\nselect range as id, now() as changed_at from range(1000)\n",
    'models/sums.ff.sql':
      "{{ config(materialized='table') }}\nselect id % 10 as digit, count(*) as n from {{ ref('numbers') }} group by 1\n",
    'models/facts.ff.sql': `{{ config(materialized='incremental', unique_key='id', updated_at='changed_at') }}
select id, changed_at from {{ ref('numbers') }}
{% if is_incremental() %}where changed_at > {{ watermark('changed_at') }} and id < 10{% endif %}
`,
  })
  const script = join(project, 'by-hand.mjs')
  writeFileSync(script, byHand('bench.duckdb', "await connection.runAndReadAll('select 1')"))
  run(fft(project, 'run'))
  const secondRun = fft(project, 'run')
  const uncompiled = { ...secondRun, environment: { NODE_DISABLE_COMPILE_CACHE: '1' } }
  const costs = measure({ hand: { args: [script], cwd: project }, secondRun, uncompiled }, rounds * 2)
  return [
    ratio('second run of 3 models : open and select 1', costs.secondRun, costs.hand, 1.5),
    ratio('the same with no compiled form kept : open and select 1', costs.uncompiled, costs.hand),
  ]
}
