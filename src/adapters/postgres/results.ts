import type { FieldDef } from 'pg'
import { toldCounts } from '../told-counts.js'
import type { Column, TextRow, Written } from '../types.js'
import type { RawResult } from './session.js'

const writes: readonly string[] = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY']

/** Rows that the statements inserted, updated, deleted or created, in all; or what the last of them counts by itself. */
export function written(results: readonly RawResult[]): Written {
  const last = results.at(-1)
  const told = last && toldCounts(fieldNames(last), last.rows[0])
  if (told !== undefined) return told
  const rowsAffected = results.reduce((sum, result) => {
    // `create table as` answers SELECT with a count, and has no columns as a query has.
    const isCreation = result.command === 'SELECT' && result.fields.length === 0
    return isCreation || writes.includes(result.command) ? sum + result.rowCount : sum
  }, 0)
  return { rowsAffected }
}

function fieldNames({ fields }: RawResult): readonly string[] {
  return fields.map(({ name }) => name)
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
