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

/** One subject's model and its source, in a database of their own. */
export class World {
  readonly #parts: Parts

  private constructor(parts: Parts) {
    this.#parts = parts
  }

  static async open(subject: Subject, engine: Engine): Promise<World> {
    const database = await engine.database({ volatile: true, quiet: true })
    const folder = await projectFolder(database.profile, database.stateSchema)
    await folder.write({
      'sources.yml': 'version: 2\nsources: [{name: raw, tables: [{name: src}]}]\n',
      'models/m.ff.sql': `{{ config(${subject.config}) }}\n${subject.body}\n`,
    })
    const runner = await openRunner(folder.dir)
    const connection = await runner.warehouse.connect()
    return new World({ subject, words: engine.words, database, runner, connection, removeFolder: folder.end })
  }

  async close(): Promise<void> {
    const { connection, runner, database, removeFolder } = this.#parts
    await connection.close()
    await runner.close()
    await database.drop()
    await removeFolder()
  }

  /** Forgets the model, for the next history; the first run takes its stale state away. */
  async clear(): Promise<void> {
    await this.#execute(`drop table if exists ${this.#name('m')}`)
  }

  async setSource({ rows, columns, valueType }: Source): Promise<void> {
    const { subject, words } = this.#parts
    const types = { id: 'integer', v: valueType, t: subject.timeType, extra: words.types.text }
    const src = this.#name('src')
    await this.#execute(`drop table if exists ${src}`)
    await this.#execute(words.createTable(src, columns.map((column) => `${column} ${types[column]}`).join(', ')))
    const value = (row: Row, column: keyof Row) => {
      if (column === 't') return timeLiteral(row.t, subject.timeType)
      const cell = row[column]
      return typeof cell === 'string' ? `'${cell}'` : String(cell)
    }
    const values = rows.map((row) => `(${columns.map((column) => value(row, column)).join(', ')})`)
    if (values.length > 0) await this.#execute(`insert into ${src} values ${values.join(', ')}`)
  }

  /** Runs the model; gives its result. */
  async run(fullRefresh = false): Promise<NodeResult> {
    const { results } = await this.#parts.runner.run({ fullRefresh })
    const [result] = results
    if (result === undefined) throw new Error('the model did not run')
    return result
  }

  /** The model's rows as sorted texts; a column that is not there yet counts as NULL. */
  async rows(): Promise<readonly string[]> {
    const { columns, rows } = await this.#parts.connection.query(text(`select * from ${this.#name('m')}`))
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
