import type { Connection, QueryResult } from '../adapters/index.js'
import { hasErrors, ProjectError, type SourceSpan, sqlText, suggest } from '../core/index.js'
import { type Call, fromHost, parseTemplate, renderTemplate, type Template, type Value } from '../template/index.js'
import { writeManifest } from './artifacts.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, OperationOptions } from './options.js'
import { outsideScope } from './outside-scope.js'
import { answerValue } from './run-query.js'
import { withConnection, withWarehouse } from './warehouse.js'

/** `fft run-operation MACRO`: calls a macro with queries at hand; what it prints goes to standard output. */
export async function runOperationCommand(options: OperationOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app, { render: true })
  await writeManifest(graph, undefined, app)
  const template = callOf(options.macro, graph)
  const text = await withWarehouse(graph, 0, app, (warehouse) =>
    withConnection(warehouse, (connection) => callMacro(template, { graph, args: options.args, connection, app })),
  )
  if (text.trim() !== '') app.out(`${text.trim()}\n`)
  return 0
}

/** The call as a template. Throws ProjectError for a macro that there is not. */
function callOf(macro: string, graph: LoadedGraph): Template {
  const name = macro.startsWith(`${graph.name}.`) ? macro.slice(graph.name.length + 1) : macro
  const known = [...(graph.context?.macros.keys() ?? [])]
  const { template } = parseTemplate({ file: '<operation>', text: `{{ ${name}(**operation_args) }}` })
  if (known.includes(name) && template !== undefined) return template
  const hint = known.length === 0 ? 'write one in macros/' : suggest(name, known, 'macros')
  const fault = { code: 'macro-unknown', severity: 'error' as const, message: `there is no macro '${macro}'` }
  throw new ProjectError([{ ...fault, ...(hint === undefined ? {} : { hint }) }])
}

interface Operation {
  readonly graph: LoadedGraph
  readonly args: Readonly<Record<string, unknown>>
  readonly connection: Connection
  readonly app: AppContext
}

/** Thrown through a rendering that has come to a query which was not asked yet. */
class NeedsQuery {
  readonly sql: string
  readonly span: SourceSpan
  constructor(sql: string, span: SourceSpan) {
    this.sql = sql
    this.span = span
  }
}

/** Renders until a query is met, asks it, and renders again with the answers so far: each query is sent once. */
async function callMacro(template: Template, operation: Operation): Promise<string> {
  const { app, connection } = operation
  const answers: QueryResult[] = []
  for (;;) {
    const said: string[] = []
    try {
      const text = render(template, operation, answers, said)
      for (const message of said) app.emit({ type: 'notice', message })
      return text
    } catch (signal) {
      if (!(signal instanceof NeedsQuery)) throw signal
      answers.push(await connection.query([{ text: signal.sql, span: signal.span }]))
    }
  }
}

function render(
  template: Template,
  { graph, args }: Operation,
  answers: readonly QueryResult[],
  said: string[],
): string {
  let asked = 0
  const runQuery = (call: Call): Value => {
    const answer = answers[asked++]
    if (answer === undefined) throw new NeedsQuery(String(call.args[0] ?? ''), call.span)
    return answerValue(answer, graph.adapter.dialect)
  }
  const extra = new Map([['operation_args', fromHost(args)]])
  const scope = outsideScope(graph, { extra, runQuery, log: (message) => said.push(message) })
  const { sql, diagnostics } = renderTemplate(template, scope)
  if (hasErrors(diagnostics)) throw new ProjectError(diagnostics)
  return sqlText(sql)
}
