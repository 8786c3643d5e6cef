/**
 * What a node costs on Databricks: statements sent, commits of its table, and seconds, on a local Spark with Delta.
 * Needs `npm run spark:install`; run by itself: `npx jiti bench/databricks.ts`.
 */
import { adapterOf, type Connection } from '../src/adapters/index.js'
import { text } from '../src/core/index.js'
import { faultyProxy } from '../test/databricks/faulty-proxy.js'
import { projectFolder } from '../test/support/project-folder.js'
import { runFft } from '../test/support/run-fft.js'
import { sparkSettings } from '../tools/spark/answers.js'
import { startSpark } from '../tools/spark/server.js'

const select = "select id, t, v from {{ source('raw', 'src') }}"

const models: readonly (readonly [name: string, config: string])[] = [
  ['table', "materialized='table'"],
  ['view', "materialized='view'"],
  ['merge', "unique_key='id', updated_at='t'"],
  ['append', "strategy='append', updated_at='t'"],
  ['delete+insert', "strategy='delete+insert', unique_key='id'"],
]

const rows = Number(process.argv[2] ?? 10_000)

const server = await startSpark()
console.log(
  `Spark listens after ${seconds(server.listeningMs)}, answers after ${seconds(server.answeringMs)}; ${rows} rows`,
)
const proxy = await faultyProxy(server)
const settings = sparkSettings(proxy.place, 'bench')
const profile = { env: 'bench', engine: 'databricks' as const, settings: sparkSettings(server), sources: [], vars: {} }
const warehouse = await (await adapterOf('databricks')).open({ profile, waitLockMs: 0 })
const connection = await warehouse.connect()
const folder = await projectFolder({ engine: 'databricks', databricks: settings })
try {
  await execute('create schema bench')
  await execute(
    `create table bench.src using delta as select id, timestamp_seconds(id) as t, concat('name ', id) as v from range(${rows})`,
  )
  await folder.write({ 'sources.yml': 'version: 2\nsources: [{name: raw, schema: bench, tables: [{name: src}]}]\n' })
  // The first statements of each kind are compiled by the server.
  await measure('warm-up', "unique_key='id', updated_at='t'")
  for (const [name, config] of models) await measure(name, config)
} finally {
  await folder.end()
  await warehouse.close()
  await proxy.close()
  await server.stop()
}

/** Builds a model, changes a hundredth of its source, and builds it again. */
async function measure(name: string, config: string): Promise<void> {
  await folder.write({ 'models/m.ff.sql': `{{ config(${config}) }}\n${select}\n` })
  await execute('drop view if exists bench.m').catch(() => execute('drop table if exists bench.m'))
  for (const round of ['first', 'second']) {
    if (round === 'second')
      await execute(`update bench.src set v = concat(v, '!'), t = t + interval 1 year where id % 100 = 0`)
    const [before, began] = [proxy.reached('ExecuteStatement'), performance.now()]
    const commitsBefore = await commits(connection)
    const { code, nodes, stderr } = await runFft(['run'], folder.dir)
    if (code !== 0) throw new Error(stderr)
    const node = nodes['m']
    if (name === 'warm-up') continue
    const sent = proxy.reached('ExecuteStatement') - before
    const made = (await commits(connection)) - commitsBefore
    console.log(
      `${name.padEnd(14)} ${round.padEnd(7)} ${String(sent).padStart(3)} statements in the run  ${made} commits of the table  ${seconds(performance.now() - began)}  ${node?.detail ?? ''}`,
    )
  }
}

async function commits(on: Connection): Promise<number> {
  const history = await on.query(text('describe history bench.m')).catch(() => undefined)
  return history?.rows.length ?? 0
}

async function execute(sql: string): Promise<void> {
  await connection.execute(text(sql))
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
