import type { TestConfig } from '../config/index.js'
import { concat, parseInstant, type Sql, text } from '../core/index.js'
import { numberIn, rowsOf, sideOf, type TestNode, textOfSide } from '../parse/index.js'
import type { RenderContext } from './render-model.js'

/** The query of a test that measures a relation or compares two; undefined for other tests. */
export function measureTestSql(node: TestNode, config: TestConfig, from: Sql, input: RenderContext): Sql | undefined {
  const { tests } = input.context.dialect
  switch (config.test) {
    case 'row_count_between':
      return tests.rowCountBetween(from, { min: numberIn(config, 'min_rows') ?? 1, max: numberIn(config, 'max_rows') })
    case 'reconcile_equal':
      return compared(node, config, input, {
        by: 'equality',
        absolute: numberIn(config, 'abs_tolerance'),
        percent: numberIn(config, 'rel_tolerance_pct'),
      })
    case 'reconcile_ratio_within':
      return compared(node, config, input, {
        by: 'ratio',
        least: numberIn(config, 'min_ratio'),
        most: numberIn(config, 'max_ratio'),
      })
    case 'reconcile_diff_within':
      return compared(node, config, input, { by: 'difference', most: numberIn(config, 'max_abs_diff') ?? 0 })
    case 'reconcile_coverage':
      return coverage(node, config, input)
    default:
      return undefined
  }
}

/** The query of a test that measures a column; undefined for other tests. */
export function measureColumnSql(config: TestConfig, column: string, from: Sql, input: RenderContext): Sql | undefined {
  const { dialect, facts, onClockRead } = input.context
  switch (config.test) {
    case 'greater_equal':
      return dialect.tests.greaterEqual(from, column, numberIn(config, 'threshold') ?? 0)
    case 'non_negative_sum':
      return dialect.tests.nonNegativeSum(from, column)
    case 'freshness': {
      // What depends on the time is not kept for the next run.
      onClockRead()
      const oldest = (parseInstant(facts.runStartedAt) ?? 0) - (numberIn(config, 'max_delay_minutes') ?? 0) * 60_000
      const literal = dialect.instant(oldest, 'timestamp')
      return literal === undefined ? undefined : dialect.tests.newerThan(from, column, literal)
    }
    default:
      return undefined
  }
}

function compared(
  node: TestNode,
  config: TestConfig,
  input: RenderContext,
  within: Parameters<RenderContext['context']['dialect']['tests']['reconcile']>[2],
): Sql | undefined {
  const side = (which: string) => {
    const given = sideOf(config, which)
    const rows = rowsOfTable(node, textOfSide(given, 'table'), textOfSide(given, 'where'), input)
    return rows && { rows, expression: textOfSide(given, 'expr') ?? 'count(*)' }
  }
  const [left, right] = [side('left'), side('right')]
  return left && right && input.context.dialect.tests.reconcile(left, right, within)
}

function coverage(node: TestNode, config: TestConfig, input: RenderContext): Sql | undefined {
  const side = (which: 'source' | 'target') => {
    const given = sideOf(config, which)
    const where = config.arguments[`${which}_where`]
    const rows = rowsOfTable(node, textOfSide(given, 'table'), typeof where === 'string' ? where : undefined, input)
    return rows && { rows, key: textOfSide(given, 'key') ?? 'id' }
  }
  const [source, target] = [side('source'), side('target')]
  return source && target && input.context.dialect.tests.coverage(source, target)
}

/** The rows of a table that a test names, or those that a condition is true of. */
function rowsOfTable(
  node: TestNode,
  table: string | undefined,
  where: string | undefined,
  { dag, relations, context }: RenderContext,
): Sql | undefined {
  const id = table === undefined ? undefined : dag.resolveRef(node.uniqueId, table.replace(/\.ff$/, ''))
  const relation = id && relations.get(id)
  if (id === undefined || relation === undefined) return undefined
  const name = rowsOf(dag.nodes.get(id), relation, context.dialect)
  return where === undefined ? text(name) : filteredRows(name, where)
}

/** Rows that a condition is true of; the line break keeps a comment in it from swallowing the rest. */
export function filteredRows(name: string, where: string): Sql {
  return concat(`(select * from ${name} where ${where}\n) as tested`)
}
