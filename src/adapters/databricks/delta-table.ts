import type { Sql } from '../../core/index.js'
import type { Column } from '../types.js'

/** Stands as a piece of its own in statements that make a table from a SELECT, whose columns only the engine knows. */
export const plainDelta = ' using delta as '

/** The same for columns of any name, which keeps out readers that are older than column mapping. */
export const mappedDelta = ` using delta tblproperties (${columnMapping()}) as `

/** The statement again for columns of any name; undefined when it is not one that makes a Delta table from a SELECT. */
export function withColumnMapping(sql: Sql): Sql | undefined {
  const at = sql.findIndex((piece) => !('hole' in piece) && piece.span === undefined && piece.text === plainDelta)
  return at === -1 ? undefined : sql.with(at, { text: mappedDelta })
}

/** Whether a Delta table can have the column only with column mapping. */
export function needsColumnMapping({ name }: Pick<Column, 'name'>): boolean {
  return /[ ,;{}()\n\t=]/.test(name)
}

/** The table property that lets columns have any name, be renamed and dropped. */
export function columnMapping(): string {
  return "'delta.columnMapping.mode' = 'name'"
}
