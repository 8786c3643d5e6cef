import type { UniqueId } from '../core/index.js'
import type { Node, ParsedProject } from '../parse/index.js'

/** The linked project: every reference resolved, no cycles. */
export interface Dag {
  readonly project: ParsedProject
  readonly nodes: ReadonlyMap<UniqueId, Node>
  /** Direct parents, in the order of their first reference. Every node has an entry. */
  readonly parents: ReadonlyMap<UniqueId, readonly UniqueId[]>
  /** Direct children, sorted. Every node has an entry. */
  readonly children: ReadonlyMap<UniqueId, readonly UniqueId[]>
  /** Parents first; ties by unique id. */
  readonly order: readonly UniqueId[]
  /** The node that a `ref` call of that node means. */
  resolveRef(node: UniqueId, name: string, packageName?: string): UniqueId | undefined
  /** The source that a `source` call means; `node` is the caller, whose own package is looked at first. */
  resolveSource(source: string, table: string, node?: UniqueId): UniqueId | undefined
}
