import { ProjectError, type Sql } from '../core/index.js'
import { referencesOf } from '../graph/index.js'
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
  const known = referencesOf(dag)
  const hooks: RenderHooks = {
    ...recordingHooks,
    ref: (call) => {
      const reference = refArguments(call)
      if (reference === undefined) return ''
      const id = known.ref(reference)
      const relation = id && relations.get(id)
      if (id === undefined) call.report(known.unknownRef(reference))
      return relation === undefined ? '' : relationValue(context, relation)
    },
    source: (call) => {
      const reference = sourceArguments(call)
      if (reference === undefined) return ''
      const id = known.source(reference)
      const relation = id && relations.get(id)
      if (id === undefined) call.report(known.unknownSource(reference))
      return relation === undefined ? '' : relationValue(context, relation)
    },
  }
  const rendering = renderTemplate(template, buildScope(context, hooks))
  if (rendering.diagnostics.length > 0) throw new ProjectError(rendering.diagnostics)
  return rendering.sql
}
