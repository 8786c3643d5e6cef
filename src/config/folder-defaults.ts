import { type Diagnostic, suggest } from '../core/index.js'
import { checkLayers } from './check-layer.js'
import { metaReading } from './config-entries.js'
import { diagnostic, show } from './diagnostics.js'
import { valueAt } from './layer.js'
import { type ConfiguredResource, canonicalKey, configEntries } from './model-keys.js'
import type { ConfigLayer, ValuePath, YamlFile } from './types.js'
import { isMap } from './values.js'

/** The folder defaults of one kind of resource in `project.yml`. */
export interface FolderDefaults {
  /** Layers for a node, weakest first. `fqn`: its folders and its name, without the project's. */
  layers(fqn: readonly string[]): readonly ConfigLayer[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Where a tree of folder defaults stands, and how it is read. */
export interface DefaultsTree {
  readonly yaml: YamlFile
  /** `models`, `seeds`, `snapshots`. */
  readonly root: string
  readonly resource: ConfiguredResource
  /** Keys right below the root that are something else. */
  readonly reserved: readonly string[]
  readonly projectName: string
  /** Whether a folder is called like the project, so that the name in the tree means the folder. */
  readonly projectFolder: boolean
}

/**
 * Reads folder defaults: `+key` sets, any other key is a folder or a node's name, the project's name may stand in
 * between. Reports 'unknown-key', 'wrong-value', 'plus-missing' and what a layer's check reports.
 */
export function folderDefaults(tree: DefaultsTree): FolderDefaults {
  const diagnostics = checkFolder(tree, [tree.root])
  const known = new Map<string, ConfigLayer | undefined>()
  const layerAt = (path: readonly string[]) => {
    const id = path.join('\0')
    if (!known.has(id)) known.set(id, folderLayer(tree, path))
    return known.get(id)
  }
  const layers = (fqn: readonly string[]) => pathsFor(tree, fqn).flatMap((path) => layerAt(path) ?? [])
  return { layers, diagnostics }
}

function pathsFor(tree: DefaultsTree, fqn: readonly string[]): readonly (readonly string[])[] {
  const own = below([tree.root], fqn)
  if (tree.projectFolder) return own
  const named = below([tree.root, tree.projectName], fqn)
  return fqn[0] === tree.projectName ? named : [[tree.root], ...named, ...own.slice(1)]
}

/** The root and each folder on the way down. */
function below(root: readonly string[], fqn: readonly string[]): readonly (readonly string[])[] {
  return [root, ...fqn.map((_, index) => [...root, ...fqn.slice(0, index + 1)])]
}

function folderLayer({ yaml }: DefaultsTree, path: readonly string[]): ConfigLayer | undefined {
  const folder = valueAt(yaml.value, path)
  const set = isMap(folder) ? Object.entries(folder).filter(([key]) => key.startsWith('+')) : []
  if (set.length === 0) return undefined
  const full = ([key, ...rest]: ValuePath) => (key === undefined ? path : [...path, `+${key}`, ...rest])
  return {
    origin: 'project',
    values: Object.fromEntries(set.map(([key, value]) => [key.slice(1), value])),
    placeOf: (below, which) => yaml.placeOf(full(below), which),
    textAt: (below) => yaml.textAt(full(below)),
  }
}

function checkFolder(tree: DefaultsTree, path: readonly string[]): readonly Diagnostic[] {
  const { yaml, root, reserved, resource } = tree
  const folder = valueAt(yaml.value, path)
  if (folder === null || folder === undefined) return []
  if (!isMap(folder)) return [notAFolder(tree, path, folder)]
  const layer = folderLayer(tree, path)
  const own = layer === undefined ? [] : checkSettings(layer, resource)
  const isReserved = (key: string) => path.length === 1 && path[0] === root && reserved.includes(key)
  const children = Object.keys(folder).filter((key) => !key.startsWith('+') && !isReserved(key))
  return [...own, ...children.flatMap((key) => checkFolder(tree, [...path, key]))]
}

function checkSettings(layer: ConfigLayer, resource: ConfiguredResource): readonly Diagnostic[] {
  return checkLayers([layer], resource, metaReading([layer])).diagnostics
}

function notAFolder({ yaml, resource }: DefaultsTree, path: readonly string[], value: unknown): Diagnostic {
  const key = path.at(-1) ?? ''
  if (canonicalKey(key) !== undefined) return diagnostic('plus-missing', { key }, yaml.placeOf(path, 'key'))
  const hint = suggest(
    `+${key}`,
    Object.keys(configEntries(resource)).map((each) => `+${each}`),
  )
  const params = { key: `'${key}'`, expected: 'a folder with settings such as +materialized', received: show(value) }
  return diagnostic('wrong-value', { ...params, hint: hint?.startsWith('did') ? hint : undefined }, yaml.placeOf(path))
}
