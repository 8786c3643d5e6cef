import type { FieldDef } from 'pg'
import type { Column, TextRow } from '../types.js'
import type { RawResult } from './session.js'

const writes: readonly string[] = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY']

/** Rows that the statements inserted, updated, deleted or created, in all. */
export function affectedRows(results: readonly RawResult[]): number {
  const told = results.at(-1)
  // A statement that counts by itself says so in a row.
  if (told?.fields[0]?.name === 'rows_affected') return Number(told.rows[0]?.[0] ?? 0)
  return results.reduce((sum, result) => {
    // `create table as` answers SELECT with a count, and has no columns as a query has.
    const isCreation = result.command === 'SELECT' && result.fields.length === 0
    return isCreation || writes.includes(result.command) ? sum + result.rowCount : sum
  }, 0)
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
