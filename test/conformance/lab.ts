import { expect } from 'vitest'
import { adapterOf, type Connection, type Warehouse } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import type { LoggedEvent, Outcome } from '../support/outcome.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { type Capability, type Database, type Engine, settingsOf, type TypeNames, type Words } from './engines/index.js'
import type { PromiseName } from './promises.js'

/** One sentence about behaviour, and how it is shown on any engine. */
export interface Case {
  readonly title: string
  readonly needs?: readonly Capability[]
  /** Why an engine whose statements are slow need not run it. */
  readonly slow?: string
  readonly run: (lab: Lab) => Promise<void>
}

/** A case and the promise that it shows to be kept. */
export interface ProvingCase extends Case {
  readonly promise: PromiseName
}

/** Cases of one promise. */
export function proving(promise: PromiseName, cases: readonly Case[]): readonly ProvingCase[] {
  return cases.map((each) => ({ ...each, promise }))
}

/** The same cases; those whose title does not match are left out, for that reason, where statements are slow. */
export function sparing(cases: readonly Case[], essential: RegExp, reason: string): readonly Case[] {
  return cases.map((each) => (essential.test(each.title) ? each : { slow: reason, ...each }))
}

/** Whether a case does not run on an engine: it lacks a capability, or need not run where statements are slow. */
export function isLeftOut({ needs = [], slow }: Case, engine: Engine): boolean {
  return needs.some((capability) => !engine.can.has(capability)) || (engine.speed === 'slow' && slow !== undefined)
}

export type Row = readonly (string | null)[]

/** A project and a database of one case, with the words that cases are written in. */
export class Lab {
  readonly engine: Engine
  readonly words: Words
  readonly types: TypeNames
  readonly folder: ProjectFolder
  readonly database: Database
  /** Kept open for the whole case; runs open their own. */
  readonly warehouse: Warehouse
  readonly #connection: Connection

  constructor(
    engine: Engine,
    parts: { folder: ProjectFolder; database: Database; warehouse: Warehouse; connection: Connection },
  ) {
    this.engine = engine
    this.words = engine.words
    this.types = engine.words.types
    this.folder = parts.folder
    this.database = parts.database
    this.warehouse = parts.warehouse
    this.#connection = parts.connection
  }

  async end(): Promise<void> {
    await this.#connection.close()
    await this.warehouse.close()
    await this.database.drop()
    await this.folder.end()
  }

  /** Runs statements by hand, as somebody outside fft would; `{raw}` and the like are quoted relations. */
  async sql(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.#connection.execute(text(this.#named(statement)))
  }

  /** Rows of a query, sorted. */
  async query(sql: string): Promise<readonly Row[]> {
    const { rows } = await this.#connection.query(text(this.#named(sql)))
    return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }

  /** The relation of a name in the models' schema, quoted. */
  name(identifier: string): string {
    return this.warehouse.dialect.relation({ schema: this.database.schema, identifier })
  }

  quote(identifier: string): string {
    return this.warehouse.dialect.quote(identifier)
  }

