import { qualified } from '../names.js'
import type { Column } from '../types.js'
import { canonicalType } from './canonical-type.js'
import { minimum } from './types.js'

/** Types without an equality, or with one that compares something else (`box` compares areas). */
const incomparable = /^(?:json|xml|point|line|lseg|box|path|polygon|circle)(?:\[\])?$/

/** Whether the server can tell by itself if two values of a type are equal. */
export function isComparable({ type }: Column): boolean {
  return !incomparable.test(canonicalType(type))
}

/** A column as something that can be compared: itself, or its text. */
export function comparable(column: Column, alias?: string): string {
  const name = qualified(column.name, alias)
  return isComparable(column) ? name : `cast(${name} as text)`
}

/** Whether the values differ in any of the columns; NULL equals NULL. Not for joins, which cannot use it. */
export function differs(columns: readonly Column[], a: string, b: string): string {
  if (columns.length === 0) return 'false'
  return columns.map((column) => `${comparable(column, a)} is distinct from ${comparable(column, b)}`).join(' or ')
}

/**
 * A join condition that hashes: plain equality, or where NULL has to equal NULL the values with something in place of
 * NULL, and whether they are NULL (`is not distinct from` would be a nested loop over both tables).
 */
export function joined(columns: readonly Column[], a: string, b: string, nullSafe: boolean): string {
  return columns
    .map((column) => {
      const [left, right] = [comparable(column, a), comparable(column, b)]
      if (!nullSafe) return `${left} = ${right}`
      const filler = fillerOf(column)
      if (filler === undefined) return `array[${left}] = array[${right}]`
      return `coalesce(${left}, ${filler}) = coalesce(${right}, ${filler}) and (${left} is null) = (${right} is null)`
    })
    .join(' and ')
}

/** Some value of the type; undefined for types that only the database knows. */
function fillerOf(column: Column): string | undefined {
  if (!isComparable(column)) return "''"
  const canonical = canonicalType(column.type)
  if (canonical.endsWith('[]')) return `cast('{}' as ${column.type})`
  if (canonical === 'jsonb') return "cast('null' as jsonb)"
  const smallest = minimum(column.type)
  return smallest.startsWith('cast(null as') ? undefined : smallest
}
