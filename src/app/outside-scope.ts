import type { Relation } from '../core/index.js'
import { referencesOf } from '../graph/index.js'
import {
  buildScope,
  type RenderHooks,
  recordingHooks,
  refArguments,
  relationValue,
  rowsOf,
  sourceArguments,
} from '../parse/index.js'
import type { RenderScope, Value } from '../template/index.js'
import type { LoadedGraph } from './load-graph.js'

export interface OutsideNames {
  readonly extra?: ReadonlyMap<string, Value>
  /** What `this` is. */
  readonly self?: Relation | undefined
  /** Answers queries; without it there are none. */
  readonly runQuery?: RenderHooks['runQuery']
  readonly log?: RenderHooks['log']
}

/** The names of a template that is no node: `ref` and `source` find the project's relations, and report what there is not. */
export function outsideScope(graph: LoadedGraph, { extra, self, runQuery, log }: OutsideNames = {}): RenderScope {
  const { dag, relations, context } = graph
  if (context === undefined) throw new Error('a template cannot be rendered from the cache: this is a bug in fft')
  const known = referencesOf(dag)
  const hooks: RenderHooks = {
    ...recordingHooks,
    self,
    ...(extra === undefined ? {} : { extra }),
    ...(runQuery === undefined ? {} : { runQuery, execute: true }),
    ...(log === undefined ? {} : { log }),
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
      if (relation === undefined) return ''
      return relationValue(context, relation, rowsOf(id && dag.nodes.get(id), relation, context.dialect))
    },
  }
  return buildScope(context, hooks)
}
