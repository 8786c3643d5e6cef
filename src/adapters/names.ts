import { concat, type Relation, type Sql } from '../core/index.js'
import type { Column } from './types.js'

/** Double quotes, doubled inside. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

export function relation(name: Relation): string {
  return [name.database, name.schema, name.identifier]
    .filter((part) => part !== undefined)
    .map(quote)
    .join('.')
}

/** A text in single quotes. */
export function quoteText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** A JavaScript value as a literal; objects and lists as JSON text. */
export function value(given: unknown): string {
  if (given === null || given === undefined) return 'null'
  if (typeof given === 'boolean' || typeof given === 'number' || typeof given === 'bigint') return String(given)
  return quoteText(typeof given === 'string' ? given : JSON.stringify(given))
}

export function names(columns: readonly Column[]): readonly string[] {
  return columns.map((column) => column.name)
}

/** `"a", "b"`, each after the alias when there is one. */
export function list(columns: readonly string[], alias?: string): string {
  return columns.map((column) => qualified(column, alias)).join(', ')
}

export function qualified(column: string, alias?: string): string {
  return alias === undefined ? quote(column) : `${alias}.${quote(column)}`
}

/** `a."x" = b."x" and …`, NULL-safe when asked. */
export function equal(columns: readonly string[], a: string, b: string, nullSafe: boolean): string {
  const operator = nullSafe ? 'is not distinct from' : '='
  return columns.map((column) => `${qualified(column, a)} ${operator} ${qualified(column, b)}`).join(' and ')
}

/** The user's SELECT in parentheses; the line break keeps a trailing comment from swallowing the rest. */
export function inParentheses(select: Sql): Sql {
  return concat('(\n', select, '\n)')
}

export { sameName } from '../core/index.js'
