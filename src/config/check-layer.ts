import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import { type Diagnostic, editDistance, type SourceSpan } from '../core/index.js'
import { check } from './check.js'
import { type ConfigEntry, entriesOf, type MetaReading, metaSpellings } from './config-entries.js'
import { diagnostic, show } from './diagnostics.js'
import { valueAt } from './layer.js'
import {
  type ConfiguredResource,
  canonicalKey,
  configEntries,
  configKey,
  configSchema,
  type ModelKey,
} from './model-keys.js'
import type { ConfigLayer } from './types.js'
import { isMap } from './values.js'

/** The settings of one file (several `config()` calls are several layers), and what is wrong with them. */
export interface CheckedLayers {
  /** Only entries whose value is right. */
  readonly entries: readonly ConfigEntry[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Checks keys, values and contradictions of the layers that stand in one file. Reports 'unknown-key', 'wrong-value',
 * 'contradictory-values', 'two-deltas', 'delta-needs-one'.
 */
export function checkLayers(
  layers: readonly ConfigLayer[],
  resource: ConfiguredResource,
  reading: MetaReading,
): CheckedLayers {
  const wrong = layers.flatMap((layer) => [...valueFaults(layer, resource), ...metaFaults(layer, reading)])
  const all = layers.flatMap((layer) => entriesOf(layer, reading))
  const entries = wrong.length === 0 ? all : all.filter(hasRightValue)
  return { entries, diagnostics: [...wrong, ...contradictions(entries), ...deltaFaults(entries)] }
}

function valueFaults(layer: ConfigLayer, resource: ConfiguredResource): readonly Diagnostic[] {
  const values = withoutFreeMeta(layer.values)
  // The whole schema walks over every key there is; nearly all layers set two or three, and set them right.
  const keys: Readonly<Record<string, v.GenericSchema>> = configEntries(resource)
  const isRight = Object.entries(values).every(([key, value]) => {
    const schema = Object.hasOwn(keys, key) ? keys[key] : undefined
    return schema !== undefined && v.is(schema, value)
  })
  return isRight ? [] : check(configSchema(resource), values, layer).diagnostics
}

/** `meta` is free, but has to be a map. */
function withoutFreeMeta(values: ConfigLayer['values']): ConfigLayer['values'] {
  return isMap(values.meta) ? { ...values, meta: {} } : values
}

function metaFaults(layer: ConfigLayer, reading: MetaReading): readonly Diagnostic[] {
  const { meta } = layer.values
  if (reading === 'none' || !isMap(meta)) return []
  const known = metaSpellings(reading)
  return Object.entries(meta).flatMap(([key, value]) => {
    if (known.includes(key))
      return check(v.looseObject({ [key]: metaSchema(key) }), { [key]: value }, layer, ['meta']).diagnostics
    if (reading !== 'all' || !known.some((each) => editDistance(each, key.toLowerCase()) <= 2)) return []
    const near = known.toSorted((a, b) => editDistance(a, key) - editDistance(b, key))[0]
    return [
      diagnostic('unknown-key', { key, hint: `did you mean '${near ?? ''}'?` }, layer.placeOf(['meta', key], 'key')),
    ]
  })
}

function metaSchema(key: string): v.GenericSchema {
  const canonical = canonicalKey(key)
  return canonical === undefined ? v.unknown() : v.nullish(configKey(canonical).schema)
}

function hasRightValue(entry: ConfigEntry): boolean {
  const { key, value } = entry
  if (key === 'incremental') return typeof value === 'boolean'
  return v.is(configKey(key).schema, value)
}

const merged: ReadonlySet<ModelKey> = new Set(['tags', 'meta', 'pre_hook', 'post_hook'])

/** Keys of one file with two different values. */
export function contradictions(entries: readonly ConfigEntry[]): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const seen = new Map<ModelKey, ConfigEntry>()
  for (const entry of entries) {
    const first = seen.get(entry.key)
    if (first !== undefined && !merged.has(entry.key) && !isDeepStrictEqual(first.value, entry.value)) {
      found.push(contradiction(first, entry))
    }
    seen.set(entry.key, first ?? entry)
  }
  return found
}

function contradiction(first: ConfigEntry, second: ConfigEntry): Diagnostic {
  const params = {
    key: second.key,
    first: first.spelling,
    firstValue: show(written(first)),
    second: second.spelling,
    secondValue: show(written(second)),
  }
  return diagnostic('contradictory-values', params, place(second), [{ message: 'the other one', span: place(first) }])
}

function written({ layer, path }: ConfigEntry): unknown {
  return valueAt(layer.values, path)
}

function deltaFaults(entries: readonly ConfigEntry[]): readonly Diagnostic[] {
  const delta = entries.find((entry) => entry.key === 'delta')
  const file = entries.find((entry) => entry.key === 'delta_config')
  if (delta === undefined) return []
  const twice = { message: `the other one, '${delta.spelling}'`, span: place(delta) }
  return [
    ...(saysOneDelta(delta) ? [] : [diagnostic('delta-needs-one', { what: `'${delta.spelling}'` }, place(delta))]),
    ...(file === undefined
      ? []
      : [diagnostic('two-deltas', { first: delta.spelling, second: file.spelling }, place(file), [twice])]),
  ]
}

function saysOneDelta({ value }: ConfigEntry): boolean {
  return !isMap(value) || Object.values(value).filter((each) => each !== null && each !== undefined).length === 1
}

/** The place of an entry's value. */
export function place(entry: ConfigEntry): SourceSpan {
  return entry.layer.placeOf(entry.path)
}
