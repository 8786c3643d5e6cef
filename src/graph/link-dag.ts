import { type Diagnostic, hasErrors, type SourceSpan, type UniqueId } from '../core/index.js'
import type { Node, ParsedProject, RefCall, SourceCall, SourceNode } from '../parse/index.js'
import { diagnostic } from './diagnostics.js'
import { isModelNode } from './model-node.js'
import { type References, referencesTo } from './references.js'
import { findRings } from './rings.js'
import { topologicalOrder } from './topological-order.js'
import type { Dag } from './types.js'
import { spellRef, unknownRef, unknownSource } from './unknown-reference.js'

export interface LinkOptions {
  /** The seed on whose relation a source stands: the source depends on it. */
  readonly sourceOfSeed?: (source: SourceNode) => UniqueId | undefined
}

export interface LinkedDag {
  /** Undefined when there are errors. */
  readonly dag?: Dag
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Resolves every reference and orders the nodes. Reports `ref-not-found`, `ref-disabled`, `source-not-found`,
 * `self-ref`, `ref-private`, `cycle`, and as a warning `test-left-out`.
 */
export function linkDag(parsed: ParsedProject, options: LinkOptions = {}): LinkedDag {
  const linker = new Linker(parsed, options)
  for (const node of linker.nodes.values()) linker.link(node)
  const dag = linker.dag()
  if (dag.order.length < dag.nodes.size) linker.reportRings(dag)
  const { diagnostics } = linker
  return hasErrors(diagnostics) ? { diagnostics } : { dag, diagnostics }
}

/** One reference of a node, resolved. */
interface Edge {
  readonly to: UniqueId
  readonly span: SourceSpan
}

/** What a reference that resolves to no live node means. */
type Missing = 'reported' | { readonly name: string; readonly reason: string }

class Linker {
  readonly diagnostics: Diagnostic[] = []
  readonly nodes: Map<UniqueId, Node>
  readonly #parsed: ParsedProject
  readonly #options: LinkOptions
  readonly #live: References
  readonly #edges = new Map<UniqueId, readonly Edge[]>()

  constructor(parsed: ParsedProject, options: LinkOptions) {
    this.#parsed = parsed
    this.#options = options
    const known = new Set(parsed.nodes.map((node) => node.uniqueId))
    // A test on a disabled model, or on one of another engine, has nothing to test.
    const isLive = (node: Node) => known.has(attachedTo(node) ?? node.uniqueId)
    this.nodes = new Map(parsed.nodes.filter(isLive).map((node) => [node.uniqueId, node]))
    this.#live = referencesTo(this.nodes.values(), parsed.projectName)
  }

  /** Resolves the node's references; a test that reads what is out of the DAG leaves it too. */
  link(node: Node): void {
    const edges: Edge[] = []
    const on = attachedTo(node)
    if (on !== undefined) edges.push({ to: on, span: node.span })
    for (const [found, span] of this.#targets(node)) {
      if (found === 'reported') continue
      if (typeof found !== 'string') {
        this.#leaveOut(node, found)
        return
      }
      if (found === node.uniqueId) this.diagnostics.push(diagnostic('self-ref', { name: node.name }, span))
      else if (!edges.some((edge) => edge.to === found)) edges.push({ to: found, span })
    }
    this.#edges.set(node.uniqueId, edges)
  }

  /** Rings are among the nodes that have no place in the order. */
  reportRings(dag: Dag): void {
    const ordered = new Set(dag.order)
    const left = new Map([...dag.parents].filter(([id]) => !ordered.has(id)))
    const file = (id: UniqueId) => this.nodes.get(id)?.path ?? ''
    const byFile = (a: UniqueId, b: UniqueId) => compare(file(a), file(b)) || compare(a, b)
    const nameOf = (id: UniqueId) => this.nodes.get(id)?.name ?? id
    for (const ring of findRings(left, byFile)) {
      const places = ring.map((id, i) => {
        const next = ring[(i + 1) % ring.length] ?? id
        const span = this.#edges.get(id)?.find((edge) => edge.to === next)?.span
        return { span, message: `${nameOf(id)} refers to ${nameOf(next)}` }
      })
      const related = places.slice(1).flatMap(({ span, message }) => (span === undefined ? [] : [{ span, message }]))
      this.diagnostics.push(diagnostic('cycle', { ring: ring.map(nameOf) }, places[0]?.span, related))
    }
  }

