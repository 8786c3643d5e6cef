import type { UniqueId } from '../../core/index.js'
import type { Dag } from '../types.js'
import { type DrawnGraph, type DrawnNode, drawnGraph, kindOf, labelOf } from './drawn-graph.js'

export interface TerminalOptions {
  readonly color: boolean
  /** Columns of the terminal; longer lines are cut. */
  readonly width: number
}

/**
 * The graph as a tree, each node once: below the parent that is built last. Its other parents stand behind `+`; a node
 * whose children all hang elsewhere names them behind `→`.
 */
export function toTerminalTree(dag: Dag, ids: Iterable<UniqueId>, options: TerminalOptions): string {
  const rows = rowsOf(drawnGraph(dag, ids), options.width)
  const nameWidth = Math.min(
    Math.max(0, ...rows.map((row) => row.prefix.length + row.label.length)),
    options.width - 16,
  )
  const kindWidth = Math.max(0, ...rows.map((row) => row.kind.length))
  return rows.map((row) => `${lineOf(row, { ...options, nameWidth, kindWidth })}\n`).join('')
}

interface Row {
  /** The branches before the name. */
  readonly prefix: string
  readonly label: string
  readonly kind: string
  readonly note: string
}

interface Tree {
  readonly nodes: ReadonlyMap<UniqueId, DrawnNode>
  readonly parents: ReadonlyMap<UniqueId, readonly UniqueId[]>
  readonly children: ReadonlyMap<UniqueId, readonly UniqueId[]>
  /** The parent below which a node hangs. */
  readonly homes: ReadonlyMap<UniqueId, UniqueId>
}

function rowsOf(graph: DrawnGraph, width: number): readonly Row[] {
  const tree = treeOf(graph)
  const roots = graph.nodes.map((node) => node.uniqueId).filter((id) => !tree.homes.has(id))
  const rows: Row[] = []
  const stack = roots.map((id) => ({ id, prefix: '', indent: '' })).reverse()
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { id, prefix, indent } = next
    const node = tree.nodes.get(id)
    if (node === undefined) continue
    rows.push({ prefix: shorten(prefix, width), label: labelOf(node), kind: kindOf(node), note: noteOf(id, tree) })
    const below = (tree.children.get(id) ?? []).filter((child) => tree.homes.get(child) === id)
    const branches = below.map((child, i) => {
      const isLast = i === below.length - 1
      return { id: child, prefix: `${indent}${isLast ? '╰─ ' : '├─ '}`, indent: `${indent}${isLast ? '   ' : '│  '}` }
    })
    stack.push(...branches.reverse())
  }
  return rows
}

function treeOf(graph: DrawnGraph): Tree {
  const place = new Map(graph.nodes.map((node, i) => [node.uniqueId, i]))
  const parents = new Map<UniqueId, UniqueId[]>(graph.nodes.map((node) => [node.uniqueId, []]))
  const children = new Map<UniqueId, UniqueId[]>(graph.nodes.map((node) => [node.uniqueId, []]))
  for (const { from, to } of graph.edges) {
    parents.get(to)?.push(from)
    children.get(from)?.push(to)
  }
  const depths = new Map<UniqueId, number>()
  const homes = new Map<UniqueId, UniqueId>()
  for (const { uniqueId } of graph.nodes) {
    const rank = (id: UniqueId) => (depths.get(id) ?? 0) * graph.nodes.length + (place.get(id) ?? 0)
    const [home] = [...(parents.get(uniqueId) ?? [])].sort((a, b) => rank(b) - rank(a))
    depths.set(uniqueId, home === undefined ? 0 : (depths.get(home) ?? 0) + 1)
    if (home !== undefined) homes.set(uniqueId, home)
  }
  return { nodes: new Map(graph.nodes.map((node) => [node.uniqueId, node])), parents, children, homes }
}

function noteOf(id: UniqueId, tree: Tree): string {
  const labels = (ids: readonly UniqueId[]) =>
    ids
      .flatMap((each) => tree.nodes.get(each) ?? [])
      .map((node) => labelOf(node))
      .join(', ')
  const others = (tree.parents.get(id) ?? []).filter((parent) => parent !== tree.homes.get(id))
  const children = tree.children.get(id) ?? []
  const isBare = children.length > 0 && children.every((child) => tree.homes.get(child) !== id)
  return [others.length > 0 ? `+ ${labels(others)}` : '', isBare ? `→ ${labels(children)}` : '']
    .filter((part) => part !== '')
    .join('  ')
}

/** Cuts the branches of a very deep node on the left, so that its name stays in sight. */
function shorten(prefix: string, width: number): string {
  const room = Math.max(12, width - 40)
  return prefix.length <= room ? prefix : `…${prefix.slice(prefix.length - room + 1)}`
}

function lineOf(
  row: Row,
  layout: TerminalOptions & { readonly nameWidth: number; readonly kindWidth: number },
): string {
  const label = cut(row.label, Math.max(8, layout.nameWidth - row.prefix.length))
  const gap = ' '.repeat(Math.max(0, layout.nameWidth - row.prefix.length - label.length))
  const room = layout.width - layout.nameWidth - layout.kindWidth - 4
  const note = room < 4 ? '' : cut(row.note, room)
  const kind = note === '' ? row.kind : row.kind.padEnd(layout.kindWidth)
  const paint = layout.color ? painted : (_: string, text: string) => text
  const parts = [paint('dim', row.prefix) + label + gap, paint(row.kind, kind), paint('dim', note)]
  return parts.filter((part) => part !== '').join('  ')
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

const colors: Readonly<Record<string, number>> = {
  dim: 2,
  source: 32,
  seed: 33,
  view: 34,
  incremental: 35,
  snapshot: 36,
  ephemeral: 2,
}

function painted(kind: string, text: string): string {
  const code = colors[kind]
  return code === undefined || text === '' ? text : `\u001b[${code}m${text}\u001b[0m`
}
