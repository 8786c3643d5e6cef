import { expect } from 'vitest'
import type { Connection } from '../../src/adapters/index.js'
import { displaySql, text } from '../../src/core/index.js'
import type { Database, Engine } from '../conformance/engines/index.js'
import { projectFolder } from '../support/project-folder.js'
import { openRunner, type StageRunner } from '../support/stage-runner.js'

interface Parts {
  readonly database: Database
  readonly runner: StageRunner
  readonly connection: Connection
  readonly removeFolder: () => Promise<void>
}

/** A project whose one model `m` reads the table `src`, compiled once and run again and again. */
export class OneModel {
  readonly #engine: Engine
  readonly #parts: Parts

  private constructor(engine: Engine, parts: Parts) {
    this.#engine = engine
    this.#parts = parts
  }

  static async open(engine: Engine, model: { readonly config: string; readonly body: string }): Promise<OneModel> {
    const database = await engine.database({ volatile: true, quiet: true })
    const folder = await projectFolder(database.profile, database.stateSchema)
    await folder.write({
      'sources.yml': 'version: 2\nsources: [{name: raw, tables: [{name: src}]}]\n',
      'models/m.ff.sql': `{{ config(${model.config}) }}\n${model.body}\n`,
    })
    const runner = await openRunner(folder.dir)
    const connection = await runner.warehouse.connect()
    return new OneModel(engine, { database, runner, connection, removeFolder: folder.end })
  }

  async close(): Promise<void> {
    const { connection, runner, database, removeFolder } = this.#parts
    await connection.close()
    await runner.close()
    await database.drop()
    await removeFolder()
  }

  /** Takes what the model made away. */
  async clear(): Promise<void> {
    const { runner, database } = this.#parts
    const { dialect } = runner.warehouse
    const present = await runner.warehouse.relations([{ schema: database.schema }])
    const made = present.filter(({ relation }) => /^m(?:__cdc)?$/.test(relation.identifier))
    // The view first: it may stand in the way of its table.
    for (const { relation, kind } of made.sort((a) => (a.kind === 'view' ? -1 : 1))) {
      await this.#execute(displaySql(dialect.drop(relation, kind).sql))
    }
  }

  /** Makes the source anew: `columns` as DDL, rows as SQL value lists. */
  async setSource(columns: string, rows: readonly string[]): Promise<void> {
    await this.#execute(`drop table if exists ${this.#name('src')}`)
    await this.#execute(this.#engine.words.createTable(this.#name('src'), columns))
    if (rows.length > 0) await this.#execute(`insert into ${this.#name('src')} values ${rows.join(', ')}`)
  }

  /** Runs the model, which has to end well; gives its status. */
  async run(options: {
    readonly now: Date
    readonly batches: boolean
    readonly fullRefresh: boolean
  }): Promise<string> {
    const { results } = await this.#parts.runner.run(options)
    expect(results[0]?.failure).toBeUndefined()
    return results[0]?.status ?? 'nothing'
  }

  /** The model's rows as JSON lists of texts, sorted. */
  async rows(columns: string, relation = 'm'): Promise<readonly string[]> {
    const { rows } = await this.#parts.connection.query(text(`select ${columns} from ${this.#name(relation)}`))
    return rows.map((row) => JSON.stringify(row)).sort()
  }

  #name(identifier: string): string {
    const { runner, database } = this.#parts
    return runner.warehouse.dialect.relation({ schema: database.schema, identifier })
  }

  async #execute(sql: string): Promise<void> {
    await this.#parts.connection.execute(text(sql))
  }
}