  dag(): Dag {
    const parents = new Map([...this.#edges].map(([id, edges]) => [id, edges.map((edge) => edge.to)]))
    const children = invert(parents)
    const live = this.#live
    const packageOf = (id?: UniqueId) =>
      (id === undefined ? undefined : this.nodes.get(id)?.packageName) ?? this.#parsed.projectName
    return {
      project: this.#parsed,
      nodes: this.nodes,
      parents,
      children,
      order: topologicalOrder(parents, children),
      resolveRef: (node, name, packageName) => live.ref(packageOf(node), name, packageName)?.uniqueId,
      resolveSource: (source, table, node) => live.source(packageOf(node), source, table)?.uniqueId,
    }
  }

  *#targets(node: Node): Iterable<readonly [UniqueId | Missing, SourceSpan]> {
    if (node.resourceType === 'seed') return
    if (node.resourceType === 'source') {
      const seed = this.#options.sourceOfSeed?.(node)
      if (seed !== undefined && this.nodes.has(seed)) yield [seed, node.span]
      return
    }
    for (const call of node.refs) yield [this.#ref(node, call), call.span]
    for (const call of node.sources) yield [this.#source(node, call), call.span]
  }

  #ref(node: Node, call: RefCall): UniqueId | Missing {
    const found = this.#live.ref(node.packageName, call.name, call.package)
    if (found !== undefined) {
      this.#checkAccess(node, found, call)
      return found.uniqueId
    }
    const isDisabled = this.#parsed.disabled.includes(call.name)
    const engines = this.#parsed.otherEngines.find((other) => other.name === call.name)?.engines
    if (node.resourceType === 'test') {
      if (isDisabled) return { name: call.name, reason: 'is disabled' }
      if (engines !== undefined) return { name: call.name, reason: `exists for ${engines.join(', ')} only` }
    }
    if (isDisabled) this.diagnostics.push(diagnostic('ref-disabled', { ref: spellRef(call) }, call.span))
    else {
      this.diagnostics.push(unknownRef(this.#live, call, { packageName: node.packageName, engines }))
    }
    return 'reported'
  }

  /** A private model is for its group alone; data tests look at any. */
  #checkAccess(node: Node, found: Node, call: RefCall): void {
    if (!isModelNode(node) || !isModelNode(found) || found.config.access !== 'private') return
    const { group = '' } = found.config
    const from = node.config.group
    if (from === found.config.group) return
    this.diagnostics.push(diagnostic('ref-private', { ref: spellRef(call), group, from }, call.span))
  }

  #source(node: Node, call: SourceCall): UniqueId | Missing {
    const found = this.#live.source(node.packageName, call.source, call.table)
    if (found !== undefined) return found.uniqueId
    this.diagnostics.push(unknownSource(this.#live, call))
    return 'reported'
  }

  #leaveOut(node: Node, missing: { readonly name: string; readonly reason: string }): void {
    this.nodes.delete(node.uniqueId)
    this.diagnostics.push(diagnostic('test-left-out', { test: node.name, ...missing }, node.span))
  }
}

function attachedTo(node: Node): UniqueId | undefined {
  return node.resourceType === 'test' && node.test.kind === 'generic' ? node.test.attachedTo : undefined
}

function invert(parents: ReadonlyMap<UniqueId, readonly UniqueId[]>): Map<UniqueId, readonly UniqueId[]> {
  const children = new Map<UniqueId, UniqueId[]>([...parents.keys()].map((id) => [id, []]))
  for (const [id, list] of parents) for (const parent of list) children.get(parent)?.push(id)
  for (const list of children.values()) list.sort()
  return children
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
