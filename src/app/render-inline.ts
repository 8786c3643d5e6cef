import { ProjectError, type Sql } from '../core/index.js'
import { parseTemplate, renderTemplate } from '../template/index.js'
import type { LoadedGraph } from './load-graph.js'
import { outsideScope } from './outside-scope.js'

/** Renders a SELECT from the command line, with `ref` and `source` known. Throws ProjectError. */
export function renderInline(graph: LoadedGraph, sql: string): Sql {
  const { template, diagnostics } = parseTemplate({ file: '<inline>', text: sql })
  if (template === undefined) throw new ProjectError(diagnostics)
  const rendering = renderTemplate(template, outsideScope(graph))
  if (rendering.diagnostics.length > 0) throw new ProjectError(rendering.diagnostics)
  return rendering.sql
}
