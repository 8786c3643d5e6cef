import type { UniqueId } from '../../../core/index.js'
import { testsOf } from '../../reach.js'
import type { Dag } from '../../types.js'
import { type DrawnGraph, type DrawnNode, kindOf, labelOf } from '../drawn-graph.js'

/** What the page's script knows of a node; its place in the list is its number in the drawing. */
export interface PageNode {
  readonly id: string
  readonly label: string
  readonly kind: string
  /** `incremental model`, `seed`, `source`. */
  readonly what: string
  readonly path: string
  readonly description: string
  readonly tags: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type?: string; readonly description?: string }[]
  readonly tests: readonly string[]
  /** Numbers of the nodes that it reads. */
  readonly reads: readonly number[]
}

export function pageData(dag: Dag, graph: DrawnGraph): readonly PageNode[] {
  const numberOf = new Map(graph.nodes.map((node, i) => [node.uniqueId, i]))
  const reads = new Map<UniqueId, number[]>(graph.nodes.map((node) => [node.uniqueId, []]))
  for (const { from, to } of graph.edges) reads.get(to)?.push(numberOf.get(from) ?? 0)
  return graph.nodes.map((node) => ({ ...factsOf(dag, node), reads: reads.get(node.uniqueId) ?? [] }))
}

function factsOf(dag: Dag, node: DrawnNode): Omit<PageNode, 'reads'> {
  const kind = kindOf(node)
  return {
    id: node.uniqueId,
    label: labelOf(node),
    kind,
    what: node.resourceType === 'model' ? `${kind} model` : node.resourceType,
    path: node.path,
    description: node.description,
    tags: node.tags,
    columns: node.columns.map(({ name, dataType, description }) => ({
      name,
      ...(dataType === undefined ? {} : { type: dataType }),
      ...(description === undefined ? {} : { description }),
    })),
    tests: testsOf(dag, node.uniqueId).map((test) => test.name),
  }
}
