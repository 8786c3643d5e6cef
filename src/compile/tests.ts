import { concat, type Relation, type Sql, text, wrappable } from '../core/index.js'
import type { TestNode } from '../parse/index.js'
import type { RenderContext } from './render-model.js'

/** A generic test's query: the rows at fault. Undefined when what it hangs on has no relation. */
export function genericTestSql(node: TestNode, where: Sql | undefined, input: RenderContext): Sql | undefined {
  if (node.test.kind !== 'generic') return undefined
  const { config, attachedTo, column } = node.test
  const relation = input.relations.get(attachedTo)
  if (relation === undefined || column === undefined) return undefined
  const { tests } = input.context.dialect
  const from = testedRows(relation, where, input)
  if (config.test === 'unique') return tests.unique(from, column)
  if (config.test === 'not_null') return tests.notNull(from, column)
  if (config.test === 'accepted_values') {
    const values = config.arguments['values']
    return tests.acceptedValues(
      from,
      column,
      Array.isArray(values) ? values : [values],
      config.arguments['quote'] !== false,
    )
  }
  const parent = parentRelation(node, input)
  const field = String(config.arguments['field'] ?? 'id')
  return parent === undefined
    ? undefined
    : tests.relationships(from, column, testedRows(parent, undefined, input), field)
}

function parentRelation(node: TestNode, input: RenderContext): Relation | undefined {
  const to = node.test.kind === 'generic' ? node.test.to : undefined
  if (to === undefined) return undefined
  const id =
    'name' in to
      ? input.dag.resolveRef(node.uniqueId, to.name, to.package)
      : input.dag.resolveSource(to.source, to.table)
  return id === undefined ? undefined : input.relations.get(id)
}

/** The relation, or its rows that satisfy the test's `where`. */
function testedRows(relation: Relation, where: Sql | undefined, input: RenderContext): Sql {
  const name = input.context.dialect.relation(relation)
  if (where === undefined) return text(name)
  return concat(`(select * from ${name} where `, wrappable(where), '\n) as tested')
}