  /** Makes a raw table anew: `columns` as DDL, rows as SQL value lists. */
  async table(name: string, columns: string, rows: readonly string[] = []): Promise<void> {
    if (this.#sources.has(name)) await this.sql(`drop table if exists ${this.name(name)}`)
    await this.sql(this.words.createTable(this.name(name), columns))
    await this.add(name, ...rows)
    await this.source(name)
  }

  async add(name: string, ...rows: readonly string[]): Promise<void> {
    if (rows.length > 0)
      await this.sql(`insert into ${this.name(name)} values ${rows.map((row) => `(${row})`).join(', ')}`)
  }

  /** Makes a table of a SELECT by hand. */
  async tableAs(name: string, select: string): Promise<void> {
    await this.sql(this.words.createTableAs(this.name(name), this.#named(select)))
  }

  /** Puts a SELECT in a table's place, by hand; it may read the table. */
  async retable(name: string, select: string): Promise<void> {
    await this.sql(...this.words.replaceTable(this.name(name), this.#named(select)))
  }

  async addColumn(name: string, column: string): Promise<void> {
    await this.sql(...this.words.addColumn(this.name(name), column))
  }

  async dropColumn(name: string, column: string): Promise<void> {
    await this.sql(...this.words.dropColumn(this.name(name), column))
  }

  readonly #sources = new Set<string>()

  async source(name: string): Promise<void> {
    this.#sources.add(name)
    const tables = [...this.#sources].map((table) => `{name: ${JSON.stringify(table)}}`)
    await this.folder.write({
      'sources.yml': `version: 2\nsources: [{name: raw, tables: [${tables.join(', ')}]}]\n`,
    })
  }

  /** Writes a model; `config` is what stands between the parentheses of `config()`. */
  async model(name: string, config: string, body: string): Promise<void> {
    await this.folder.write({ [`models/${name}.ff.sql`]: `{{ config(${config}) }}\n${body}\n` })
  }

  /** `fft run`, in this process. */
  run(...flags: readonly string[]): Promise<Outcome> {
    return this.fft('run', ...flags)
  }

  fft(...argv: readonly string[]): Promise<Outcome> {
    return runFft(argv, this.folder.dir)
  }

  /** The same at a time of its own, ISO 8601. */
  fftAt(now: string, ...argv: readonly string[]): Promise<Outcome> {
    return runFft(argv, this.folder.dir, { FFT_NOW: now })
  }

  /** Runs everything; every node must succeed. Gives the node of that name. */
  async good(name: string, ...flags: readonly string[]): Promise<LoggedEvent> {
    const outcome = await this.run(...flags)
    expect(outcome.code, outcome.stderr).toBe(0)
    return nodeOf(outcome, name)
  }

  /** Runs everything; the node of that name must fail with that code. */
  async bad(name: string, code: string, ...flags: readonly string[]): Promise<LoggedEvent> {
    const outcome = await this.run(...flags)
    const node = nodeOf(outcome, name)
    expect({ exit: outcome.code, status: node.status, code: node.code }, outcome.stderr).toEqual({
      exit: 1,
      status: 'error',
      code,
    })
    return node
  }

  /** Rows of a relation, sorted; its columns in the order given, or all. */
  rows(name: string, columns = '*'): Promise<readonly Row[]> {
    return this.query(`select ${columns} from ${this.name(name)}`)
  }

  /** Names of a relation's columns in order. */
  async columns(name: string): Promise<readonly string[]> {
    const described = await this.#connection.describe(text(`select * from ${this.name(name)}`))
    return described.map((column) => column.name)
  }

  /** The type of a relation's column must be that one, by whatever name the engine has for it. */
  async expectType(name: string, column: string, type: string): Promise<void> {
    const described = await this.#connection.describe(text(`select * from ${this.name(name)}`))
    const found = described.find((each) => each.name === column)?.type ?? 'no column'
    if (!this.warehouse.dialect.sameType(found, type)) expect(found).toBe(type)
  }

  async kind(name: string): Promise<'table' | 'view' | undefined> {
    const all = await this.warehouse.relations([{ schema: this.database.schema }])
    return all.find(({ relation }) => relation.identifier === name)?.kind
  }

  /** Recorded watermarks, `model column value`. */
  async state(): Promise<readonly string[]> {
    const { stdout } = await this.fft('state', 'show', '--json')
    const rows = JSON.parse(stdout) as readonly StateRow[]
    // The state may be shared with other tests, whose schemas are other ones.
    return rows
      .filter(({ relation }) => relation.includes(this.database.schema))
      .map(({ model, column, value }) => `${model} ${column} ${value}`)
      .sort()
  }

  /** Relations that fft left behind in any schema it may use. */
  async leftovers(): Promise<readonly string[]> {
    const schemas = [{ schema: this.database.schema }, { schema: this.database.stateSchema }]
    const all = await this.warehouse.relations(schemas)
    return all.map(({ relation }) => relation.identifier).filter((name) => name.startsWith('__fft_'))
  }

  #named(sql: string): string {
    return sql.replaceAll(/(?<!\{)\{([a-z_0-9]+)\}(?!\})/g, (_, name: string) => this.name(name))
  }
}

interface StateRow {
  readonly model: string
  readonly relation: string
  readonly column: string
  readonly value: string | null
}

/** The node of that name, which must have finished. */
export function nodeOf(outcome: Outcome, name: string): LoggedEvent {
  const node = outcome.nodes[name]
  if (node === undefined) throw new Error(`no node ${name} finished:\n${outcome.stderr}`)
  return node
}

/** A fresh project and database on that engine. */
export async function openLab(engine: Engine): Promise<Lab> {
  const database = await engine.database()
  const folder = await projectFolder(database.profile, database.stateSchema)
  const warehouse = await openByHand(database)
  return new Lab(engine, { folder, database, warehouse, connection: await warehouse.connect() })
}

/** Opens a database as its profile says, without a project. */
export async function openByHand(database: Database): Promise<Warehouse> {
  const { engine } = database.profile
  const adapter = await adapterOf(engine)
  return adapter.open({
    profile: { env: 'dev', engine, settings: settingsOf(database), sources: [], vars: {} },
    waitLockMs: 0,
  })
}

/** What a node must have counted: rows inserted, updated, deleted, and their sum. */
export function expectCounts(node: LoggedEvent, inserted: number, updated = 0, deleted = 0): void {
  const { counts } = node
  expect({
    inserted: counts?.['inserted'],
    updated: counts?.['updated'],
    deleted: counts?.['deleted'],
    sum: node.rows_affected,
  }).toEqual({ inserted, updated, deleted, sum: inserted + updated + deleted })
}
