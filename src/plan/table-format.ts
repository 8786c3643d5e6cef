import type { RelationState } from '../adapters/index.js'
import type { NodeContext } from './node-context.js'

/** The context with the statements that a table's own format takes. */
export function inItsFormat<Context extends NodeContext>(context: Context, present: RelationState): Context {
  const over = context.dialect.over?.(present)
  return over === undefined ? context : { ...context, dialect: over.dialect }
}

/** What to tell of a table of another format than new ones have. */
export function formatNotices({ dialect }: NodeContext, present: RelationState): readonly string[] {
  const over = dialect.over?.(present)
  return over === undefined ? [] : [over.notice]
}
