import type { FieldDef } from 'pg'
import type { Column, TextRow, Written } from '../types.js'
import type { RawResult } from './session.js'

const writes: readonly string[] = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY']

/**
 * Rows that the statements inserted, updated, deleted or created, in all. A statement that counts by itself says so in a
 * row: `rows_affected`, and perhaps `updated` behind it.
 */
export function written(results: readonly RawResult[]): Written {
  const told = results.at(-1)
  const [rows, updated] = told?.fields[0]?.name === 'rows_affected' ? (told.rows[0] ?? []) : []
  if (rows !== undefined) {
    return { rowsAffected: Number(rows), ...(updated === undefined ? {} : { counted: { updated: Number(updated) } }) }
  }
  const rowsAffected = results.reduce((sum, result) => {
    // `create table as` answers SELECT with a count, and has no columns as a query has.
    const isCreation = result.command === 'SELECT' && result.fields.length === 0
    return isCreation || writes.includes(result.command) ? sum + result.rowCount : sum
  }, 0)
  return { rowsAffected }
}

export function columnsOf(fields: readonly FieldDef[], types: readonly string[]): readonly Column[] {
  return fields.map(({ name }, index) => ({ name, type: types[index] ?? '' }))
}

const booleanType = 16

/** Rows as the server's text; booleans as `cast(… as text)` prints them, like the other engines do. */
export function textRows({ fields, rows }: RawResult): readonly TextRow[] {
  const booleans = fields.map(({ dataTypeID }) => dataTypeID === booleanType)
  if (!booleans.includes(true)) return rows
  return rows.map((row) =>
    row.map((cell, index) => (booleans[index] === true && cell !== null ? (cell === 't' ? 'true' : 'false') : cell)),
  )
}
