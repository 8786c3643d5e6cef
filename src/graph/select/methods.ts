import type { UniqueId } from '../../core/index.js'
import type { Node } from '../../parse/index.js'
import { configView, materializationOf } from '../config-view.js'
import { isModelNode } from '../model-node.js'
import type { Dag } from '../types.js'
import type { SelectorAtom } from './expression.js'
import { globMatcher, pathMatcher } from './glob.js'

type Matcher = (node: Node) => boolean

/** How one selector method finds nodes. */
export interface Method {
  matcher(atom: SelectorAtom, dag: Dag): Matcher
  /** The values of the method that a node has; for the hint when a value matches nothing. */
  valuesOf(node: Node, atom: SelectorAtom): readonly string[]
}

/** Every selector method except `selector:`, which names a definition of selectors.yml. */
export const methods: Readonly<Record<string, Method>> = {
  fqn: {
    matcher: (atom) => fqnMatcher(atom.value),
    valuesOf: (node) => (node.resourceType === 'source' ? [] : fqnValues(node)),
  },
  tag: byValue((node) => node.tags),
  path: {
    matcher: (atom) => {
      const matches = pathMatcher(normalPath(atom.value))
      return (node) => matches(node.path)
    },
    valuesOf: (node) => [node.path, ...foldersOf(node.path)],
  },
  file: byValue((node) => fileNames(node.path)),
  source: { matcher: (atom) => sourceMatcher(atom.value), valuesOf: (node) => sourceValues(node) },
  config: {
    matcher: (atom) => {
      const matches = globMatcher(atom.value)
      return (node) => configValues(node, atom.argument).some(matches)
    },
    valuesOf: (node, atom) => configValues(node, atom.argument),
  },
  resource_type: byValue((node) => [node.resourceType]),
  test_type: byValue((node) => (node.resourceType === 'test' ? testTypes(node.test.kind) : [])),
  test_name: byValue((node) => {
    if (node.resourceType !== 'test') return []
    return [node.test.kind === 'generic' ? node.test.config.test : node.name]
  }),
  package: {
    matcher: (atom, dag) => {
      const matches = globMatcher(atom.value === 'this' ? dag.project.projectName : atom.value)
      return (node) => matches(node.packageName)
    },
    valuesOf: (node) => [node.packageName, 'this'],
  },
  type: byValue((node) => [materializationOf(node)]),
  kind: {
    matcher: (atom) => {
      const language = atom.value === 'sql' ? 'sql' : ['ts', 'typescript', 'python'].includes(atom.value) ? 'ts' : ''
      return (node) => kindOf(node) === language
    },
    valuesOf: (node) => [kindOf(node)].filter((kind) => kind !== undefined),
  },
  group: byValue((node) => [groupOf(node)].filter((group) => group !== undefined)),
  access: byValue((node) => (node.resourceType === 'model' ? [node.config.access ?? 'protected'] : [])),
}

/** Nodes for which an atom's condition holds, its graph operators left aside. */
export function matchingNodes(dag: Dag, method: Method, atom: SelectorAtom): Set<UniqueId> {
  const matches = method.matcher(atom, dag)
  return new Set([...dag.nodes.values()].filter(matches).map((node) => node.uniqueId))
}

/** True when a bare word means that name: the name itself, `name.ff`, or a glob of it. */
export function nameMatcher(value: string): (name: string) => boolean {
  const whole = globMatcher(value)
  if (!value.endsWith('.ff')) return whole
  const withoutEnding = globMatcher(value.slice(0, -'.ff'.length))
  return (name) => whole(name) || withoutEnding(name)
}

/** Names by which `file:` finds a path: `users.ff.sql`, `users.ff`, `users`. */
export function fileNames(path: string): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (/\.ya?ml$/i.test(name)) return [name]
  const names = [name]
  for (const ending of [/\.[^.]+$/, /\.ff$/]) {
    const last = names.at(-1) ?? name
    const shorter = last.replace(ending, '')
    if (shorter !== last) names.push(shorter)
  }
  return names
}

/** A path as nodes spell theirs: forward slashes, no `./` in front, no slash at the end. */
export function normalPath(value: string): string {
  return value
    .replaceAll('\\', '/')
    .replace(/^(\.\/+)+/, '')
    .replace(/\/+$/, '')
}

function byValue(values: (node: Node) => readonly string[]): Method {
  return {
    matcher: (atom) => {
      const matches = globMatcher(atom.value)
      return (node) => values(node).some(matches)
    },
    valuesOf: values,
  }
}

/** dbt's rule: the name; or a prefix of the dotted name, with or without the project; from the first glob on, all of it. */
function fqnMatcher(value: string): Matcher {
  const isName = nameMatcher(value)
  const parts = value.replace(/\.ff$/, '').split('.')
  const plain = parts.findIndex((part) => /[*?[]/.test(part))
  const prefix = plain === -1 ? parts : parts.slice(0, plain)
  const rest = plain === -1 ? undefined : globMatcher(parts.slice(plain).join('.'))
  const matches = (fqn: readonly string[]) =>
    fqn.length >= parts.length &&
    prefix.every((part, i) => fqn[i] === part) &&
    (rest === undefined || rest(fqn.slice(prefix.length).join('.')))
  return (node) => {
    if (node.resourceType === 'source') return false
    if (isName(node.name)) return true
    const fqn = node.fqn.flatMap((part) => part.split('.'))
    return matches(fqn) || matches(fqn.slice((node.fqn[0] ?? '').split('.').length))
  }
}

function fqnValues(node: Node): readonly string[] {
  const folders = node.fqn.slice(1, -1)
  return [node.name, ...folders.map((_, i) => folders.slice(0, i + 1).join('.'))]
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

/** `source`, `source.table` or `package.source.table`. */
function sourceMatcher(value: string): Matcher {
  const parts = value.split('.').map(globMatcher)
  const whole = globMatcher(value)
  return (node) => {
    if (node.resourceType !== 'source') return false
    const full = [node.packageName, node.source.sourceName, node.source.name]
    const from = parts.length === 3 ? 0 : 1
    return parts.every((part, i) => part(full[from + i] ?? '')) || sourceValues(node).some(whole)
  }
}

function sourceValues(node: Node): readonly string[] {
  if (node.resourceType !== 'source') return []
  const { sourceName, name } = node.source
  return [sourceName, `${sourceName}.${name}`]
}

function configValues(node: Node, argument: readonly string[]): readonly string[] {
  let value: unknown = configView(node)
  for (const key of argument) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return []
    value = Reflect.get(value, key)
  }
  if (Array.isArray(value)) return value.map(String)
  if (typeof value === 'object' && value !== null) return Object.keys(value)
  return value === undefined ? [] : [String(value)]
}

/** `data` is dbt's word for both. */
function testTypes(kind: 'generic' | 'singular'): readonly string[] {
  return [kind, 'data']
}

function kindOf(node: Node): 'sql' | 'ts' | undefined {
  if (!isModelNode(node)) return undefined
  return node.language === 'sql' ? 'sql' : 'ts'
}

function groupOf(node: Node): string | undefined {
  return node.resourceType === 'source' || node.resourceType === 'test' ? undefined : node.config.group
}
