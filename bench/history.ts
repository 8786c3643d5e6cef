import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { fft, inTurn, median, run } from './measure.js'
import { createProject, planned } from './projects.js'
import { type Bench, figureRatio } from './rows.js'

const columns = 'id, name, amount, updated_at, valid_from, valid_to, is_current'

/** 100,000 versions, two thirds of known keys, into a history of a million, beside SQL by hand; the engine's time alone. */
export const historyOnDuckDb: Bench = async (rounds) => {
  const { dir, ways } = prepare()
  const spent = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]))
  const results = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of inTurn(Object.entries(ways), round)) {
      const { cpuMs, result } = await measured(dir, way)
      spent.get(name)?.push(cpuMs)
      results.add(result)
    }
  }
  if (results.size !== 1) throw new Error(`the ways differ: ${[...results].join(' | ')}`)
  const ours = spent.get('ours') ?? []
  return ['rebuild', 'in order only'].map((name) => {
    const hand = spent.get(name) ?? []
    const note = `CPU ms: fft ${median(ours).toFixed(0)}, by hand ${median(hand).toFixed(0)}`
    // Closing and inserting goes wrong when a version comes late: it is shown, and no bar.
    const bar = name === 'rebuild' ? 1.25 : undefined
    return { ...figureRatio(`DuckDB: scd2, 1 M : by hand (${name})`, ours, hand, bar), note }
  })
}

/** Statements in order; one with `only_if` is sent when the query before it answered that. */
type Way = readonly { readonly sql: string; readonly only_if?: string }[]

function prepare(): { readonly dir: string; readonly ways: Readonly<Record<string, Way>> } {
  const full = rowsSql('i', 'i', '2024-01-01', 1_000_000)
  const id = '(case when i < 66666 then i * 15 else 1000000 + i end)'
  const delta = rowsSql(id, '(i + 1)', '2034-01-01', 100_000)
  const config = "materialized='incremental', strategy='scd2', unique_key='id', updated_at='updated_at'"
  const body = `{% if is_incremental() %}\n${delta}\n{% else %}\n${full}\n{% endif %}`
  const dir = createProject('history', { 'models/target.ff.sql': `{{ config(${config}) }}\n${body}\n` })
  run(fft(dir, 'run'))
  const [node] = planned(dir)
  if (node?.action !== 'apply') throw new Error(`expected a delta to apply, got ${node?.action}`)
  const ours = node.statements.filter(({ purpose }) => purpose !== 'transaction')
  return { dir, ways: { ours, rebuild: staged(delta, rebuild), 'in order only': staged(delta, inOrder) } }
}

function rowsSql(id: string, value: string, from: string, count: number): string {
  return `select cast(${id} as bigint) as id, concat('name ', ${value}) as name, cast(${value} * 1.5 as decimal(18, 2)) as amount,
  timestamp '${from}' + i * interval '1 second' as updated_at from range(${count}) as r(i)`
}

const checks = [
  'select count(*) - count(id), count(updated_at) from delta',
  'select count(*) from (select id, updated_at from delta group by all having count(*) > 1)',
]
const source = 'id, name, amount, updated_at'
const ends = 'lead(updated_at) over (partition by id order by updated_at) as valid_to'
const insert = (from: string) =>
  `insert into target (${columns}) select ${source}, valid_from, valid_to, valid_to is null from ${from}`

const rebuild = [
  ...checks,
  `create temp table built as with events as (select ${source} from target where id in (select id from delta)
  and not exists (select 1 from delta where delta.id = target.id and delta.updated_at = target.valid_from)
  union all select ${source} from delta) select *, updated_at as valid_from, ${ends} from events`,
  'delete from target where id in (select id from delta)',
  insert('built'),
  'drop table built',
]

const inOrder = [
  ...checks,
  `create temp table news as select *, updated_at as valid_from, ${ends} from delta
  where not exists (select 1 from target where target.id = delta.id and target.valid_from = delta.updated_at)`,
  `update target set valid_to = news.began, is_current = false
  from (select id, min(valid_from) as began from news group by id) as news where target.id = news.id and target.valid_to is null`,
  insert('news'),
  'drop table news',
]

function staged(delta: string, statements: readonly string[]): Way {
  return [`create temp table delta as ${delta}`, ...statements, 'drop table delta'].map((sql) => ({ sql }))
}

const fingerprint = `select concat_ws(' ', count(*), sum(id), sum(length(name)), sum(amount), sum(epoch(valid_from)),
  sum(epoch(valid_to)), count(*) filter (is_current)) from target`

/** What a way costs on the file as it was; what it did is taken back. */
async function measured(dir: string, way: Way): Promise<{ readonly cpuMs: number; readonly result: string }> {
  const instance = await DuckDBInstance.create(join(dir, 'bench.duckdb'))
  const connection = await instance.connect()
  const send = async (sql: string) => String((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
  await send(fingerprint)
  await send('begin')
  const start = process.cpuUsage()
  let answer: string | undefined
  for (const { sql, only_if } of way) {
    if (only_if !== undefined && only_if !== answer) continue
    const told = await send(sql)
    if (only_if === undefined) answer = told
  }
  const { user, system } = process.cpuUsage(start)
  const result = await send(fingerprint)
  await send('rollback')
  connection.closeSync()
  instance.closeSync()
  return { cpuMs: (user + system) / 1000, result }
}
