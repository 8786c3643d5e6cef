import { concat, instantText, type Relation, type SourceSpan, type Sql, text } from '../core/index.js'
import { type Node, relationValue, rowsOf, type TemplateContext } from '../parse/index.js'
import type { InlinedParent } from './ephemeral.js'
import { eventTimeOf } from './sample.js'

/** An input of which a batch reads its own window. */
export interface WindowedInput {
  readonly name: string
  readonly relation: Relation
  /** What all of its rows are read from. */
  readonly rows: string
  /** Its `event_time`. */
  readonly column: string
  readonly span: SourceSpan
  /** Told when the input is printed. */
  readonly read: (input: InlinedParent) => void
}

/** The rows of a parent in a window (milliseconds, UTC), for functions; undefined when all of them are read. */
export function windowedSelect(
  parent: Node | undefined,
  relation: Relation,
  window: { readonly from: number; readonly to: number } | undefined,
  dialect: TemplateContext['dialect'],
): Sql | undefined {
  const column = eventTimeOf(parent)
  if (parent === undefined || window === undefined || column === undefined) return undefined
  const time = dialect.quote(column)
  const [from, to] = [window.from, window.to].map((instant) => `timestamp '${instantText(instant)}'`)
  const rows = rowsOf(parent, relation, dialect)
  return text(`select * from ${rows} where (${time} >= ${from} and ${time} < ${to}) or ${time} is null`)
}

/** Printed, it is the rows of the window, which stand in front as a CTE; `render()` is the relation itself. */
export function windowedInput(
  context: TemplateContext,
  { name, relation, rows, column, span, read }: WindowedInput,
): ReturnType<typeof relationValue> {
  const { dialect } = context
  const cte = `__fft__input__${name}`
  const time = dialect.quote(column)
  const hole = (part: 'start' | 'end'): Sql => [{ hole: { kind: 'batch', part, span } }]
  const start = concat(`select * from ${rows} where (${time} >= `, hole('start'))
  // A row without a time is in no window; left out here it would be lost without a word.
  const sql = concat(start, ` and ${time} < `, hole('end'), `) or ${time} is null`)
  const print = () => {
    read({ cte, sql })
    return dialect.quote(cte)
  }
  return { ...relationValue(context, relation, rows), print }
}
