/**
 * Measures `fft` beside what its work costs at least. `npm run bench` runs everything; names choose parts of the
 * suite, `--rounds n` how often each figure is taken (default 7). Ends with 1 when a bar is missed.
 */
import { cpus, totalmem } from 'node:os'
import { codeModel } from './code-model.js'
import { firstRun } from './first-run.js'
import { emptyNode, measure, median, wall } from './measure.js'
import { parse } from './parse.js'
import { parseMany } from './parse-many.js'
import { type Bench, isOver, type Row, table } from './rows.js'
import { secondRun } from './second-run.js'
import { seed } from './seed.js'
import { startUp } from './start-up.js'

const suite: Readonly<Record<string, () => Promise<Bench>>> = {
  'start-up': async () => startUp,
  'second-run': async () => secondRun,
  'first-run': async () => firstRun,
  parse: async () => parse,
  'parse-many': async () => parseMany,
  seed: async () => seed,
  'code-model': async () => codeModel,
  'postgres-merge': async () => (await import('./postgres.js')).postgresMerge,
  'postgres-seed': async () => (await import('./postgres.js')).postgresSeed,
  'postgres-nodes': async () => (await import('./postgres.js')).postgresNodes,
  'strategies-postgres': async () => (await import('./strategies.js')).strategiesOnPostgres,
  // Last, and loaded late: it works inside this process and leaves it large.
  merge: async () => (await import('./merge.js')).merge,
  'strategies-duckdb': async () => (await import('./strategies.js')).strategiesOnDuckDb,
  'windows-duckdb': async () => (await import('./windows.js')).windowsOnDuckDb,
  'change-data-duckdb': async () => (await import('./change-data.js')).changeDataOnDuckDb,
  'history-duckdb': async () => (await import('./history.js')).historyOnDuckDb,
}

const { names, rounds } = readArguments(process.argv.slice(2))
console.log(`${machine()}\n${spreadOfMachine()}`)
const rows: Row[] = []
for (const name of names) {
  const bench = await suite[name]?.()
  if (bench === undefined) throw new Error(`no bench '${name}': ${Object.keys(suite).join(', ')}`)
  console.error(`measuring ${name} …`)
  const measured = await bench(rounds)
  // As soon as they are known: the largest suites take many minutes.
  console.log(`\n${table(measured)}`)
  rows.push(...measured)
}
if (rows.some(isOver)) process.exitCode = 1

function readArguments(args: readonly string[]) {
  const at = args.indexOf('--rounds')
  const names = args.filter((each, index) => !each.startsWith('--') && (at === -1 || index !== at + 1))
  return { names: names.length === 0 ? Object.keys(suite) : names, rounds: at === -1 ? 7 : Number(args[at + 1]) }
}

function machine(): string {
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GB`
  return `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${memory}, Node ${process.versions.node}, median of ${rounds}`
}

/** How much the machine itself varies: figures closer to their bar than this say little. */
function spreadOfMachine(): string {
  const times = measure({ node: emptyNode }, 15).node.map(wall)
  const middle = median(times)
  const percent = (value: number) => `${(((value - middle) / middle) * 100).toFixed(0)} %`
  return `node -e 0: ${(middle * 1000).toFixed(0)} ms, from ${percent(Math.min(...times))} to +${percent(Math.max(...times))}`
}
