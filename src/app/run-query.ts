import type { Connection, Dialect, QueryResult } from '../adapters/index.js'
import { type CompiledNode, compileAtExecution } from '../compile/index.js'
import { hasErrors, ProjectError, type SourceSpan } from '../core/index.js'
import { hostObject, type ModelNode } from '../parse/index.js'
import { type Call, fromHost, type Value } from '../template/index.js'
import type { HooksInput } from './node-hooks.js'

/** Thrown through a rendering that needs a query's answer; the rendering starts again when it is there. */
class NeedsQuery {
  readonly sql: string
  readonly span: SourceSpan
  constructor(sql: string, span: SourceSpan) {
    this.sql = sql
    this.span = span
  }
}

/**
 * Compiles a model whose template calls `run_query`: renders until an answer is missing, asks, renders again. The
 * evaluator stays synchronous; a template with n queries is rendered n + 1 times.
 */
export async function compileWithQueries(
  node: ModelNode,
  connect: () => Promise<Connection>,
  { graph, app, sample }: HooksInput,
): Promise<CompiledNode> {
  const answers = new Map<string, QueryResult>()
  const connection = await connect()
  try {
    for (;;) {
      try {
        return render()
      } catch (signal) {
        if (!(signal instanceof NeedsQuery)) throw signal
        answers.set(signal.sql, await connection.query([{ text: signal.sql, span: signal.span }]))
      }
    }
  } finally {
    await connection.close()
  }

  function render(): CompiledNode {
    const runQuery = (sql: string, call: Call): Value => {
      const answer = answers.get(sql)
      if (answer === undefined) throw new NeedsQuery(sql, call.span)
      return answerValue(answer, graph.adapter.dialect)
    }
    const log = (message: string) => app.emit({ type: 'notice', message, node: node.uniqueId })
    const { dag, relations, context } = graph
    if (context === undefined) throw new Error('a template cannot be rendered from the cache: this is a bug in fft')
    const { compiled, diagnostics } = compileAtExecution(node, {
      dag,
      relations,
      context,
      runQuery,
      log,
      ...(sample === undefined ? {} : { sample }),
    })
    if (hasErrors(diagnostics) || compiled === undefined) throw new ProjectError(diagnostics)
    return compiled
  }
}

/** A query's answer as dbt's macros read it: `rows`, `columns[0].values()`, `column_names`, and iteration over rows. */
export function answerValue({ columns, rows }: QueryResult, dialect: Dialect): Value {
  const values = rows.map((row) =>
    row.map((cell, index) => (cell === null ? null : dialect.hostValue(cell, columns[index]?.type ?? ''))),
  )
  const rowValues = values.map((row) =>
    fromHost(Object.fromEntries(columns.map((column, index) => [column.name, row[index]]))),
  )
  const columnValues = columns.map((column, index) =>
    hostObject(
      () => column.name,
      (name) => {
        if (name === 'name') return column.name
        return name === 'values' ? () => fromHost(values.map((row) => row[index])) : undefined
      },
      () => ['name', 'values'],
    ),
  )
  const members: Record<string, Value> = {
    rows: fromHost(values),
    columns: columnValues,
    column_names: columns.map((column) => column.name),
    records: rowValues,
  }
  return hostObject(
    () => `<${rows.length} rows>`,
    (name) => (Object.hasOwn(members, name) ? members[name] : undefined),
    () => Object.keys(members),
  )
}
