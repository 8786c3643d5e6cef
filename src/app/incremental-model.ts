import { ProjectError, type Relation, suggest, uniqueId } from '../core/index.js'
import { isModelNode } from '../graph/index.js'
import type { ModelNode } from '../parse/index.js'
import { storageOf } from '../plan/index.js'
import type { LoadedGraph } from './load-graph.js'

/** An incremental model by name. Throws ProjectError. */
export function incrementalModel(
  name: string,
  graph: LoadedGraph,
): { readonly node: ModelNode; readonly relation: Relation } {
  const plain = name.replace(/\.ff$/, '')
  const node = graph.dag.nodes.get(uniqueId('model', graph.name, plain))
  const named = node && graph.relations.get(node.uniqueId)
  const relation = isModelNode(node) && named !== undefined ? storageOf(node, named) : undefined
  if (isModelNode(node) && node.config.incremental !== undefined && relation !== undefined) return { node, relation }
  const known = [...graph.dag.nodes.values()].flatMap((each) =>
    isModelNode(each) && each.config.incremental !== undefined ? [each.name] : [],
  )
  const message = node === undefined ? `there is no model '${name}'` : `'${name}' is not incremental`
  const hint = suggest(plain, known, 'incremental models')
  throw usageFault('state-model', message, hint)
}

/** A command that cannot be followed, as an error to throw. */
export function usageFault(code: string, message: string, hint: string | undefined): ProjectError {
  return new ProjectError([{ code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) }])
}
