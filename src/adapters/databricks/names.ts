import type { Relation } from '../../core/index.js'
import type { Column, SchemaName } from '../types.js'
import { isComparable } from './type-names.js'

export { inParentheses, names, sameName } from '../names.js'

/** Backticks, doubled inside. */
export function quote(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``
}

export function relation(name: Relation): string {
  return [name.database, name.schema, name.identifier]
    .filter((part) => part !== undefined)
    .map(quote)
    .join('.')
}

export function schemaName(schema: SchemaName): string {
  return [schema.database, schema.schema]
    .filter((part) => part !== undefined)
    .map(quote)
    .join('.')
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\0': '\\0' }

/**
 * A text in single quotes. A backslash escapes; `${` is broken up, as a server may put the value of a setting in its
 * place before it reads the statement.
 */
export function quoteText(value: string): string {
  const escaped = value.replace(/[\\'\0]/g, (character) => escapes[character] ?? character)
  return `'${escaped.replaceAll('${', '\\u0024{')}'`
}

/** A JavaScript value as a literal; objects and lists as JSON text. */
export function value(given: unknown): string {
  if (given === null || given === undefined) return 'null'
  if (typeof given === 'bigint') return String(given)
  if (typeof given === 'boolean') return String(given)
  if (typeof given === 'number')
    return Number.isFinite(given) ? numberText(given) : `double(${quoteText(String(given))})`
  return quoteText(typeof given === 'string' ? given : JSON.stringify(given))
}

/** A number with a point would be a DECIMAL, which keeps its digits. */
function numberText(given: number): string {
  return Number.isInteger(given) && !Number.isSafeInteger(given) ? `${BigInt(given)}` : String(given)
}

/** `` `a`, `b` ``, each after the alias when there is one. */
export function list(columns: readonly string[], alias?: string): string {
  return columns.map((column) => qualified(column, alias)).join(', ')
}

export function qualified(column: string, alias?: string): string {
  return alias === undefined ? quote(column) : `${alias}.${quote(column)}`
}

/** ``a.`x` = b.`x` and …``, NULL-safe when asked. */
export function equal(columns: readonly string[], a: string, b: string, nullSafe: boolean): string {
  const operator = nullSafe ? '<=>' : '='
  return columns.map((column) => `${qualified(column, a)} ${operator} ${qualified(column, b)}`).join(' and ')
}

/** A column, or for a type that the engine cannot compare its text, which is equal where the values are. */
export function comparable({ name, type }: Column, alias?: string): string {
  const column = qualified(name, alias)
  return isComparable(type) ? column : `to_json(${column})`
}

/** A name for a column of fft's own beside the user's, which no user has. */
export function own(name: string): string {
  return quote(`__fft_${name}`)
}
