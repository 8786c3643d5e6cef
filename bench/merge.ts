import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { fft, inTurn, median, run } from './measure.js'
import { createProject, planned } from './projects.js'
import type { Bench, Row } from './rows.js'

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
  const ways: Readonly<Record<string, Way>> = { ours: ofPlan(project), ...byHand(size, updatedAt) }
  await withDatabase(project, (connection) => checkSameResult(ways, connection))
  const found = await withDatabase(project, (connection) => times(ways, connection, rounds))
  return report(`merge of 100k rows into ${size / 1e6} M${updatedAt ? '' : ' without updated_at'}`, found)
}

async function withDatabase<Result>(project: string, use: (connection: DuckDBConnection) => Promise<Result>) {
  const instance = await DuckDBInstance.create(join(project, 'bench.duckdb'))
  const connection = await instance.connect()
  try {
    return await use(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
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

/** Statements in order; one with `only_if` is sent when the query before it answered that. */
type Way = readonly { readonly sql: string; readonly only_if?: string }[]

/** The statements of the real plan inside its transaction. */
function ofPlan(project: string): Way {
  const [node] = planned(project)
  if (node?.action !== 'apply') throw new Error(`expected a delta to apply, got ${node?.action}`)
  const [stage, ...rest] = node.statements.filter(({ purpose }) => purpose !== 'transaction')
  const staged = /^create temp table (\S+)/.exec(stage?.sql ?? '')?.[1]
  if (stage === undefined || staged === undefined) throw new Error('expected the plan to stage its delta first')
  // The plan asks for the columns before it goes on; `fft plan` has asked already.
  return [stage, { sql: `describe select * from ${staged}` }, ...rest]
}

/**
 * What a person would write: with the same checks and result, without them, and as MERGE. Without `updated_at` only
 * the values tell which rows changed, so the same result (equal rows are left alone and not counted) compares them.
 */
function byHand(size: number, updatedAt: boolean): Readonly<Record<string, Way>> {
  const stage = `create temp table delta as ${deltaSql(size)}`
  const check = 'select count(*) - count(id), count(id) - count(distinct id) from delta'
  const same = ['name', 'amount', 'updated_at'].map((name) => `delta.${name} is not distinct from target.${name}`)
  const leaveOut = `delete from delta using target where target.id = delta.id and ${same.join(' and ')}`
  const replace = 'delete from target using delta where target.id = delta.id'
  const insert = 'insert into target by name select * from delta'
  const matched = 'when matched then update set * when not matched then insert *'
  const clean = 'drop table delta'
  const way = (...statements: readonly string[]): Way => statements.map((sql) => ({ sql }))
  return {
    hand: updatedAt ? way(stage, check, replace, insert, clean) : way(stage, check, leaveOut, replace, insert, clean),
    ...(updatedAt ? {} : { rewriting: way(stage, check, replace, insert, clean) }),
    unchecked: way(stage, replace, insert, clean),
    merge: way(stage, `merge into target using delta on target.id = delta.id ${matched}`, clean),
  }
}

async function checkSameResult(ways: Readonly<Record<string, Way>>, connection: DuckDBConnection): Promise<void> {
  const sql =
    'select count(*), sum(id), sum(amount)::text, sum(hash(name))::text, sum(epoch_us(updated_at))::text from target'
  const results = new Set<string>()
  for (const way of Object.values(ways)) {
    await connection.run('begin')
    await send(way, connection)
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
  // MERGE last, for itself: what it updates widens the minima and maxima of the column's segments, a rollback does not
  // narrow them, and every later filter on the newest rows in this process would read the whole column.
  const { merge, ...others } = ways
  for (const group of [others, { ...(merge && { merge }) }]) {
    for (let round = 0; round < rounds; round++) {
      for (const [name, way] of inTurn(Object.entries(group), round)) found[name]?.push(await spentOn(way, connection))
    }
  }
  return found
}

async function spentOn(way: Way, connection: DuckDBConnection): Promise<Spent> {
  await connection.run('begin')
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await send(way, connection)
  const { user, system } = process.cpuUsage(cpu)
  const wallMs = performance.now() - start
  await connection.run('rollback')
  return { wallMs, cpuMs: (user + system) / 1000 }
}

async function send(way: Way, connection: DuckDBConnection): Promise<void> {
  let answer = ''
  for (const { sql, only_if } of way) {
    if (only_if !== undefined && only_if !== answer) continue
    const reader = await connection.runAndReadAll(sql)
    if (only_if === undefined) answer = String(reader.getRows()[0]?.[0])
  }
}

function report(what: string, { ours = [], ...others }: Times): readonly Row[] {
  const against = (name: string, words: string, atMost?: number): Row => {
    const base = others[name] ?? []
    const middle = (list: readonly Spent[], kind: keyof Spent) => median(list.map((each) => each[kind]))
    const ratios = (kind: keyof Spent) => ours.map((each, round) => each[kind] / (base[round]?.[kind] ?? Number.NaN))
    const pair = (kind: keyof Spent) =>
      `${middle(ours, kind).toFixed(0)} ms against ${middle(base, kind).toFixed(0)} ms`
    return {
      what: `${what} : ${words}`,
      // Round by round, so that a busy moment of the machine hits both.
      values: ratios('cpuMs'),
      unit: '×',
      ...(atMost === undefined ? {} : { bar: { atMost } }),
      note: `CPU ${pair('cpuMs')}; wall × ${median(ratios('wallMs')).toFixed(2)}, ${pair('wallMs')}`,
    }
  }
  return [
    against('hand', 'by hand with the same checks', 1.15),
    ...('rewriting' in others ? [against('rewriting', 'by hand, equal rows written again')] : []),
    against('unchecked', 'by hand, unchecked'),
    against('merge', 'MERGE'),
  ]
}
