import { expect } from 'vitest'
import type { Connection } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import type { LoggedEvent, Outcome } from '../support/outcome.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import type { Capability, Database, Engine, TypeNames } from './engines.js'

/** One sentence about behaviour, and how it is shown on any engine. */
export interface Case {
  readonly title: string
  readonly needs?: readonly Capability[]
  readonly run: (lab: Lab) => Promise<void>
}

export type Row = readonly (string | null)[]

/** A project and a database of one case, with the words that cases are written in. */
export class Lab {
  readonly engine: Engine
  readonly types: TypeNames
  readonly folder: ProjectFolder
  readonly database: Database
  readonly #connection: Connection

  constructor(engine: Engine, parts: { folder: ProjectFolder; database: Database; connection: Connection }) {
    this.engine = engine
    this.types = engine.types
    this.folder = parts.folder
    this.database = parts.database
    this.#connection = parts.connection
  }

  async end(): Promise<void> {
    await this.#connection.close()
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
    return this.database.warehouse.dialect.relation({ schema: this.database.schema, identifier })
  }

  quote(identifier: string): string {
    return this.database.warehouse.dialect.quote(identifier)
  }

  /** Makes a raw table anew: `columns` as DDL, rows as SQL value lists. */
  async table(name: string, columns: string, rows: readonly string[] = []): Promise<void> {
    await this.sql(`drop table if exists ${this.name(name)}`, `create table ${this.name(name)} (${columns})`)
    await this.add(name, ...rows)
    await this.source(name)
  }

  async add(name: string, ...rows: readonly string[]): Promise<void> {
    if (rows.length > 0)
      await this.sql(`insert into ${this.name(name)} values ${rows.map((row) => `(${row})`).join(', ')}`)
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

  async typeOf(name: string, column: string): Promise<string> {
    const described = await this.#connection.describe(text(`select * from ${this.name(name)}`))
    return (described.find((each) => each.name === column)?.type ?? '').toLowerCase()
  }

  async kind(name: string): Promise<'table' | 'view' | undefined> {
    const all = await this.database.warehouse.relations([{ schema: this.database.schema }])
    return all.find(({ relation }) => relation.identifier === name)?.kind
  }

  /** Recorded watermarks, `model column value`. */
  async state(): Promise<readonly string[]> {
    const { stdout } = await this.fft('state', 'show', '--json')
    const rows = JSON.parse(stdout) as readonly { model: string; column: string; value: string | null }[]
    return rows.map(({ model, column, value }) => `${model} ${column} ${value}`).sort()
  }

  /** Relations that fft left behind in any schema it may use. */
  async leftovers(): Promise<readonly string[]> {
    const schemas = [{ schema: this.database.schema }, { schema: '_fft' }]
    const all = await this.database.warehouse.relations(schemas)
    return all.map(({ relation }) => relation.identifier).filter((name) => name.startsWith('__fft_'))
  }

  #named(sql: string): string {
    return sql.replaceAll(/(?<!\{)\{([a-z_0-9]+)\}(?!\})/g, (_, name: string) => this.name(name))
  }
}

function nodeOf(outcome: Outcome, name: string): LoggedEvent {
  const node = outcome.nodes[name]
  if (node === undefined) throw new Error(`no node ${name} finished:\n${outcome.stderr}`)
  return node
}

/** A fresh project and database on that engine. */
export async function openLab(engine: Engine): Promise<Lab> {
  const database = await engine.database()
  const folder = await projectFolder(database.profile)
  return new Lab(engine, { folder, database, connection: await database.warehouse.connect() })
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
