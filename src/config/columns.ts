import type * as v from 'valibot'
import type { Diagnostic } from '../core/index.js'
import type { Placed } from './check.js'
import { constraintSchema, readConstraints } from './constraints.js'
import { namesIn, testsOf, testsSchema } from './data-tests.js'
import { defined } from './defined.js'
import type { ColumnProperties, ValuePath } from './types.js'
import { fields, filledText, flag, key, list, map, names, needed, text } from './values.js'

/** Schema of one column in properties and sources. */
export const columnSchema = fields({
  name: needed("The column's name.", filledText),
  description: key('What the column holds, for people.', text),
  data_type: key("The column's declared type.", text),
  tests: key('The same as `data_tests`.', testsSchema),
  data_tests: key("The column's data tests.", testsSchema),
  tags: key("Words that the column's tests are selected by.", names),
  meta: key('Anything.', map),
  quote: key('Whether the name is quoted.', flag),
  constraints: key("The column's constraints, for contracts.", list(constraintSchema)),
  config: key(
    '`tags` and `meta` of the column.',
    fields({ tags: key('As beside.', names), meta: key('As beside.', map) }),
  ),
})

/** The columns of a model, seed, snapshot or source, and what is wrong with their tests. */
export interface CheckedColumns {
  readonly columns: readonly ColumnProperties[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads `columns:` of the map at a path; `inherited` tags go to every test. Reports what `testsOf` reports. */
export function readColumns(
  places: Placed,
  items: readonly v.InferOutput<typeof columnSchema>[],
  path: ValuePath,
  inherited: readonly string[],
): CheckedColumns {
  const read = items.map((item, index) => {
    const tags = [...new Set([...namesIn(item.tags), ...namesIn(item.config?.tags)])]
    const { tests, diagnostics } = testsOf(item, [...path, 'columns', index], places, [...inherited, ...tags])
    const constraints = readConstraints(item.constraints, item.name)
    const column: ColumnProperties = defined({
      name: item.name,
      description: item.description,
      dataType: item.data_type,
      quote: item.quote,
      constraints: constraints.length === 0 ? undefined : constraints,
      tests,
      tags,
      meta: { ...item.meta, ...item.config?.meta },
    })
    return { column, diagnostics }
  })
  return { columns: read.map((each) => each.column), diagnostics: read.flatMap((each) => each.diagnostics) }
}
