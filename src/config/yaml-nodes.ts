import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml'
import type { ValuePath } from './types.js'

/** A thing in a YAML file: its offsets, and its node when the path exists. */
export interface FoundNode {
  readonly start: number
  readonly end: number
  readonly node: Node | undefined
}

/** The node at a path, or its key; the nearest enclosing thing when the path does not exist. */
export function findNode(document: Document, path: ValuePath, which: 'key' | 'value'): FoundNode {
  let node = resolved(document.contents, document)
  let found = range(node, [0, 0])
  for (const [index, step] of path.entries()) {
    const child = childOf(node, step, document)
    if (child === undefined) return { start: found[0], end: found[1], node: undefined }
    const key = range(child.key, found)
    // An empty value has no text of its own, so its key stands for it.
    const value = range(child.value, key)
    const last = index === path.length - 1
    found = last && which === 'key' ? key : value[0] === value[1] ? key : value
    node = resolved(child.value, document)
  }
  return { start: found[0], end: found[1], node }
}

/** A map's key as the plain data has it. */
export function keyText(key: unknown): string | undefined {
  if (typeof key === 'string') return key
  return isScalar(key) ? String(key.value) : undefined
}

interface Child {
  readonly key: unknown
  readonly value: unknown
}

function childOf(node: Node | undefined, step: string | number, document: Document): Child | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item: unknown = node.items[step]
    // A pair as a list's item only occurs in `[a: b]`, which the parser turns into a map.
    return item === undefined || isPair(item) ? undefined : { key: item, value: item }
  }
  if (!isMap(node)) return undefined
  const own = node.items.findLast((pair: Pair) => keyText(pair.key) === String(step))
  return own ?? mergedChild(node.items, step, document)
}

/** A key that stands in another map, merged in by `<<: *other`. */
function mergedChild(pairs: readonly Pair[], step: string | number, document: Document): Child | undefined {
  for (const pair of pairs) {
    if (keyText(pair.key) !== '<<' && !isMergeKey(pair.key)) continue
    const merged = resolved(pair.value, document)
    const maps = isSeq(merged) ? merged.items.map((item) => resolved(item, document)) : [merged]
    for (const map of maps) {
      const child = childOf(map, step, document)
      if (child !== undefined) return child
    }
  }
  return undefined
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol'
}

function resolved(node: unknown, document: Document): Node | undefined {
  if (isAlias(node)) return node.resolve(document)
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined
}

function range(node: unknown, otherwise: readonly [number, number]): [number, number] {
  const known = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined
  return known == null ? [otherwise[0], otherwise[1]] : [known[0], known[1]]
}
