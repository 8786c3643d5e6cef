import type { Sql, SqlPiece } from '../core/index.js'
import type { SqlFragment, SqlPart } from './api.js'
import type { SourceFile } from './source-file.js'

/** What a dialect writes for the parts of a fragment that are no SQL text. */
export interface FragmentDialect {
  quote(identifier: string): string
  value(value: unknown): string
}

/** A model's fragment as SQL whose text knows its place in the model's file, where it stands there once. */
export function fragmentSql(fragment: SqlFragment, dialect: FragmentDialect, file: SourceFile): Sql {
  return fragment.parts.map((part) => pieceOf(part, dialect, file))
}

function pieceOf(part: SqlPart, dialect: FragmentDialect, file: SourceFile): SqlPiece {
  if ('identifier' in part) return { text: dialect.quote(part.identifier) }
  if ('value' in part) return { text: valueText(part.value, dialect) }
  const offset = part.raw === part.text ? onlyOffset(file.text, part.text) : -1
  return offset === -1 ? { text: part.text } : { text: part.text, span: file.span(offset, offset), verbatim: true }
}

function onlyOffset(text: string, searched: string): number {
  if (searched.trim() === '') return -1
  const first = text.indexOf(searched)
  return first !== -1 && text.indexOf(searched, first + 1) === -1 ? first : -1
}

function valueText(value: unknown, dialect: FragmentDialect): string {
  if (Array.isArray(value))
    return value.length === 0 ? 'null' : value.map((each) => valueText(each, dialect)).join(', ')
  return dialect.value(value instanceof Date ? value.toISOString() : value)
}
