import type { Connection } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import type { NodeResult } from '../../src/execute/index.js'
import type { Database, Engine, Words } from '../conformance/engines/index.js'
import { projectFolder } from '../support/project-folder.js'
import { openRunner, type StageRunner } from '../support/stage-runner.js'
import { type Row, timeLiteral } from './rows.js'
import type { Subject } from './subject.js'

/** The source as it is on one day: its rows, the order of its columns, whether it has grown. */
export interface Source {
  readonly rows: readonly Row[]
  readonly columns: readonly (keyof Row)[]
  /** The type of `v`: it may grow from integer to bigint. */
  readonly valueType: 'integer' | 'bigint'
}

interface Parts {
  readonly subject: Subject
  readonly words: Words
  readonly database: Database
  readonly runner: StageRunner
  readonly connection: Connection
  readonly removeFolder: () => Promise<void>
}

/** One subject's model as often as there are slots, each with a source of its own: a run does all of them. */
export class World {
  readonly slots: number
  readonly #parts: Parts

  private constructor(slots: number, parts: Parts) {
    this.slots = slots
    this.#parts = parts
  }

  static async open(subject: Subject, engine: Engine, slots: number): Promise<World> {
    const database = await engine.database({ volatile: true, quiet: true })
    const folder = await projectFolder(database.profile, database.stateSchema)
    const all = Array.from({ length: slots }, (_, slot) => slot)
    await folder.write({
      'sources.yml': `version: 2\nsources: [{name: raw, tables: [${all.map((slot) => `{name: src${slot}}`).join(', ')}]}]\n`,
      ...Object.fromEntries(all.map((slot) => [`models/m${slot}.ff.sql`, modelText(subject, `src${slot}`)])),
    })
    const runner = await openRunner(folder.dir)
    const connection = await runner.warehouse.connect()
    return new World(slots, { subject, words: engine.words, database, runner, connection, removeFolder: folder.end })
  }

  async close(): Promise<void> {
    const { connection, runner, database, removeFolder } = this.#parts
    await connection.close()
    await runner.close()
    await database.drop()
    await removeFolder()
  }

  /** Forgets the models, for the next histories; the first run takes their stale state away. */
  async clear(): Promise<void> {
    for (let slot = 0; slot < this.slots; slot++) await this.#execute(`drop table if exists ${this.#name(`m${slot}`)}`)
  }

  async setSource(slot: number, source: Source): Promise<void> {
    const { subject, words } = this.#parts
    const { columns } = source
    const types = { id: 'integer', v: source.valueType, t: subject.timeType, extra: words.types.text }
    const src = this.#name(`src${slot}`)
    await this.#execute(`drop table if exists ${src}`)
    await this.#execute(words.createTable(src, columns.map((column) => `${column} ${types[column]}`).join(', ')))
    const values = source.rows.map((row) => `(${cells(row, source, subject).join(', ')})`)
    if (values.length > 0) await this.#execute(`insert into ${src} values ${values.join(', ')}`)
  }

  /** Runs all models; gives their results by slot. */
  async run(fullRefresh = false): Promise<readonly NodeResult[]> {
    const { results } = await this.#parts.runner.run({ fullRefresh })
    return Array.from({ length: this.slots }, (_, slot) => {
      const result = results.find(({ id }) => id.endsWith(`.m${slot}`))
      if (result === undefined) throw new Error(`model ${slot} did not run`)
      return result
    })
  }

  /** A model's rows as sorted texts; a column that is not there yet counts as NULL. */
  async rows(slot: number): Promise<readonly string[]> {
    const { columns, rows } = await this.#parts.connection.query(text(`select * from ${this.#name(`m${slot}`)}`))
    const at = ['id', 'v', 't', 'extra'].map((name) => columns.findIndex((column) => column.name === name))
    return rows.map((row) => JSON.stringify(at.map((index) => row[index] ?? null))).sort()
  }

  #name(identifier: string): string {
    const { runner, database } = this.#parts
    return runner.warehouse.dialect.relation({ schema: database.schema, identifier })
  }

  async #execute(sql: string): Promise<void> {
    await this.#parts.connection.execute(text(sql))
  }
}

/** The file of a subject's model over a source of that name. */
export function modelText({ config, body }: Subject, table: string): string {
  return `{{ config(${config}) }}\n${body}\n`.replaceAll("source('raw', 'src')", `source('raw', '${table}')`)
}

/** The cells of a row of a source, as literals. */
export function cells(row: Row, { columns }: Pick<Source, 'columns'>, { timeType }: Subject): readonly string[] {
  return columns.map((column) => {
    if (column === 't') return timeLiteral(row.t, timeType)
    const cell = row[column]
    return typeof cell === 'string' ? `'${cell}'` : String(cell)
  })
}
