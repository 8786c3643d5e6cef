import { concat, type Relation, type Sql, sqlText, text, type UniqueId, wrappable } from '../core/index.js'
import { relationValue, rowsOf, type TestNode, testMacro } from '../parse/index.js'
import { fromHost, parseTemplate, type Value } from '../template/index.js'
import { type RenderContext, type RenderedSql, renderNode } from './render-model.js'

/** A generic test's query: the rows at fault. Undefined when what it hangs on has no relation. */
export function genericTestSql(node: TestNode, where: Sql | undefined, input: RenderContext): Sql | undefined {
  if (node.test.kind !== 'generic') return undefined
  const { config, attachedTo, column } = node.test
  const relation = input.relations.get(attachedTo)
  if (relation === undefined || column === undefined) return undefined
  const { tests } = input.context.dialect
  const from = testedRows(attachedTo, relation, where, input)
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
    : tests.relationships(from, column, testedRows(parent.id, parent.relation, undefined, input), field)
}

function parentRelation(node: TestNode, input: RenderContext) {
  const to = node.test.kind === 'generic' ? node.test.to : undefined
  if (to === undefined) return undefined
  const id =
    'name' in to
      ? input.dag.resolveRef(node.uniqueId, to.name, to.package)
      : input.dag.resolveSource(to.source, to.table)
  const relation = id && input.relations.get(id)
  return id === undefined || relation === undefined ? undefined : { id, relation }
}

/** The relation, or its rows that satisfy the test's `where`. */
function testedRows(id: UniqueId, relation: Relation, where: Sql | undefined, input: RenderContext): Sql {
  const name = rowsOf(input.dag.nodes.get(id), relation, input.context.dialect)
  if (where === undefined) return text(name)
  return concat(`(select * from ${name} where `, wrappable(where, input.context.dialect), '\n) as tested')
}

/** A test of the project's own: what its macro renders to. Undefined when the test is none. */
export function renderOwnTest(node: TestNode, where: Sql | undefined, input: RenderContext): RenderedSql | undefined {
  if (node.test.kind !== 'generic') return undefined
  const { config, attachedTo, column } = node.test
  const macro = testMacro(config.test)
  const relation = input.relations.get(attachedTo)
  if (relation === undefined || !input.context.macros.has(macro)) return undefined
  const rows = sqlText(testedRows(attachedTo, relation, where, input))
  const given = { ...config.arguments, ...(column === undefined ? {} : { column_name: column }) }
  const model = where === undefined ? relationValue(input.context, relation, rows) : `(select * from ${rows})`
  const args = new Map<Value, Value>([['model', model]])
  for (const [name, value] of Object.entries(given)) args.set(name, fromHost(value))
  const source = { file: node.path, text: `{{ ${macro}(**test_arguments) }}`, origin: () => node.span }
  const { template, diagnostics } = parseTemplate(source)
  if (template === undefined) return { sql: [], ephemeral: [], inputs: [], diagnostics }
  return renderNode(node, template, false, { ...input, extra: new Map([['test_arguments', args]]) })
}
