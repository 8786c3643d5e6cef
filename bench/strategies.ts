import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { postgresServer } from '../test/postgres/server.js'
import { fft, inTurn, median, run } from './measure.js'
import { createProject, planned } from './projects.js'
import { type Bench, figureRatio, type Row } from './rows.js'
import { fullSql, type StrategyCase, strategyCases, type Words } from './strategy-cases.js'

/** Deltas of 100,000 rows by each strategy into one and ten million, beside those written by hand; the engine's time alone. */
export const strategiesOnDuckDb: Bench = (rounds) => strategies('DuckDB', openDuckDb, rounds)

/** The same on Postgres. */
export const strategiesOnPostgres: Bench = (rounds) => strategies('Postgres', openPostgres, rounds)

// With `FFT_BENCH_MILLIONS` one size alone is measured.
const asked = Number(process.env['FFT_BENCH_MILLIONS'] ?? 0)
const sizes = asked > 0 ? [asked * 1_000_000] : [1_000_000, 10_000_000]

/** A project and a connection to its warehouse. */
interface Side {
  readonly dir: string
  readonly words: Words
  /** Before the first statement is sent: `fft` may hold the file until then. */
  connect(): Promise<void>
  /** Gives the first cell. */
  send(sql: string): Promise<string | undefined>
  /** Time that the engine's threads have worked, from some moment on. */
  cpuMs(): number
  /** Takes away what the round before has left, which the next one would pay for. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** Statements in order; one with `only_if` is sent when the query before it answered that. */
type Way = readonly { readonly sql: string; readonly only_if?: string }[]

async function strategies(engine: string, open: (name: string) => Promise<Side>, rounds: number) {
  const rows: Row[] = []
  const spent = new Map<string, readonly number[]>()
  for (const size of sizes) {
    const side = await open(`strategies-${size}`)
    const cases = strategyCases(side.words, size)
    writeModel(side, cases[0], size)
    run(fft(side.dir, 'run'))
    // The plans are taken before anything else holds the file.
    const plans = cases.map((each) => planOf(side, each, size))
    await side.connect()
    for (const [index, each] of cases.entries()) {
      const ways = { ours: plans[index] ?? [], ...byHand(each), unchecked: staged(each, each.unchecked) }
      await checkSameResult(side, ways)
      const times = await timesOf(side, ways, rounds)
      rows.push(...report(`${engine}: ${each.name}, ${size / 1e6} M`, times))
      const before = spent.get(each.name)
      const ours = cpu(times['ours'])
      if (before !== undefined)
        rows.push(figureRatio(`${engine}: ${each.name}, from 1 M to 10 M : itself`, ours, before))
      spent.set(each.name, ours)
    }
    await side.close()
  }
  return rows
}

function writeModel({ dir, words }: Side, each: StrategyCase | undefined, size: number): void {
  const { config = '', delta = '', isWhole } = each ?? {}
  const test = isWhole ? "var('later', false)" : 'is_incremental()'
  const body = `{% if ${test} %}\n${delta}\n{% else %}\n${fullSql(words, size)}\n{% endif %}`
  writeFileSync(join(dir, 'models', 'target.ff.sql'), `{{ config(${config}) }}\n${body}\n`)
}

/** The statements of the real plan inside its transaction. */
function planOf(side: Side, each: StrategyCase, size: number): Way {
  writeModel(side, each, size)
  const [node] = planned(side.dir, ['--vars', 'later: true'])
  if (node?.action !== 'apply') throw new Error(`expected a delta to apply, got ${node?.action}`)
  return node.statements.filter(({ purpose }) => purpose !== 'transaction')
}

function byHand(each: StrategyCase): Readonly<Record<string, Way>> {
  return Object.fromEntries(Object.entries(each.hand).map(([name, statements]) => [name, staged(each, statements)]))
}

function staged({ delta }: StrategyCase, statements: readonly string[]): Way {
  return [`create temp table delta as ${delta}`, ...statements, 'drop table delta'].map((sql) => ({ sql }))
}

const fingerprint = (target: string) =>
  `select concat_ws(' ', count(*), sum(id), sum(amount), sum(length(name)), sum(length(status)), sum(cast(extract(epoch from updated_at) as bigint)), sum(day - date '2020-01-01')) from ${target}`

async function checkSameResult(side: Side, ways: Readonly<Record<string, Way>>): Promise<void> {
  const results = new Map<string, string | undefined>()
  for (const [name, way] of Object.entries(ways)) {
    await side.send('begin')
    await send(side, way)
    results.set(name, await side.send(fingerprint(side.words.target)))
    await side.send('rollback')
  }
  const checked = [...results].filter(([name]) => name !== 'unchecked').map(([, result]) => result)
  if (new Set(checked).size !== 1) throw new Error(`the ways differ: ${JSON.stringify([...results])}`)
}

interface Spent {
  readonly wallMs: number
  readonly cpuMs: number
}

type Times = Readonly<Record<string, readonly Spent[]>>

/** What each round took, by the names of the ways. */
async function timesOf(side: Side, ways: Readonly<Record<string, Way>>, rounds: number): Promise<Times> {
  const entries = Object.entries(ways)
  const found: Record<string, Spent[]> = Object.fromEntries(entries.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of inTurn(entries, round)) {
      await side.settle()
      await side.send('begin')
      const [start, cpu] = [performance.now(), side.cpuMs()]
      await send(side, way)
      found[name]?.push({ wallMs: performance.now() - start, cpuMs: side.cpuMs() - cpu })
      await side.send('rollback')
    }
  }
  return found
}

