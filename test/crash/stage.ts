import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { queriesOnFile } from '../support/duckdb-file.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { openRunner } from '../support/stage-runner.js'
import type { Scenario } from './scenarios.js'
import { watched } from './watched.js'

/** What is in a database that no process has open. */
export interface Contents {
  /** The relation's columns, kind and rows, in one text; `nothing` when it is not there. */
  readonly relation: string
  readonly watermarks: string
  /** What a hook wrote. */
  readonly hooked: string
  readonly leftovers: readonly string[]
}

/** A scenario made ready: the folder, the state before the run that is killed, and the one after it when it is not. */
export interface Stage {
  readonly folder: ProjectFolder
  readonly path: string
  readonly old: Contents
  readonly wanted: Contents
  /** How many calls reach the engine in the whole run. */
  readonly calls: number
  /** Puts the database back to the state before the run. */
  restore(): Promise<void>
  /** Runs to the end. */
  rerun(): Promise<void>
}

export async function setStage(scenario: Scenario): Promise<Stage> {
  const { first, before, between, files, types, fullRefresh } = scenario
  const folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'crash.duckdb', settings: { threads: 1 } } })
  const path = join(folder.dir, 'crash.duckdb')
  const saved = join(folder.dir, 'saved.duckdb')
  await queriesOnFile(path, before)
  if (first !== undefined) {
    await folder.write(first)
    await run(folder.dir, scenario, { fullRefresh: false })
  }
  await queriesOnFile(path, between)
  await folder.write(files)
  const old = await contents(path, scenario)
  await copyFile(path, saved)
  const restore = async () => {
    await folder.remove('crash.duckdb.wal')
    await copyFile(saved, path)
  }
  const rerun = () => run(folder.dir, { types }, { fullRefresh }).then(() => undefined)
  const calls = await run(folder.dir, scenario, { fullRefresh })
  const wanted = await contents(path, scenario)
  return { folder, path, old, wanted, calls, restore, rerun }
}

/** Runs the project; gives the number of calls that reached the engine. */
async function run(dir: string, { types }: Pick<Scenario, 'types'>, flags: { fullRefresh: boolean }): Promise<number> {
  let calls = 0
  const count = () => {
    calls += 1
  }
  const runner = await openRunner(dir, (warehouse) => watched(warehouse, { before: count, isOn: () => true }), types)
  try {
    const { results } = await runner.run(flags)
    const failed = results.find(({ failure }) => failure !== undefined)
    if (failed !== undefined) throw new Error(`${failed.id}: ${failed.failure?.message}`)
    return calls
  } finally {
    await runner.close()
  }
}

/** Reads everything that a run may have touched. */
export async function contents(path: string, { relation }: Pick<Scenario, 'relation'>): Promise<Contents> {
  const [tables = []] = await queriesOnFile(path, [
    "select table_schema, table_name, table_type from information_schema.tables where table_catalog <> 'temp' order by all",
  ])
  const has = (schema: string, name: string) => tables.some(([s, n]) => s === schema && n === name)
  const read = async (schema: string, name: string, sql: string) =>
    has(schema, name) ? JSON.stringify((await queriesOnFile(path, [sql]))[0]) : 'nothing'
  const kind = tables.find(([schema, name]) => schema === 'main' && name === relation)?.[2] ?? 'nothing'
  const described = await read('main', relation, `describe main."${relation}"`)
  const rows = await read('main', relation, `select * from main."${relation}" order by all`)
  const newest = 'qualify version = max(version) over (partition by relation)'
  return {
    relation: `${kind} ${described} ${rows}`,
    watermarks: await read(
      '_fft',
      'watermarks',
      `select column_name, value from (select * from _fft.watermarks ${newest}) where action <> 'forget' order by all`,
    ).then((text) => (text === '[]' ? 'nothing' : text)),
    hooked: await read('main', 'hooked', 'select * from main.hooked'),
    leftovers: tables.map(([, name]) => name ?? '').filter((name) => name.startsWith('__fft_')),
  }
}
