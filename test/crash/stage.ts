import type { Warehouse } from '../../src/adapters/index.js'
import type { CompiledSelection } from '../../src/app/compile-nodes.js'
import { text } from '../../src/core/index.js'
import { type Database, type Engine, settingsOf } from '../conformance/engines/index.js'
import { openByHand } from '../conformance/lab.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { compileFolder, openCompiled, openRunner, type StageRunner } from '../support/stage-runner.js'
import { type Contents, contents } from './contents.js'
import type { Scenario } from './scenarios.js'
import { type Watch, watched } from './watched.js'

/** A database before the run that is killed, and the project that runs on it. */
export interface Site {
  readonly dir: string
  readonly database: Database
}

/** A scenario made ready: the state before the run that is killed, and the one after it when it is not. */
export interface Stage {
  readonly old: Contents
  readonly wanted: Contents
  readonly isTransaction: boolean
  /** The calls that reach the engine in the whole run, by their names. */
  readonly calls: readonly string[]
  /** A site of its own: a copy where the engine copies databases, else made again. */
  site(): Promise<Site>
  /** Opens a site, which replays what a killed process wrote; the caller closes it. */
  open(site: Site, watch?: Watch): Promise<StageRunner>
  contents(site: Site): Promise<Contents>
  end(): Promise<void>
}

export async function setStage(scenario: Scenario, engine: Engine): Promise<Stage> {
  const ends: (() => Promise<void>)[] = []
  const saved = await makeSite(scenario, engine, ends)
  const site = async (): Promise<Site> => {
    const database = await saved.database.copy?.()
    if (database === undefined) return makeSite(scenario, engine, ends)
    ends.push(database.drop)
    return { dir: saved.dir, database }
  }
  const open = opener(scenario)
  const look = async (at: Site) => {
    const runner = await open(at)
    try {
      return await contents(runner.warehouse, at.database, scenario.relation)
    } finally {
      await runner.close()
    }
  }
  const whole = await site()
  const calls: string[] = []
  const runner = await open(whole, {
    before: (_, name) => {
      calls.push(name)
    },
  })
  const isTransaction = runner.warehouse.dialect.commits.by === 'transaction'
  await endWell(runner, scenario.fullRefresh)
  const [old, wanted] = [await look(await site()), await look(whole)]
  const end = async () => {
    for (const drop of ends.reverse()) await drop()
  }
  return { old, wanted, isTransaction, calls, site, open, contents: look, end }
}

/** Compiles a project once, however many of its databases are opened. */
function opener({ types }: Scenario): Stage['open'] {
  const compiled = new Map<string, CompiledSelection>()
  return async ({ dir, database }, watch = {}) => {
    const known = compiled.get(dir) ?? (await compileFolder(dir, types))
    compiled.set(dir, known)
    return openCompiled(known, {
      settings: settingsOf(database),
      waitLockMs: 10_000,
      decorate: (warehouse) => watched(warehouse, watch),
    })
  }
}

async function makeSite(scenario: Scenario, engine: Engine, ends: (() => Promise<void>)[]): Promise<Site> {
  const { first, before, between, files, types } = scenario
  const database = await engine.database({ quiet: true })
  ends.push(database.drop)
  const folder = await projectFolder(database.profile, database.stateSchema)
  ends.push(folder.end)
  const warehouse = await openByHand(database)
  const at = {
    words: engine.words,
    name: (identifier: string) => warehouse.dialect.relation({ schema: database.schema, identifier }),
  }
  try {
    await byHand(warehouse, before(at))
    if (first !== undefined) {
      await folder.write(first(at))
      await endWell(await openRunner(folder.dir, { types }))
    }
    await byHand(warehouse, between(at))
  } finally {
    await warehouse.close()
  }
  await replaceFiles(folder, files(at))
  return { dir: folder.dir, database }
}

async function replaceFiles(folder: ProjectFolder, files: Readonly<Record<string, string>>): Promise<void> {
  await folder.remove('models')
  await folder.write(files)
}

async function byHand(warehouse: Warehouse, statements: readonly string[]): Promise<void> {
  const connection = await warehouse.connect()
  try {
    for (const sql of statements) await connection.execute(text(sql))
  } finally {
    await connection.close()
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
