import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection, Warehouse } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import { queriesOnFile } from '../support/duckdb-file.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { compileFolder, openCompiled, openRunner, type StageRunner } from '../support/stage-runner.js'
import type { Scenario } from './scenarios.js'
import { type Watch, watched } from './watched.js'

/** What is in a database. */
export interface Contents {
  /** The relation's kind, columns and rows, in one text; `nothing` when it is not there. */
  readonly relation: string
  readonly watermarks: string
  readonly leftovers: readonly string[]
}

/** A scenario made ready: the folder, the state before the run that is killed, and the one after it when it is not. */
export interface Stage {
  readonly folder: ProjectFolder
  readonly old: Contents
  readonly wanted: Contents
  /** How many calls reach the engine in the whole run. */
  readonly calls: number
  /** A copy of the database before the run. */
  copy(name: string): Promise<string>
  /** Opens a database, which replays what a killed process wrote; the caller closes it. */
  open(path: string, watch?: Watch): Promise<StageRunner>
}

export async function setStage(scenario: Scenario): Promise<Stage> {
  const { first, before, between, files, types, fullRefresh } = scenario
  const folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'crash.duckdb', settings: { threads: 1 } } })
  const saved = join(folder.dir, 'crash.duckdb')
  await queriesOnFile(saved, before)
  if (first !== undefined) {
    await folder.write(first)
    await endWell(await openRunner(folder.dir, { types }))
  }
  await queriesOnFile(saved, between)
  await folder.remove('models')
  await folder.write(files)
  const compiled = await compileFolder(folder.dir, types)
  const open = (path: string, watch: Watch = {}) =>
    openCompiled(compiled, { path, decorate: (warehouse) => watched(warehouse, watch) })
  const copy = async (name: string) => {
    const path = join(folder.dir, `${name}.duckdb`)
    await copyFile(saved, path)
    return path
  }
  const path = await copy('whole')
  let calls = 0
  const count = (call: number) => {
    calls = call
  }
  const runner = await open(path, { before: count })
  await endWell(runner, fullRefresh)
  const [old, wanted] = [await contentsOf(saved, open, scenario), await contentsOf(path, open, scenario)]
  return { folder, old, wanted, calls, copy, open }
}

async function contentsOf(path: string, open: Stage['open'], scenario: Scenario): Promise<Contents> {
  const runner = await open(path)
  try {
    return await contents(runner.warehouse, scenario)
  } finally {
    await runner.close()
  }
}

async function endWell(runner: StageRunner, fullRefresh = false): Promise<void> {
  try {
    const { results } = await runner.run({ fullRefresh })
    const failed = results.find(({ failure }) => failure !== undefined)
    if (failed !== undefined) throw new Error(`${failed.id}: ${failed.failure?.message}`)
  } finally {
    await runner.close()
  }
}

/** Reads everything that a run may have touched. */
export async function contents(warehouse: Warehouse, { relation }: Pick<Scenario, 'relation'>): Promise<Contents> {
  const connection = await warehouse.connect()
  try {
    const tables = await rowsOf(
      connection,
      'select schema_name, table_name from duckdb_tables() union all select schema_name, view_name from duckdb_views() where not internal',
    )
    const has = (schema: string, name: string) => tables.some(([s, n]) => s === schema && n === name)
    const newest = 'from _fft.watermarks qualify version = max(version) over (partition by relation)'
    const marks = has('_fft', 'watermarks')
      ? await rowsOf(
          connection,
          `select column_name, value from (select * ${newest}) where action <> 'forget' order by all`,
        )
      : []
    return {
      relation: has('main', relation) ? await relationText(connection, relation) : 'nothing',
      watermarks: JSON.stringify(marks),
      leftovers: tables.map(([, name]) => name ?? '').filter((name) => name.startsWith('__fft_')),
    }
  } finally {
    await connection.close()
  }
}

async function relationText(connection: Connection, relation: string): Promise<string> {
  const kind = await rowsOf(
    connection,
    `select table_type from information_schema.tables where table_schema = 'main' and table_name = '${relation}'`,
  )
  const described = await rowsOf(connection, `describe main."${relation}"`)
  return JSON.stringify([kind, described, await rowsOf(connection, `select * from main."${relation}" order by all`)])
}

async function rowsOf(connection: Connection, sql: string) {
  return (await connection.query(text(sql))).rows
}
