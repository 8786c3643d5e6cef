import type { TestConfig } from '../config/index.js'
import { concat, type Relation, type Sql, sqlText, text, type UniqueId, wrappable } from '../core/index.js'
import { historyShape, percentOf, relationValue, rowsOf, spacingOf, type TestNode, testMacro } from '../parse/index.js'
import { fromHost, parseTemplate, type Value } from '../template/index.js'
import { filteredRows, measureColumnSql, measureTestSql } from './measure-tests.js'
import { type RenderContext, type RenderedSql, renderNode } from './render-model.js'

/** Parts of a generic test that are templates, rendered. */
export interface TestTexts {
  readonly where: Sql | undefined
  /** What `complete_within` compares with. */
  readonly expected: Sql | undefined
}

/** A generic test's query: the rows at fault. Undefined when what it hangs on has no relation. */
export function genericTestSql(node: TestNode, texts: TestTexts, input: RenderContext): Sql | undefined {
  if (node.test.kind !== 'generic') return undefined
  const { config, attachedTo, column } = node.test
  const relation = input.relations.get(attachedTo)
  if (relation === undefined) return undefined
  const from = testedRows(attachedTo, relation, texts.where, input)
  if (config.test === 'complete_within') return completeWithin(config, from, texts, input)
  if (config.test === 'valid_history') {
    const shape = historyShape(config)
    return shape && input.context.dialect.tests.validHistory(from, shape)
  }
  const measured = measureTestSql(node, config, from, input)
  if (measured !== undefined || column === undefined) return measured
  return measureColumnSql(config, column, from, input) ?? columnTestSql(node, column, from, input)
}

function completeWithin(config: TestConfig, from: Sql, { expected }: TestTexts, { context }: RenderContext) {
  const percent = percentOf(config)
  if (percent === undefined || expected === undefined) return undefined
  return context.dialect.tests.completeWithin(from, wrappable(expected, context.dialect), percent)
}

function columnTestSql(node: TestNode, column: string, from: Sql, input: RenderContext): Sql | undefined {
  if (node.test.kind !== 'generic') return undefined
  const { config } = node.test
  const { tests } = input.context.dialect
  switch (config.test) {
    case 'unique':
      return tests.unique(from, column)
    case 'not_null':
      return tests.notNull(from, column)
    case 'accepted_values': {
      const values = config.arguments['values']
      const list = Array.isArray(values) ? values : [values]
      return tests.acceptedValues(from, column, list, config.arguments['quote'] !== false)
    }
    case 'no_gaps':
      return noGaps(config, column, from, input)
    default: {
      const parent = parentRelation(node, input)
      const { to_field, field = 'id', to_where } = config.arguments
      if (parent === undefined) return undefined
      const name = rowsOf(input.dag.nodes.get(parent.id), parent.relation, input.context.dialect)
      const rows = typeof to_where === 'string' ? filteredRows(name, to_where) : text(name)
      return tests.relationships(from, column, rows, String(to_field ?? field))
    }
  }
}

function noGaps(config: TestConfig, column: string, from: Sql, { context }: RenderContext): Sql | undefined {
  const { dialect, facts } = context
  // What depends on the time is not kept for the next run.
  if (config.arguments['grace'] !== undefined) context.onClockRead()
  const spacing = spacingOf(config, dialect, facts.runStartedAt)
  return spacing && dialect.tests.noGaps(from, column, spacing)
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
