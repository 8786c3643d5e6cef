import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fft, median, peak, run } from './measure.js'
import { createProject, remove } from './projects.js'
import type { Bench } from './rows.js'

const rowCount = 1_000_000

/** A `.ff.ts` model that gives back the rows it gets. */
export const codeModel: Bench = async (rounds) => {
  const [many, few] = [identityProject(rowCount), identityProject(10)]
  const speeds: number[] = []
  const growth: number[] = []
  for (let round = 0; round < rounds; round++) {
    const least = run(fft(few, 'run'))
    remove(many, 'bench.duckdb')
    const cost = run(fft(many, 'run'))
    speeds.push(rowCount / secondsOf(many, 'copy'))
    growth.push(peak(cost) - peak(least))
  }
  return [
    { what: '.ff.ts identity of 1 M rows × 5 columns', values: speeds, unit: 'rows/s', bar: { atLeast: 300_000 } },
    {
      what: 'the same: memory above 10 rows',
      values: growth,
      unit: 'MB',
      bar: { atMost: 200 },
      note: `from ${Math.min(...growth).toFixed(0)} to ${median(growth).toFixed(0)} MB`,
    },
  ]
}

function identityProject(rows: number): string {
  return createProject(`code-model-${rows}`, {
    'models/base.ff.sql': `{{ config(materialized='table') }}
select range as id, 'name ' || range as name, range * 1.5 as amount, timestamp '2024-01-01' + to_seconds(range) as created_at, range % 2 = 0 as open
from range(${rows})
`,
    'models/copy.ff.ts': `import { model } from 'fastflowtransform'

export default model({ deps: ['base'] }, ({ base }) => base.rows())
`,
  })
}

/** How long a node took, as the run told it. */
function secondsOf(project: string, name: string): number {
  const told = JSON.parse(readFileSync(join(project, 'target', 'run_results.json'), 'utf8')) as {
    results: { unique_id: string; execution_time: number }[]
  }
  return told.results.find(({ unique_id }) => unique_id.endsWith(`.${name}`))?.execution_time ?? Number.NaN
}
