import { type Relation, text } from '../../core/index.js'
import type { Attaching, WantedConstraint } from '../attach-types.js'
import { changeIndexes, comments, constraintText } from '../attached.js'
import { quote, quoteText, relation as relationText } from '../names.js'
import type { Column, Statement } from '../types.js'

/** What a configuration hangs at a relation of DuckDB, which has no roles. */
export const attach: Attaching = {
  comments,
  indexes: {
    types: ['art'],
    current: ({ database, schema, identifier }) =>
      text(
        `select index_name from duckdb_indexes() where lower(table_name) = lower(${quoteText(identifier)}) ` +
          `and lower(schema_name) = lower(${quoteText(schema)}) ` +
          `and lower(database_name) = lower(${database === undefined ? 'current_database()' : quoteText(database)})`,
      ),
    change: (relation, wanted, current) =>
      changeIndexes(
        relation,
        wanted,
        current.map(([name]) => name ?? ''),
        () => '',
      ),
  },
  // ALTER TABLE adds NOT NULL and primary keys, but neither UNIQUE nor CHECK.
  constraints: { made: 'with_table', create },
}

function create(relation: Relation, columns: readonly Column[], wanted: readonly WantedConstraint[]): Statement {
  const notNull = new Set(wanted.flatMap((each) => (each.type === 'not_null' ? each.columns : [])))
  const lines = [
    ...columns.map(({ name, type }) => `${quote(name)} ${type}${notNull.has(name) ? ' not null' : ''}`),
    ...wanted.flatMap((each) => (each.type === 'not_null' ? [] : [constraintText(each)])),
  ]
  return {
    sql: text(`create table ${relationText(relation)} (${lines.join(', ')})`),
    note: "create the table with its contract's constraints",
  }
}
