import { ProjectError, type Sql } from '../core/index.js'
import {
  buildScope,
  type RenderHooks,
  recordingHooks,
  refArguments,
  relationValue,
  sourceArguments,
} from '../parse/index.js'
import { parseTemplate, renderTemplate } from '../template/index.js'
import type { LoadedGraph } from './load-graph.js'

/** Renders a SELECT from the command line, with `ref` and `source` known. Throws ProjectError. */
export function renderInline(graph: LoadedGraph, sql: string): Sql {
  const { template, diagnostics } = parseTemplate({ file: '<inline>', text: sql })
  if (template === undefined) throw new ProjectError(diagnostics)
  const { dag, relations, context } = graph
  if (context === undefined) throw new Error('a template cannot be rendered from the cache: this is a bug in fft')
  const names = new Map([...dag.nodes.values()].map((node) => [node.name, node.uniqueId]))
  const hooks: RenderHooks = {
    ...recordingHooks,
    ref: (call) => {
      const relation = relations.get(names.get(refArguments(call)?.name ?? '') ?? dag.order[0] ?? ('' as never))
      return relation === undefined ? '' : relationValue(context, relation)
    },
    source: (call) => {
      const reference = sourceArguments(call)
      const id = reference && dag.resolveSource(reference.source, reference.table)
      const relation = id && relations.get(id)
      return relation === undefined ? '' : relationValue(context, relation)
    },
  }
  const rendering = renderTemplate(template, buildScope(context, hooks))
  if (rendering.diagnostics.length > 0) throw new ProjectError(rendering.diagnostics)
  return rendering.sql
}
