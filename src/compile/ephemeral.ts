import { concat, firstWord, markedText, type Sql, type StringRules, sliceSql, wrappable } from '../core/index.js'

/** What stands in front of a SELECT as a CTE: an ephemeral parent, or the rows of an input in the window of a batch. */
export interface InlinedParent {
  /** The name of the CTE. */
  readonly cte: string
  readonly sql: Sql
}

/** The name that an ephemeral model has as a CTE. */
export function cteName(model: string): string {
  return `__fft__cte__${model}`
}

/** Puts ephemeral parents in front of a SELECT as CTEs, before the CTEs that it has itself. */
export function withParents(
  select: Sql,
  parents: readonly InlinedParent[],
  dialect: StringRules & { quote(name: string): string },
): Sql {
  if (parents.length === 0) return select
  const ctes = parents.flatMap((parent, index) => [
    ...(index === 0 ? [] : [',\n']),
    `${dialect.quote(parent.cte)} as (\n`,
    wrappable(parent.sql, dialect),
    '\n)',
  ])
  const text = markedText(select)
  const { offset, word } = firstWord(text)
  if (word !== 'with') return concat('with ', ...ctes, '\n', select)
  const recursive = /^with\s+recursive\b/i.exec(text.slice(offset))
  const after = offset + (recursive?.[0].length ?? 'with'.length)
  const before = sliceSql(select, 0, after)
  return concat(before, ' ', ...ctes, ',', sliceSql(select, after, text.length))
}
