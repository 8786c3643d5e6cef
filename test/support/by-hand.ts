import { expect } from 'vitest'
import { adapterOf, type Column, type Connection } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import type { Database } from '../conformance/engines/index.js'
import { openByHand } from '../conformance/lab.js'

/** Somebody outside fft, on a database that other processes use too: each call opens it and closes it again. */
export class ByHand {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Runs statements; `{raw}` and the like are relations of the models' schema. */
  async run(...statements: readonly string[]): Promise<void> {
    await this.#open(async (connection, named) => {
      for (const sql of statements) await connection.execute(text(named(sql)))
    })
  }

  /** Rows of a query, in its order; values as text. */
  async rows(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    return this.#open(async (connection, named) => (await connection.query(text(named(sql)))).rows)
  }

  /** Names and types of a relation's columns. */
  async columns(identifier: string): Promise<readonly Column[]> {
    return this.#open((connection, named) => connection.describe(text(named(`select * from {${identifier}}`))))
  }

  /** The columns must have those types, by whatever names the engine has for them. */
  async expectTypes(identifier: string, types: Readonly<Record<string, string>>): Promise<void> {
    const columns = await this.columns(identifier)
    const { dialect } = await adapterOf(this.#database.profile.engine)
    const found = columns.map(({ name, type }) => [
      name,
      dialect.sameType(type, types[name] ?? '') ? types[name] : type,
    ])
    expect(Object.fromEntries(found)).toEqual(types)
  }

  /** Names of the relations in the models' schema. */
  async relations(): Promise<readonly string[]> {
    const warehouse = await openByHand(this.#database)
    try {
      const found = await warehouse.relations([{ schema: this.#database.schema }])
      return found.map(({ relation }) => relation.identifier).sort()
    } finally {
      await warehouse.close()
    }
  }

  async #open<Result>(
    work: (connection: Connection, named: (sql: string) => string) => Promise<Result>,
  ): Promise<Result> {
    const warehouse = await openByHand(this.#database)
    const { schema } = this.#database
    const named = (sql: string) =>
      sql.replaceAll(/\{([a-z_]+)\}/g, (_, identifier: string) => warehouse.dialect.relation({ schema, identifier }))
    try {
      const connection = await warehouse.connect()
      try {
        return await work(connection, named)
      } finally {
        await connection.close()
      }
    } finally {
      await warehouse.close()
    }
  }
}
