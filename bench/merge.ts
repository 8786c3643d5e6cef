import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { fft, median, run } from './measure.js'
import { createProject, planned } from './projects.js'
import { type Bench, figureRatio, type Row } from './rows.js'

/** The merge of 100,000 rows, two thirds of them updates, beside hand-written SQL; times are the engine's calls alone. */
export const merge: Bench = async (rounds) => {
  const rows: Row[] = []
  for (const size of [1_000_000, 10_000_000]) {
    for (const updatedAt of [true, false]) rows.push(...(await mergeInto(size, updatedAt, rounds * 2)))
  }
  return rows
}

const deltaRows = 100_000

async function mergeInto(size: number, updatedAt: boolean, rounds: number): Promise<readonly Row[]> {
  const project = createProject(`merge-${size}`, { 'models/target.ff.sql': model(size, updatedAt) })
  run(fft(project, 'run'))
  const ways: Readonly<Record<string, Way>> = { ours: ofPlan(project), ...byHand(size) }
  const instance = await DuckDBInstance.create(join(project, 'bench.duckdb'))
  const connection = await instance.connect()
  await checkSameResult(ways, connection)
  const found = await times(ways, connection, rounds)
  connection.closeSync()
  instance.closeSync()
  return report(`merge of 100k rows into ${size / 1e6} M${updatedAt ? '' : ' without updated_at'}`, found)
}

/** The first two thirds of the delta are keys of the target, spread over all of it. */
function model(size: number, updatedAt: boolean): string {
  const newest = updatedAt ? ", updated_at='updated_at'" : ''
  return `{{ config(materialized='incremental', unique_key='id'${newest}) }}
{% if is_incremental() %}
${deltaSql(size)}
{% else %}
${selectSql('range', "timestamp '2024-01-01' + to_seconds(range)", size)}
{% endif %}
`
}

function deltaSql(size: number): string {
  const updates = Math.floor((deltaRows * 2) / 3)
  const id = `case when range < ${updates} then range * ${Math.floor(size / updates)} else ${size} + range end`
  return selectSql(id, "timestamp '2025-01-01' + to_seconds(range)", deltaRows)
}

function selectSql(id: string, updatedAt: string, rows: number): string {
  return `select ${id} as id, 'name ' || range as name, range * 1.5 as amount, ${updatedAt} as updated_at from range(${rows})`
}

/** A statement; or a statement with an answer that says how to go on. */
type Way = readonly string[]

/** The statements of the real plan inside its transaction. */
function ofPlan(project: string): Way {
  const [node] = planned(project)
  if (node?.action !== 'apply') throw new Error(`expected a delta to apply, got ${node?.action}`)
  const statements = node.statements.filter(({ purpose }) => purpose !== 'transaction').map(({ sql }) => sql)
  const [stage = '', ...rest] = statements
  const staged = /^create temp table (\S+)/.exec(stage)?.[1]
  // The plan asks for the columns before it goes on; `fft plan` has asked already.
  return [stage, `describe select * from ${staged}`, ...rest]
}

/** What a person would write: with the same checks, without them, and as MERGE. */
function byHand(size: number): Readonly<Record<string, Way>> {
  const stage = `create temp table delta as ${deltaSql(size)}`
  const check = 'select count(*) - count(id), count(id) - count(distinct id) from delta'
  const replace = 'delete from target using delta where target.id = delta.id'
  const insert = 'insert into target by name select * from delta'
  const matched = 'when matched then update set * when not matched then insert *'
  const clean = 'drop table delta'
  return {
    hand: [stage, check, replace, insert, clean],
    unchecked: [stage, replace, insert, clean],
    merge: [stage, `merge into target using delta on target.id = delta.id ${matched}`, clean],
  }
}

async function checkSameResult(ways: Readonly<Record<string, Way>>, connection: DuckDBConnection): Promise<void> {
  const sql =
    'select count(*), sum(id), sum(amount)::text, sum(hash(name))::text, sum(epoch_us(updated_at))::text from target'
  const results = new Set<string>()
  for (const way of Object.values(ways)) {
    await connection.run('begin')
    for (const statement of way) await connection.run(statement)
    results.add(String((await connection.runAndReadAll(sql)).getRows()))
    await connection.run('rollback')
  }
  if (results.size !== 1) throw new Error(`the ways to merge differ: ${[...results].join(' | ')}`)
}

interface Spent {
  readonly wallMs: number
  /** Of all threads. */
  readonly cpuMs: number
}

type Times = Readonly<Record<string, readonly Spent[]>>

async function times(
  ways: Readonly<Record<string, Way>>,
  connection: DuckDBConnection,
  rounds: number,
): Promise<Times> {
  const found = Object.fromEntries(Object.keys(ways).map((name) => [name, [] as Spent[]]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) found[name]?.push(await spentOn(way, connection))
  }
  return found
}

async function spentOn(way: Way, connection: DuckDBConnection): Promise<Spent> {
  await connection.run('begin')
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  for (const statement of way) await connection.run(statement)
  const { user, system } = process.cpuUsage(cpu)
  const wallMs = performance.now() - start
  await connection.run('rollback')
  return { wallMs, cpuMs: (user + system) / 1000 }
}

function report(what: string, { ours = [], ...others }: Times): readonly Row[] {
  const against = (name: string, words: string, bar?: number): Row => {
    const base = others[name] ?? []
    const middle = (list: readonly Spent[], kind: keyof Spent) => median(list.map((each) => each[kind]))
    const pair = (kind: keyof Spent) =>
      `${middle(ours, kind).toFixed(0)} ms against ${middle(base, kind).toFixed(0)} ms`
    const cpuRatio = (middle(ours, 'cpuMs') / middle(base, 'cpuMs')).toFixed(2)
    const wall = (list: readonly Spent[]) => list.map(({ wallMs }) => wallMs)
    const note = `${pair('wallMs')}; CPU × ${cpuRatio}, ${pair('cpuMs')}`
    return { ...figureRatio(`${what} : ${words}`, wall(ours), wall(base), bar), note }
  }
  return [
    against('hand', 'by hand with the same checks', 1.15),
    against('unchecked', 'by hand, unchecked'),
    against('merge', 'MERGE'),
  ]
}
