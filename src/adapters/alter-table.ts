import { type Relation, text } from '../core/index.js'
import { quote, relation } from './names.js'
import type { Column, Statement } from './types.js'

/** Adds a column at the end. */
export function addColumn(target: Relation, column: Column): Statement {
  return statement(
    `alter table ${relation(target)} add column ${quote(column.name)} ${column.type}`,
    `add column ${column.name}`,
  )
}

/** Drops a column. */
export function dropColumn(target: Relation, column: string): Statement {
  return statement(`alter table ${relation(target)} drop column ${quote(column)}`, `drop column ${column}`)
}

/** Gives a column a wider type. */
export function retypeColumn(target: Relation, column: Column): Statement {
  const sql = `alter table ${relation(target)} alter column ${quote(column.name)} set data type ${column.type}`
  return statement(sql, `widen column ${column.name} to ${column.type}`)
}

function statement(sql: string, note: string): Statement {
  return { sql: text(sql), note }
}
