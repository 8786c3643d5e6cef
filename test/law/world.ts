import type { Connection } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import type { NodeResult } from '../../src/execute/index.js'
import { projectFolder } from '../support/project-folder.js'
import { openRunner, type StageRunner } from '../support/stage-runner.js'
import { type Row, timeLiteral } from './rows.js'
import type { Subject } from './subjects.js'

/** The source as it is on one day: its rows, the order of its columns, whether it has grown. */
export interface Source {
  readonly rows: readonly Row[]
  readonly columns: readonly (keyof Row)[]
  /** The type of `v`: it may grow from integer to bigint. */
  readonly valueType: 'integer' | 'bigint'
}

/** One subject's model and its source, in a database in memory. */
export class World {
  readonly #subject: Subject
  readonly #runner: StageRunner
  readonly #connection: Connection
  readonly #remove: () => Promise<void>

  private constructor(parts: {
    subject: Subject
    runner: StageRunner
    connection: Connection
    remove: () => Promise<void>
  }) {
    this.#subject = parts.subject
    this.#runner = parts.runner
    this.#connection = parts.connection
    this.#remove = parts.remove
  }

  static async open(subject: Subject): Promise<World> {
    const folder = await projectFolder({ engine: 'duckdb', duckdb: { path: ':memory:', settings: { threads: 1 } } })
    await folder.write({ 'models/m.ff.sql': `{{ config(${subject.config}) }}\n${subject.body}\n` })
    const runner = await openRunner(folder.dir)
    return new World({ subject, runner, connection: await runner.warehouse.connect(), remove: folder.end })
  }

  async close(): Promise<void> {
    await this.#connection.close()
    await this.#runner.close()
    await this.#remove()
  }

  /** Forgets everything, for the next history. */
  async clear(): Promise<void> {
    for (const sql of ['drop table if exists main.m', 'drop schema if exists _fft cascade']) {
      await this.#connection.execute(text(sql))
    }
  }

  async setSource({ rows, columns, valueType }: Source): Promise<void> {
    const { timeType } = this.#subject
    const types = { id: 'integer', v: valueType, t: timeType, extra: 'varchar' }
    const defined = columns.map((column) => `${column} ${types[column]}`).join(', ')
    await this.#connection.execute(text(`create or replace table main.src (${defined})`))
    const value = (row: Row, column: keyof Row) => {
      if (column === 't') return timeLiteral(row.t, timeType)
      const cell = row[column]
      return typeof cell === 'string' ? `'${cell}'` : String(cell)
    }
    const values = rows.map((row) => `(${columns.map((column) => value(row, column)).join(', ')})`)
    if (values.length > 0) await this.#connection.execute(text(`insert into main.src values ${values.join(', ')}`))
  }

  /** Runs the model; gives its result. */
  async run(fullRefresh = false): Promise<NodeResult> {
    const { results } = await this.#runner.run({ fullRefresh })
    const [result] = results
    if (result === undefined) throw new Error('the model did not run')
    return result
  }

  /** The model's rows as sorted texts; a column that is not there yet counts as NULL. */
  async rows(): Promise<readonly string[]> {
    const { columns, rows } = await this.#connection.query(text('select * from main.m'))
    const at = ['id', 'v', 't', 'extra'].map((name) => columns.findIndex((column) => column.name === name))
    return rows.map((row) => JSON.stringify(at.map((index) => row[index] ?? null))).sort()
  }
}
