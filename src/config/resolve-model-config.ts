import type { Diagnostic } from '../core/index.js'
import { type CheckedLayers, checkLayers, place } from './check-layer.js'
import { entriesOf, type MetaReading, metaReading } from './config-entries.js'
import { defined } from './defined.js'
import { diagnostic, show } from './diagnostics.js'
import { incrementalConfig, snapshotAsIncremental, snapshotConfig } from './incremental-config.js'
import { resolveMaterialized } from './materialized.js'
import { MergedConfig } from './merged-config.js'
import { type ConfiguredResource, canonicalKey, type ModelKey, snapshotStrategies } from './model-keys.js'
import {
  type ConfigLayer,
  type Materialization,
  type ModelConfig,
  type PlacedModelConfig,
  strategies,
} from './types.js'
import { isMap } from './values.js'

/** What is configured, and the file that stands for it when a key was set nowhere. */
export interface Configured {
  readonly modelFile: string
  /** Default: model. */
  readonly resource?: ConfiguredResource
}

export interface ResolvedConfig {
  readonly resolved: PlacedModelConfig
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Merges the layers of one node's configuration, weakest first: tags and hooks add up, `meta` is merged, other keys
 * replace. Checks what stands in the model; the other layers were checked with their files. Reports 'unknown-key', 'wrong-value', 'contradictory-values', 'incremental-contradiction',
 * 'incremental-disabled', 'two-deltas', 'delta-needs-one', 'key-in-delta-file'.
 */
export function resolveModelConfig(layers: readonly ConfigLayer[], where: Configured): ResolvedConfig {
  const resource = where.resource ?? 'model'
  const reading = metaReading(layers)
  const files = inFiles(layers).map((group) => checkedFile(group, resource, reading))
  const merged = new MergedConfig(files.map(({ entries }) => entries))
  const { materialized, diagnostics: contradiction } = resolveMaterialized(merged, resource)
  const diagnostics = [
    ...files.flatMap((file) => (file.origin === 'file' ? file.diagnostics : [])),
    // Two deltas in the model are told as that.
    ...keysInBoth(files)
      .filter(({ key }) => key !== 'delta' || !hasTwoDeltas(files))
      .map(({ fault }) => fault),
    ...contradiction,
    ...strategyFault(merged, materialized),
  ]
  const resolved = {
    config: modelConfig(merged, materialized, resource),
    placeOf: placeFinder(merged, where.modelFile),
  }
  return { resolved, diagnostics }
}

interface CheckedFile extends CheckedLayers {
  readonly origin: ConfigLayer['origin']
}

/** Layers that stand in one file are one group: the `config()` calls of a model. */
function inFiles(layers: readonly ConfigLayer[]): readonly (readonly [ConfigLayer, ...ConfigLayer[]])[] {
  const groups: [ConfigLayer, ...ConfigLayer[]][] = []
  for (const layer of layers) {
    const last = groups.at(-1)
    if (layer.origin === 'file' && last?.[0].origin === 'file') last.push(layer)
    else groups.push([layer])
  }
  return groups
}

function checkedFile(
  group: readonly [ConfigLayer, ...ConfigLayer[]],
  resource: ConfiguredResource,
  reading: MetaReading,
): CheckedFile {
  const [{ origin }] = group
  if (origin === 'delta_file') return { origin, entries: entriesOf(group[0], reading), diagnostics: [] }
  return { origin, ...checkLayers(group, resource, reading) }
}

function hasTwoDeltas(files: readonly CheckedFile[]): boolean {
  return files.some(
    ({ origin, diagnostics }) => origin === 'file' && diagnostics.some(({ code }) => code === 'two-deltas'),
  )
}

function keysInBoth(files: readonly CheckedFile[]): readonly { readonly key: ModelKey; readonly fault: Diagnostic }[] {
  const inModel = files.filter(({ origin }) => origin === 'file').flatMap(({ entries }) => entries)
  const inDeltaFile = files.filter(({ origin }) => origin === 'delta_file').flatMap(({ entries }) => entries)
  return inDeltaFile.flatMap((entry) => {
    const other = inModel.find(({ key }) => key === entry.key)
    if (other === undefined) return []
    const span = place(entry)
    const related = [{ message: `in ${span.file}`, span }]
    const params = { key: other.spelling, file: span.file }
    return [{ key: entry.key, fault: diagnostic('key-in-delta-file', params, place(other), related) }]
  })
}

/** `timestamp` and `check` are a snapshot's strategies, the others an incremental model's. */
function strategyFault(merged: MergedConfig, materialized: Materialization): readonly Diagnostic[] {
  const entry = merged.strongest('strategy')
  if (entry === undefined || (materialized !== 'snapshot' && materialized !== 'incremental')) return []
  const allowed: readonly string[] = materialized === 'snapshot' ? snapshotStrategies : strategies
  if (allowed.includes(String(entry.value))) return []
  const article = materialized === 'snapshot' ? 'a snapshot' : 'an incremental model'
  const expected = `one of ${allowed.join(', ')} for ${article}`
  return [
    diagnostic('wrong-value', { key: `'${entry.spelling}'`, expected, received: show(entry.value) }, place(entry)),
  ]
}

function placeFinder(merged: MergedConfig, modelFile: string): PlacedModelConfig['placeOf'] {
  return (spelling) => {
    const key = canonicalKey(spelling)
    const entry = key === undefined ? undefined : merged.strongest(key)
    return entry === undefined ? { file: modelFile, line: 1, column: 1 } : place(entry)
  }
}

function modelConfig(merged: MergedConfig, materialized: Materialization, resource: ConfiguredResource): ModelConfig {
  return defined({
    materialized,
    enabled: merged.flag('enabled') ?? true,
    tags: merged.union('tags'),
    engines: merged.list('engines') ?? [],
    alias: merged.text('alias'),
    schema: merged.text('schema'),
    database: merged.text('database'),
    description: merged.text('description'),
    group: merged.text('group'),
    access: merged.text('access'),
    meta: merged.mergedMap('meta'),
    preHook: merged.texts('pre_hook'),
    postHook: merged.texts('post_hook'),
    incremental:
      materialized === 'incremental'
        ? incrementalConfig(merged)
        : materialized === 'snapshot'
          ? snapshotAsIncremental(merged, resource === 'snapshot' ? 'dbt' : 'upstream')
          : undefined,
    snapshot: materialized === 'snapshot' ? snapshotConfig(merged) : undefined,
    other: Object.fromEntries(
      otherKeys.flatMap((key) => (merged.all(key).length > 0 ? [[key, mergedValue(merged, key)]] : [])),
    ),
  })
}

/** Types of columns are merged column by column, as dbt does. */
function mergedValue(merged: MergedConfig, key: (typeof otherKeys)[number]): unknown {
  if (key === 'grants') return mergedGrants(merged.all(key).map(({ value }) => value))
  return key === 'column_types' ? merged.mergedMap(key) : merged.value(key)
}

/** Privileges are merged key by key; `+select` adds to what weaker layers grant, as in dbt. */
function mergedGrants(layers: readonly unknown[]): unknown {
  const granted = new Map<string, readonly string[]>()
  for (const [privilege, roles] of layers.flatMap((layer) => (isMap(layer) ? Object.entries(layer) : []))) {
    const to = Array.isArray(roles) ? roles.map(String) : [String(roles)]
    const name = privilege.replace(/^\+/, '')
    const before = privilege.startsWith('+') ? (granted.get(name) ?? []) : []
    granted.set(name, [...new Set([...before, ...to])])
  }
  return Object.fromEntries(granted)
}

const otherKeys = [
  'grants',
  'contract',
  'persist_docs',
  'quoting',
  'storage',
  'indexes',
  'docs',
  'on_error',
  'http',
  'event_time',
  'begin',
  'batch_size',
  'concurrent_batches',
  'full_refresh',
  'protected',
  'column_types',
  'delimiter',
  'meta_columns',
] as const
