import type { ResourceType, UniqueId } from '../core/index.js'
import { ancestors, isModelNode } from '../graph/index.js'
import type { WarehouseState } from '../plan/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { SelectionOptions } from './options.js'

/** `--with-parents`: the selection and every node above it that the command could build for it, in run order. */
export function possibleParents(
  { dag }: LoadedGraph,
  selected: readonly UniqueId[],
  types: readonly ResourceType[],
  options: SelectionOptions,
): readonly UniqueId[] {
  // A model cannot be built without its seeds, so `run` loads those that are not there.
  const loaded: readonly ResourceType[] = types.includes('model') ? [...types, 'seed'] : types
  const wanted = new Set(loaded.filter((type) => isAsked(type, options)))
  const all = new Set(selected)
  for (const id of ancestors(dag, selected)) {
    const node = dag.nodes.get(id)
    const isBlock = options.skipsSnapshotBlocks === true && isModelNode(node) && node.isBlock === true
    if (node !== undefined && wanted.has(node.resourceType) && !isBlock) all.add(id)
  }
  return dag.order.filter((id) => all.has(id))
}

function isAsked(type: ResourceType, { resourceTypes }: SelectionOptions): boolean {
  return resourceTypes.length === 0 || resourceTypes.includes(type)
}

/** Of those, the selection and what is not there: the walk upwards ends where rows are. */
export function withMissingParents(
  { dag, relations }: LoadedGraph,
  selected: readonly UniqueId[],
  possible: readonly UniqueId[],
  state: WarehouseState,
): readonly UniqueId[] {
  const kindOf = (id: UniqueId) => {
    const relation = relations.get(id)
    return relation === undefined ? undefined : state.find(relation)?.kind
  }
  const seen = new Set(selected)
  const open = [...selected]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const above = (dag.parents.get(id) ?? []).filter((parent) => !seen.has(parent))
    for (const parent of above) seen.add(parent)
    // A view that is there may still read what is not.
    open.push(...above.filter((parent) => kindOf(parent) !== 'table'))
  }
  const asked = new Set(selected)
  return possible.filter((id) => asked.has(id) || (seen.has(id) && kindOf(id) === undefined))
}
