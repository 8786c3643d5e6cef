import { assertNever, type Diagnostic, type UniqueId } from '../core/index.js'
import type { Node } from '../parse/index.js'
import { configView } from './config-view.js'
import { diagnostic } from './diagnostics.js'
import type { Dag } from './types.js'

export const listOutputs = ['selector', 'name', 'path', 'json'] as const

export interface ListOptions {
  readonly output: (typeof listOutputs)[number]
  /** For `json`: only these, in the order of `listKeys`. */
  readonly keys?: readonly string[]
}

/** The lines of `fft ls`, one a node, sorted by unique id. `selector` lines can be given to `--select` again. */
export function listNodes(dag: Dag, ids: Iterable<UniqueId>, options: ListOptions): readonly string[] {
  return [...new Set(ids)]
    .sort()
    .map((id) => dag.nodes.get(id))
    .filter((node) => node !== undefined)
    .map((node) => line(dag, node, options))
}

/** Reports `unknown-output-key` for each key that `ls --output json` does not have. */
export function checkListKeys(keys: readonly string[]): readonly Diagnostic[] {
  return keys
    .filter((key) => !Object.hasOwn(facts, key))
    .map((key) => diagnostic('unknown-output-key', { key, keys: Object.keys(facts) }))
}

function line(dag: Dag, node: Node, options: ListOptions): string {
  switch (options.output) {
    case 'selector':
      return selectorOf(node)
    case 'name':
      return node.resourceType === 'source' ? `${node.source.sourceName}.${node.source.name}` : node.name
    case 'path':
      return node.path
    case 'json':
      return JSON.stringify(jsonOf(dag, node, options.keys))
    default:
      return assertNever(options.output)
  }
}

function selectorOf(node: Node): string {
  if (node.resourceType !== 'source') return node.fqn.join('.')
  return `source:${node.packageName}.${node.source.sourceName}.${node.source.name}`
}

function jsonOf(dag: Dag, node: Node, keys: readonly string[] = standardKeys): Readonly<Record<string, unknown>> {
  const shown = Object.entries(facts).filter(([key]) => keys.includes(key))
  return Object.fromEntries(shown.map(([key, fact]) => [key, fact(node, dag)]))
}

const facts: Readonly<Record<string, (node: Node, dag: Dag) => unknown>> = {
  unique_id: (node) => node.uniqueId,
  name: (node) => node.name,
  resource_type: (node) => node.resourceType,
  package_name: (node) => node.packageName,
  original_file_path: (node) => node.path,
  alias: (node) => aliasOf(node),
  tags: (node) => node.tags,
  config: (node) => configView(node),
  depends_on: (node, dag) => ({ nodes: dag.parents.get(node.uniqueId) ?? [] }),
  fqn: (node) => node.fqn,
  description: (node) => node.description,
  meta: (node) => node.meta,
}

const standardKeys = Object.keys(facts).filter((key) => !['fqn', 'description', 'meta'].includes(key))

function aliasOf(node: Node): string {
  if (node.resourceType === 'source') return node.source.identifier
  return node.resourceType === 'test' ? node.name : (node.config.alias ?? node.name)
}
