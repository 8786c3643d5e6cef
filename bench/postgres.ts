import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { type PostgresServer, postgresServer } from '../test/postgres/server.js'
import { fft, inTurn, measure, median, run } from './measure.js'
import { createProject, planned } from './projects.js'
import { type Bench, figureRatio, type Row, ratio } from './rows.js'

/** Merges of 100k rows into a million on Postgres 15, without and with a unique index, beside those written by hand. */
export const postgresMerge: Bench = (rounds) =>
  withServer(async (server, client) => [
    ...(await merge(server, client, { rounds, isUnique: false })),
    ...(await merge(server, client, { rounds, isUnique: true })),
  ])

/** A seed of a million rows. */
export const postgresSeed: Bench = (rounds) => withServer((server, client) => seed(server, client, rounds))

/** Nodes that have nothing to do: their time beside the statements, and their round trips. */
export const postgresNodes: Bench = (rounds) => withServer((server) => nodes(server, rounds))

async function withServer<T>(work: (server: PostgresServer, client: pg.Client) => Promise<T>): Promise<T> {
  const server = await postgresServer(15)
  const client = new pg.Client({ connectionString: server.dsn() })
  await client.connect()
  try {
    return await work(server, client)
  } finally {
    await client.end()
  }
}

function project(name: string, dsn: string, files: Readonly<Record<string, string>>): string {
  const profile = `dev:\n  engine: postgres\n  postgres: {dsn: '${dsn}', schema: bench}\n`
  return createProject(name, { 'profiles.yml': profile, ...files })
}

const deltaRows = 100_000
const size = 1_000_000

/** The first two thirds of the delta are keys of the target, spread over all of it. */
const deltaSql = `select ${id(`i * ${Math.floor(size / ((deltaRows * 2) / 3))}`)} as id, 'name ' || i as name, (i * 1.5)::numeric(18, 2) as amount,
  timestamp '2025-01-01' + i * interval '1 second' as updated_at from generate_series(0, ${deltaRows - 1}) as i`

function id(update: string): string {
  return `(case when i < ${Math.floor((deltaRows * 2) / 3)} then ${update} else ${size} + i end)::bigint`
}

const fullSql = `select i::bigint as id, 'name ' || i as name, (i * 1.5)::numeric(18, 2) as amount,
  timestamp '2024-01-01' + i * interval '1 second' as updated_at from generate_series(0, ${size - 1}) as i`

const model = `{{ config(materialized='incremental', unique_key='id', updated_at='updated_at') }}
{% if is_incremental() %}
${deltaSql}
{% else %}
${fullSql}
{% endif %}
`

interface MergeCase {
  readonly rounds: number
  readonly isUnique: boolean
}

/** Statements in order; one with `only_if` is sent when the query before it answered that. */
type Way = readonly { readonly sql: string; readonly only_if?: string }[]

async function merge(server: PostgresServer, client: pg.Client, { rounds, isUnique }: MergeCase) {
  await client.query('drop schema if exists bench cascade')
  const dir = project('pg-merge', server.dsn(), { 'models/target.ff.sql': model })
  run(fft(dir, 'run', '--full-refresh'))
  if (isUnique) await client.query('create unique index on bench.target (id)')
  await client.query('vacuum analyze bench.target')
  const ways: Readonly<Record<string, Way>> = { ours: ofPlan(dir), ...byHand(isUnique) }
  await checkSameResult(ways, client)
  const found = await times(ways, client, rounds)
  return report(`Postgres: merge of 100k rows into 1 M, ${isUnique ? 'unique index' : 'no index'}`, found)
}

/** The statements of the real plan inside its transaction. */
function ofPlan(dir: string): Way {
  const [node] = planned(dir)
  if (node?.action !== 'apply') throw new Error(`expected a delta to apply, got ${node?.action}`)
  return node.statements.filter(({ purpose }) => purpose !== 'transaction')
}

/** What a person would write, with the checks of the key that fft makes. */
function byHand(isUnique: boolean): Readonly<Record<string, Way>> {
  const stage = `create temp table delta on commit drop as ${deltaSql}`
  const check = 'select count(*) - count(id), count(id) - count(distinct id) from delta'
  const replace = 'delete from bench.target as t using delta as d where t.id = d.id'
  const columns = 'id, name, amount, updated_at'
  const insert = `insert into bench.target (${columns}) select ${columns} from delta`
  const set = 'name = d.name, amount = d.amount, updated_at = d.updated_at'
  const matched = `when matched then update set ${set} when not matched then insert (${columns}) values (d.id, d.name, d.amount, d.updated_at)`
  const conflict = `${insert} on conflict (id) do update set ${set.replaceAll('d.', 'excluded.')}`
  const way = (...statements: readonly string[]): Way => statements.map((sql) => ({ sql }))
  return {
    'delete + insert': way(stage, check, replace, insert),
    'delete + insert, analyzed': way(stage, 'analyze delta', check, replace, insert),
    MERGE: way(stage, check, `merge into bench.target as t using delta as d on t.id = d.id ${matched}`),
    ...(isUnique ? { 'ON CONFLICT': way(stage, check, conflict) } : {}),
  }
}

