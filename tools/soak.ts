/** Searches for broken histories until the minutes are over: `npm run soak -- --minutes 30 [--engine duckdb] [--runs 200]`. */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    engine: { type: 'string' },
    runs: { type: 'string', default: '200' },
  },
})
const began = Date.now()
const minutesGone = () => (Date.now() - began) / 60_000
const only = values.engine === undefined ? [] : ['-t', `on ${values.engine}`]

for (let round = 1; minutesGone() < Number(values.minutes); round++) {
  const { status, stdout } = spawnSync('npx', ['vitest', 'run', 'test/law', ...only], {
    env: { ...process.env, FFT_LAW_RUNS: values.runs },
    encoding: 'utf8',
  })
  const counts = stdout.match(/\w+: \d+ histories.*/g) ?? []
  console.log(`round ${round}, ${minutesGone().toFixed(1)} of ${values.minutes} minutes: ${counts.join('; ')}`)
  if (status === 0) continue
  console.log(stdout)
  process.exitCode = 1
  break
}
