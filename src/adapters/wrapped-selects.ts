import { concat, type Sql } from '../core/index.js'
import { inParentheses } from './names.js'
import type { WindowFilter } from './types.js'

/** What stands around the user's SELECT, in standard SQL; a trailing comment never swallows it. */
export function wrappedSelects(quote: (identifier: string) => string) {
  const from = (select: Sql, as: string, behind = '') =>
    concat('select * from ', inParentheses(select), ` as ${as}${behind}`)
  return {
    filtered: (select: Sql, filter: { readonly column: string; readonly from: string }): Sql => {
      const column = quote(filter.column)
      return from(select, 'delta', ` where ${column} >= ${filter.from} or ${column} is null`)
    },
    inWindow: (select: Sql, window: WindowFilter): Sql => {
      const column = quote(window.column)
      const isInside = `${column} >= ${window.from} and ${column} < ${window.to}`
      return from(select, 'delta', ` where (${isInside}) or ${column} is null`)
    },
    limited: (select: Sql, limit: number | undefined): Sql =>
      from(select, 'shown', limit === undefined ? '' : ` limit ${limit}`),
  }
}