async function checkSameResult(ways: Readonly<Record<string, Way>>, client: pg.Client): Promise<void> {
  const sql =
    'select count(*), sum(id), sum(amount), sum(hashtext(name)::bigint), sum(extract(epoch from updated_at)) from bench.target'
  const results = new Set<string>()
  for (const way of Object.values(ways)) {
    await client.query('begin')
    await send(way, client)
    results.add(JSON.stringify((await client.query(sql)).rows))
    await client.query('rollback')
  }
  if (results.size !== 1) throw new Error(`the ways to merge differ: ${[...results].join(' | ')}`)
}

interface Spent {
  readonly wallMs: number
  /** Of the server's process; 0 where the system does not tell. */
  readonly cpuMs: number
}

type Times = Readonly<Record<string, readonly Spent[]>>

async function times(ways: Readonly<Record<string, Way>>, client: pg.Client, rounds: number): Promise<Times> {
  const found = Object.fromEntries(Object.keys(ways).map((name) => [name, [] as Spent[]]))
  const pid = Number((await client.query('select pg_backend_pid() as pid')).rows[0].pid)
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of inTurn(Object.entries(ways), round)) found[name]?.push(await spentOn(way, client, pid))
  }
  return found
}

async function spentOn(way: Way, client: pg.Client, pid: number): Promise<Spent> {
  // Rows that the round before has put in and taken back would be read again and again.
  await client.query('vacuum bench.target')
  await client.query('begin')
  const [start, cpu] = [performance.now(), cpuMs(pid)]
  await send(way, client)
  const spent = { wallMs: performance.now() - start, cpuMs: cpuMs(pid) - cpu }
  await client.query('rollback')
  return spent
}

async function send(way: Way, client: pg.Client): Promise<void> {
  let answer: string | undefined
  for (const { sql, only_if } of way) {
    if (only_if !== undefined && only_if !== answer) continue
    const result: unknown = await client.query({ text: sql, rowMode: 'array' })
    if (only_if === undefined && !Array.isArray(result)) answer = String((result as pg.QueryArrayResult).rows[0]?.[0])
  }
}

/** User and system time of a process, in ticks of 10 ms. */
function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return 0
  }
}

/** Beside the fastest of the other ways; the others are told, too. */
function report(what: string, { ours = [], ...others }: Times): readonly Row[] {
  const middle = (list: readonly Spent[], kind: keyof Spent) => median(list.map((each) => each[kind]))
  const [best = ''] = Object.keys(others).toSorted(
    (a, b) => middle(others[a] ?? [], 'wallMs') - middle(others[b] ?? [], 'wallMs'),
  )
  const wall = (list: readonly Spent[]) => list.map(({ wallMs }) => wallMs)
  const shown = (list: readonly Spent[]) =>
    `${middle(list, 'wallMs').toFixed(0)} (CPU ${middle(list, 'cpuMs').toFixed(0)})`
  const all = Object.entries(others).map(([name, list]) => `${name} ${shown(list)}`)
  const cpuRatio = middle(ours, 'cpuMs') / middle(others[best] ?? [], 'cpuMs')
  const note = `ms: fft ${shown(ours)}, ${all.join(', ')}; CPU × ${cpuRatio.toFixed(2)}`
  return [{ ...figureRatio(`${what} : fastest by hand (${best})`, wall(ours), wall(others[best] ?? []), 1.15), note }]
}

const seedSql = `select i as id, 'customer ' || (i % 5000) as name, i * 1.25 as amount, date '2020-01-01' + (i % 1500) as day,
  timestamp '2020-01-01' + i * interval '1 second' as created_at, i % 2 = 0 as open, 'some words, "quoted"' as note, i % 97 as code
  from generate_series(0, 999999) as i`

const driver = pathToFileURL(createRequire(import.meta.url).resolve('pg')).href

/** A file of a million rows, beside a program that streams the same file into COPY and knows the types beforehand. */
async function seed(server: PostgresServer, client: pg.Client, rounds: number): Promise<readonly Row[]> {
  await client.query('drop schema if exists bench cascade; create schema bench')
  const dir = project('pg-seed', server.dsn(), {})
  const file = join(dir, 'seeds', 'big.csv')
  mkdirSync(dirname(file))
  await writeCsv(server, file)
  const script = join(dir, 'by-hand.mjs')
  writeFileSync(script, handScript(server.dsn(), file))
  const costs = measure({ hand: { args: [script], cwd: dir }, seed: fft(dir, 'seed') }, rounds)
  return [ratio('Postgres: seed of 1 M rows × 8 columns : plain COPY stream', costs.seed, costs.hand, 1.2)]
}

async function writeCsv(server: PostgresServer, file: string): Promise<void> {
  // The server runs as somebody else, who may not write here.
  const client = new pg.Client({ connectionString: server.dsn() })
  await client.connect()
  const lines = ['id,name,amount,day,created_at,open,note,code']
  const { rows } = await client.query({ text: `select line from (${csvSql}) as lines`, rowMode: 'array' })
  writeFileSync(file, `${[...lines, ...rows.map(([line]) => String(line))].join('\n')}\n`)
  await client.end()
}

