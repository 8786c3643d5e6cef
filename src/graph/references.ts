import type { Node, SourceNode } from '../parse/index.js'

/** Finds the node that a `ref` or `source` call means. */
export interface References {
  /** `fromPackage` is the caller's package: it is looked at first, then the project, then every other package. */
  ref(fromPackage: string, name: string, packageName?: string): Node | undefined
  source(fromPackage: string, source: string, table: string): SourceNode | undefined
  /** Every name that a `ref` may use. */
  refNames(): Iterable<string>
  packages(): Iterable<string>
  sources(): readonly SourceNode[]
}

/** Indexes nodes by the names that references use: models, seeds and snapshots share one namespace. */
export function referencesTo(nodes: Iterable<Node>, projectName: string): References {
  const refables = new Index<Node>(projectName)
  const sources = new Index<SourceNode>(projectName)
  for (const node of nodes) {
    if (node.resourceType === 'source') sources.add(sourceKey(node.source.sourceName, node.source.name), node)
    else if (node.resourceType !== 'test') refables.add(node.name, node)
  }
  return {
    ref: (from, name, packageName) =>
      refables.find(from, name, packageName) ?? refables.find(from, withoutEnding(name), packageName),
    source: (from, source, table) => sources.find(from, sourceKey(source, table)),
    refNames: () => refables.names(),
    packages: () => refables.packages(),
    sources: () => sources.all(),
  }
}

class Index<Found extends Node> {
  readonly #projectName: string
  readonly #byName = new Map<string, Found[]>()

  constructor(projectName: string) {
    this.#projectName = projectName
  }

  add(name: string, node: Found): void {
    const same = this.#byName.get(name)
    if (same === undefined) this.#byName.set(name, [node])
    else same.push(node)
  }

  find(from: string, name: string, packageName?: string): Found | undefined {
    const found = this.#byName.get(name) ?? []
    if (packageName === undefined && found.length < 2) return found[0]
    const inPackage = (wanted: string) => found.find((node) => node.packageName === wanted)
    if (packageName !== undefined) return inPackage(packageName)
    return inPackage(from) ?? inPackage(this.#projectName) ?? found[0]
  }

  names(): Iterable<string> {
    return this.#byName.keys()
  }

  all(): readonly Found[] {
    return [...this.#byName.values()].flat()
  }

  packages(): Iterable<string> {
    return new Set(this.all().map((node) => node.packageName))
  }
}

function sourceKey(source: string, table: string): string {
  return JSON.stringify([source, table])
}

function withoutEnding(name: string): string {
  return name.endsWith('.ff') ? name.slice(0, -'.ff'.length) : name
}
