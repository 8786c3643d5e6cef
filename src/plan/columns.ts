import type { Column } from '../adapters/index.js'
import type { SourceSpan } from '../core/index.js'
import { closest } from '../core/index.js'
import type { Refusal } from './types.js'

/** The exact column, else the only one that differs in letter case alone. */
export function findColumn(columns: readonly Column[], name: string): Column | undefined {
  const exact = columns.find((column) => column.name === name)
  if (exact !== undefined) return exact
  const near = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase())
  return near.length === 1 ? near[0] : undefined
}

export interface WantedColumn {
  readonly name: string
  /** The key of the configuration that names it: `unique_key`. */
  readonly key: string
  readonly span: SourceSpan
}

/** The columns of that name as the relation spells them, or the first one that is missing. */
export function resolveColumns(
  columns: readonly Column[],
  wanted: readonly WantedColumn[],
): readonly Column[] | Refusal {
  const found: Column[] = []
  for (const { name, key, span } of wanted) {
    const column = findColumn(columns, name)
    if (column === undefined) return missingColumn(columns, { name, key, span })
    found.push(column)
  }
  return found
}

function missingColumn(columns: readonly Column[], { name, key, span }: WantedColumn): Refusal {
  const known = columns.map((column) => column.name)
  const near = closest(name, known)
  return {
    code: 'column-missing',
    message: `${key} names '${name}', which is no column of the rows (${known.join(', ')})`,
    hint: near === undefined ? `select '${name}', or correct ${key}` : `did you mean '${near}'?`,
    span,
  }
}

export function isMissing(result: readonly Column[] | Refusal): result is Refusal {
  return !Array.isArray(result)
}
