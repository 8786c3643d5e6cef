import { canonicalKey, incrementalSpellings, type ModelKey, strategyAliases } from './model-keys.js'
import { engineSection } from './profile-schema.js'
import type { ConfigLayer, ValuePath } from './types.js'
import { isMap } from './values.js'

/** One setting of one layer: folded to its canonical key, its value in the one form. */
export interface ConfigEntry {
  readonly key: ModelKey
  readonly value: unknown
  /** The key as the user wrote it. */
  readonly spelling: string
  /** Where it stands in its layer. */
  readonly path: ValuePath
  readonly layer: ConfigLayer
}

/** Which keys of `meta` are read as configuration: all incremental ones, a few, or none. */
export type MetaReading = 'all' | 'unmistakable' | 'none'

// Words that nobody writes into the free `meta` of an incremental model without meaning the configuration.
const unmistakable = [
  'unique_key',
  'primary_key',
  'updated_at',
  'updated_at_column',
  'delta',
  'delta_sql',
  'delta_config',
]

/** `meta.incremental` opens `meta` for the incremental keys; so does, for a few keys, being incremental by other words. */
export function metaReading(layers: readonly ConfigLayer[]): MetaReading {
  if (layers.some(({ values }) => hasKey(values.meta, 'incremental'))) return 'all'
  const incremental = layers.some(({ values }) => values.materialized === 'incremental' || isSet(values.incremental))
  return incremental ? 'unmistakable' : 'none'
}

/** The keys of `meta` that a reading takes as configuration. */
export function metaSpellings(reading: MetaReading): readonly string[] {
  if (reading === 'none') return []
  return reading === 'all' ? ['incremental', ...incrementalSpellings] : unmistakable
}

/** All settings of a layer, nested ones too; empty (null) ones and unknown keys are left out. */
export function entriesOf(layer: ConfigLayer, reading: MetaReading): readonly ConfigEntry[] {
  if (layer.origin === 'delta_file') return deltaFileEntries(layer)
  return Object.entries(layer.values).flatMap(([spelling, value]) => {
    const own = entry(layer, [spelling], value)
    if (spelling !== 'meta') return own
    return [...own, ...nested(layer, ['meta'], value, metaSpellings(reading))]
  })
}

function deltaFileEntries(layer: ConfigLayer): readonly ConfigEntry[] {
  return Object.entries(layer.values).flatMap(([spelling, value]) => {
    if (!isSet(value)) return []
    if (spelling !== 'sql' && spelling !== 'watermark') return entry(layer, [spelling], value)
    return [{ key: 'delta' as const, value: { [spelling]: value }, spelling, path: [spelling], layer }]
  })
}

function entry(layer: ConfigLayer, path: readonly string[], value: unknown): readonly ConfigEntry[] {
  const spelling = path.at(-1) ?? ''
  const key = canonicalKey(spelling)
  if (key === undefined || !isSet(value)) return []
  if (key === 'delta_sql') return [{ key: 'delta', value: { sql: value }, spelling, path, layer }]
  if (key === 'snapshot') return nested(layer, path, value, incrementalSpellings)
  if (key === 'incremental' && isMap(value)) {
    const enabled = value.enabled !== false
    return [{ key, value: enabled, spelling, path, layer }, ...nested(layer, path, value, incrementalSpellings)]
  }
  return [{ key, value: normalized(key, value), spelling, path, layer }]
}

function nested(
  layer: ConfigLayer,
  path: readonly string[],
  value: unknown,
  known: readonly string[],
): readonly ConfigEntry[] {
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([spelling, each]) =>
    known.includes(spelling) ? entry(layer, [...path, spelling], each) : [],
  )
}

const lists: ReadonlySet<ModelKey> = new Set([
  'unique_key',
  'tags',
  'engines',
  'partition_by',
  'predicates',
  'update_columns',
  'exclude_columns',
  'check_cols',
])

function normalized(key: ModelKey, value: unknown): unknown {
  if (key === 'strategy') return Object.hasOwn(strategyAliases, String(value)) ? aliasOf(String(value)) : value
  if (key === 'hard_deletes') return value === 'invalidate' ? 'close' : value
  if (!lists.has(key)) return value
  const items = (Array.isArray(value) ? value : [value]).filter((item) => item !== '')
  return [...new Set(key === 'engines' ? items.map(engineName) : items)]
}

function aliasOf(strategy: string): string {
  return new Map<string, string>(Object.entries(strategyAliases)).get(strategy) ?? strategy
}

/** The one name of an engine; names that fft does not know stay as they are. */
export function engineName(name: unknown): string {
  const lower = String(name).toLowerCase()
  return engineSection(lower)?.engine ?? lower
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined
}

function hasKey(value: unknown, key: string): boolean {
  return isMap(value) && isSet(value[key])
}
