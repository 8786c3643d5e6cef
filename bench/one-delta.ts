import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { inTurn, median } from './measure.js'
import { planned } from './projects.js'
import { figureRatio, type Row } from './rows.js'

/** Statements in order; one with `only_if` is sent when the query before it answered that. */
export type Way = readonly { readonly sql: string; readonly only_if?: string; readonly purpose?: string }[]

/** A delta that is applied to one file in several ways, which have to leave the same. */
export interface OneDelta {
  readonly title: string
  readonly dir: string
  readonly ways: Readonly<Record<string, Way>>
  /** A query of one cell that tells one result from another. */
  readonly fingerprint: string
  /** The ways by hand that `ours` is compared with; those without a bar are shown alone. */
  readonly bars: Readonly<Record<string, number | undefined>>
}

/** The statements of the real plan of a project's model `target`, inside its transaction. */
export function ourWay(dir: string, environment: Readonly<Record<string, string>> = {}): Way {
  const [node] = planned(dir, ['--select', 'target'], environment)
  if (node?.action !== 'apply') throw new Error(`expected a delta to apply, got ${node?.action}`)
  return node.statements.filter(({ purpose }) => purpose !== 'transaction')
}

/** Statements by hand around a staged delta. */
export function staged(delta: string, statements: readonly string[]): Way {
  return [`create temp table delta as ${delta}`, ...statements, 'drop table delta'].map((sql) => ({ sql }))
}

/** The engine's time alone. */
export async function compareWays({ title, dir, ways, fingerprint, bars }: OneDelta, rounds: number): Promise<Row[]> {
  const spent = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]))
  const results = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of inTurn(Object.entries(ways), round)) {
      const { cpuMs, result } = await measured(dir, way, fingerprint)
      spent.get(name)?.push(cpuMs)
      results.add(result)
    }
  }
  if (results.size !== 1) throw new Error(`the ways differ: ${[...results].join(' | ')}`)
  const ours = spent.get('ours') ?? []
  return Object.entries(bars).map(([name, bar]) => {
    const hand = spent.get(name) ?? []
    const note = `CPU ms: fft ${median(ours).toFixed(0)}, by hand ${median(hand).toFixed(0)}`
    return { ...figureRatio(`${title} : by hand (${name})`, ours, hand, bar), note }
  })
}

/** What a way costs on the file as it was; what it did is taken back. */
async function measured(dir: string, way: Way, fingerprint: string) {
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
