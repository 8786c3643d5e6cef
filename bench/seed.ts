import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fft, measure, median, peak, run } from './measure.js'
import { byHand, createProject, remove } from './projects.js'
import { type Bench, figureRatio, ratio } from './rows.js'

/** A seed of a million rows, beside DuckDB's own way to read the same file. */
export const seed: Bench = async (rounds) => {
  const project = createProject('seed', {})
  const file = join(project, 'seeds', 'big.csv')
  mkdirSync(dirname(file))
  const script = (name: string, body: string) => {
    const path = join(project, name)
    writeFileSync(path, body)
    return { args: [path], cwd: project }
  }
  run(script('make.mjs', byHand(':memory:', `await connection.run(\`copy (${rowsSql}) to '${file}' (header)\`)`)))
  const before = () => remove(project, 'bench.duckdb', 'hand.duckdb', 'target')
  const read = `await connection.run("create table big as from read_csv('seeds/big.csv')")`
  const hand = { ...script('by-hand.mjs', byHand('hand.duckdb', read)), before }
  const costs = measure({ hand, seed: { ...fft(project, 'seed'), before } }, rounds)
  const [ours, theirs] = [costs.seed.map(peak), costs.hand.map(peak)]
  return [
    ratio('seed of 1 M rows × 8 columns : create table as from read_csv', costs.seed, costs.hand, 1.2),
    {
      ...figureRatio('the same: peak memory', ours, theirs, 1.2),
      note: `${median(ours).toFixed(0)} MB against ${median(theirs).toFixed(0)} MB`,
    },
  ]
}

const rowsSql = `select range as id, 'customer ' || (range % 5000) as name, range * 1.25 as amount,
  date '2020-01-01' + (range % 1500)::int as day, timestamp '2020-01-01' + to_seconds(range) as created_at, range % 2 = 0 as open,
  'some words, "quoted"' as note, range % 97 as code from range(1000000)`