async function send(side: Side, way: Way): Promise<void> {
  let answer: string | undefined
  for (const { sql, only_if } of way) {
    if (only_if !== undefined && only_if !== answer) continue
    const told = await side.send(sql)
    if (only_if === undefined) answer = told
  }
}

/** Time at work, which another program on the machine makes no longer. */
const cpu = (list: readonly Spent[] = []) => list.map(({ cpuMs }) => cpuMs)

/** Beside the way by hand that is the least work; and beside the one without checks. */
function report(what: string, { ours = [], unchecked = [], ...hand }: Times): readonly Row[] {
  const [best = ''] = Object.keys(hand).toSorted((a, b) => median(cpu(hand[a])) - median(cpu(hand[b])))
  const middle = (list: readonly Spent[]) => median(list.map(({ wallMs }) => wallMs)).toFixed(0)
  const told = Object.entries({ fft: ours, ...hand, unchecked }).map(
    ([name, list]) => `${name} ${median(cpu(list)).toFixed(0)} (wall ${middle(list)})`,
  )
  return [
    {
      ...figureRatio(`${what} : by hand (${best})`, cpu(ours), cpu(hand[best]), 1.1),
      note: `CPU ms: ${told.join(', ')}`,
    },
    figureRatio(`${what} : unchecked`, cpu(ours), cpu(unchecked)),
  ]
}

async function openDuckDb(name: string): Promise<Side> {
  const dir = createProject(name, { 'models/target.ff.sql': 'select 1 as id' })
  const opened: { close?: () => void; send?: (sql: string) => Promise<string | undefined> } = {}
  const connect = async () => {
    const instance = await DuckDBInstance.create(join(dir, 'bench.duckdb'))
    const connection = await instance.connect()
    opened.send = async (sql) => String((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
    opened.close = () => {
      connection.closeSync()
      instance.closeSync()
    }
  }
  return {
    dir,
    words: { target: 'target', series: (count) => `range(${count}) as r(i)` },
    connect,
    send: async (sql) => opened.send?.(sql),
    cpuMs: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    },
    // An UPDATE widens the minima and maxima of a column's segments, and a rollback does not narrow them: the next filter
    // on the newest rows would read the whole column. Opened again and read once, the file is as it was.
    settle: async () => {
      opened.close?.()
      await connect()
      await opened.send?.(fingerprint('target'))
    },
    close: async () => opened.close?.(),
  }
}

async function openPostgres(name: string): Promise<Side> {
  const server = await postgresServer(15)
  const client = new pg.Client({ connectionString: server.dsn() })
  await client.connect()
  await client.query('drop schema if exists bench cascade')
  const dir = createProject(name, {
    'profiles.yml': `dev:\n  engine: postgres\n  postgres: {dsn: '${server.dsn()}', schema: bench}\n`,
    'models/target.ff.sql': 'select 1 as id',
  })
  const send = async (sql: string) => {
    const result: unknown = await client.query({ text: sql, rowMode: 'array' })
    return Array.isArray(result) ? undefined : String((result as pg.QueryArrayResult).rows[0]?.[0])
  }
  const pid = Number(await send('select pg_backend_pid()'))
  return {
    dir,
    words: { target: 'bench.target', series: (count) => `generate_series(0, ${count - 1}) as i` },
    connect: async () => void (await client.query('vacuum analyze bench.target')),
    send,
    cpuMs: () => serverMs(pid),
    // Rows that the round before has put in and taken back would be read again and again.
    settle: async () => void (await client.query('vacuum bench.target')),
    close: async () => {
      await client.query('drop schema if exists bench cascade')
      await client.end()
    },
  }
}

/** User and system time of a process, in ticks of 10 ms. */
function serverMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
