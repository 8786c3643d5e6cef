import { concat, type Relation, type SourceSpan, type Sql } from '../core/index.js'
import { relationValue, type TemplateContext } from '../parse/index.js'
import type { InlinedParent } from './ephemeral.js'

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