const csvSql = `select concat_ws(',', id, name, amount, day, created_at, open::text, '"some words, ""quoted"""', code) as line from (${seedSql}) as rows`

function handScript(dsn: string, file: string): string {
  return `import { createReadStream } from 'node:fs'
import pg from '${driver}'
const client = new pg.Client({ connectionString: '${dsn}' })
await client.connect()
await client.query('drop table if exists bench.hand; create table bench.hand (id bigint, name text, amount double precision, day date, created_at timestamp, open boolean, note text, code bigint)')
await new Promise((resolve, reject) => {
  let wire
  client.query({
    submit: (connection) => { wire = connection; wire.query('copy bench.hand from stdin with (format csv, header true)') },
    async handleCopyInResponse() {
      for await (const chunk of createReadStream('${file}', { highWaterMark: 1 << 18 })) {
        wire.sendCopyFromChunk(chunk)
        if (wire.stream.writableNeedDrain) await new Promise((drained) => wire.stream.once('drain', drained))
      }
      wire.endCopyFrom()
    },
    handleCommandComplete() {},
    handleReadyForQuery: resolve,
    handleError: reject,
  })
})
await client.end()
`
}

const nodeCount = 20

/** Nodes that have nothing to do, one after the other: what they take beside their statements, and their round trips. */
async function nodes(server: PostgresServer, rounds: number): Promise<readonly Row[]> {
  const counter = await countingProxy(server)
  const dsn = server.dsn().replace(`:${server.port}/`, `:${counter.port}/`)
  const rows: Row[] = []
  for (const [kind, body] of Object.entries(idleModels)) {
    const files = Array.from({ length: nodeCount }, (_, index) => [`models/${kind}${index}.ff.sql`, body] as const)
    const dir = project(`pg-${kind}`, dsn, Object.fromEntries(files))
    const one = project(`pg-${kind}-one`, dsn, { [`models/${kind}0.ff.sql`]: body })
    for (const each of [dir, one]) await runNodes(each)
    const overheads: number[] = []
    for (let round = 0; round < rounds; round++) overheads.push(await runNodes(dir))
    counter.trips = 0
    await runNodes(dir)
    const many = counter.trips
    counter.trips = 0
    await runNodes(one)
    const trips = (many - counter.trips) / (nodeCount - 1)
    const values = overheads.map((ms) => ms / 1000)
    rows.push({
      what: `Postgres: ${kind} without work : time beside its statements`,
      values,
      unit: 's',
      bar: { atMost: 0.012 },
      note: `${trips.toFixed(1)} round trips a node`,
    })
  }
  counter.server.close()
  return rows
}

const idleModels: Readonly<Record<string, string>> = {
  view: "{{ config(materialized='view') }}\nselect 1 as id",
  table: "{{ config(materialized='table') }}\nselect 1 as id",
  incremental:
    "{{ config(materialized='incremental', unique_key='id', updated_at='t') }}\nselect 1 as id, timestamp '2024-01-01' as t\n{% if is_incremental() %}where false{% endif %}",
}

interface LoggedEvent {
  readonly type: string
  readonly duration_ms?: number
}

/** A run on one connection; milliseconds a node beside its statements. */
async function runNodes(dir: string): Promise<number> {
  const { args } = fft(dir, 'run', '--jobs', '1', '--cache', 'off', '-v', '--log-format', 'json')
  // The counting proxy works in this process, so nothing may block it.
  const { stderr } = await promisify(execFile)(process.execPath, [...args], { cwd: dir, encoding: 'utf8' })
  const events = stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LoggedEvent)
  const sum = (type: string) =>
    events.filter((event) => event.type === type).reduce((total, event) => total + (event.duration_ms ?? 0), 0)
  const count = events.filter(({ type }) => type === 'node_finished').length
  return (sum('node_finished') - sum('statement')) / count
}

interface Counter {
  readonly server: Server
  readonly port: number
  /** Answers that ended with "ready for the next query". */
  trips: number
}

const ready = Buffer.from([0x5a, 0, 0, 0, 5])

function countingProxy({ host, port }: PostgresServer): Promise<Counter> {
  return new Promise((resolve) => {
    const proxy = createServer((client) => {
      const server = connect(port, host)
      client.pipe(server)
      server.on('data', (data) => {
        for (let at = data.indexOf(ready); at !== -1; at = data.indexOf(ready, at + 1)) counter.trips++
        client.write(data)
      })
      server.on('close', () => client.destroy())
      client.on('close', () => server.destroy())
      for (const socket of [client, server]) socket.on('error', () => {})
    })
    const counter = { server: proxy, port: 0, trips: 0 }
    proxy.listen(0, '127.0.0.1', () => {
      counter.port = (proxy.address() as AddressInfo).port
      resolve(counter)
    })
  })
}
