import type { ConfigEntry } from './config-entries.js'
import { mergedMaps } from './defined.js'
import type { ModelKey } from './model-keys.js'
import type { PlacedText } from './types.js'
import { isMap } from './values.js'

/** An entry and the strength of the file that it stands in. */
export interface RankedEntry extends ConfigEntry {
  /** Higher is stronger. */
  readonly rank: number
}

/** The entries of all files of one configuration, to be asked key by key. */
export class MergedConfig {
  readonly #entries: ReadonlyMap<ModelKey, readonly RankedEntry[]>

  /** Weakest file first. */
  constructor(files: readonly (readonly ConfigEntry[])[]) {
    const byKey = new Map<ModelKey, RankedEntry[]>()
    for (const [rank, entries] of files.entries()) {
      for (const entry of entries) byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), { ...entry, rank }])
    }
    this.#entries = byKey
  }

  keys(): readonly ModelKey[] {
    return [...this.#entries.keys()]
  }

  all(key: ModelKey): readonly RankedEntry[] {
    return this.#entries.get(key) ?? []
  }

  strongest(key: ModelKey): RankedEntry | undefined {
    return this.all(key).at(-1)
  }

  value(key: ModelKey): unknown {
    return this.strongest(key)?.value
  }

  text(key: ModelKey): string | undefined {
    const value = this.value(key)
    return typeof value === 'string' ? value : undefined
  }

  flag(key: ModelKey): boolean | undefined {
    const value = this.value(key)
    return typeof value === 'boolean' ? value : undefined
  }

  list(key: ModelKey): readonly string[] | undefined {
    const value = this.value(key)
    return Array.isArray(value) ? value.map(String) : undefined
  }

  /** The union over all files, weakest first. */
  union(key: ModelKey): readonly string[] {
    return [...new Set(this.all(key).flatMap(({ value }) => (Array.isArray(value) ? value.map(String) : [])))]
  }

  map(key: ModelKey): Readonly<Record<string, unknown>> | undefined {
    const value = this.value(key)
    return isMap(value) ? value : undefined
  }

  /** Maps of all files merged, key by key. */
  mergedMap(key: ModelKey): Readonly<Record<string, unknown>> {
    return mergedMaps(this.all(key).map(({ value }) => (isMap(value) ? value : undefined)))
  }

  /** SQL texts of all files, weakest first. */
  texts(key: ModelKey): readonly PlacedText[] {
    return this.all(key).flatMap((entry) =>
      Array.isArray(entry.value)
        ? entry.value.flatMap((item, index) => hookText(entry, item, [index]))
        : hookText(entry, entry.value, []),
    )
  }
}

function hookText(entry: ConfigEntry, value: unknown, below: readonly (string | number)[]): readonly PlacedText[] {
  if (isMap(value)) return hookText(entry, value.sql, [...below, 'sql'])
  return typeof value === 'string' ? [placedText(entry, value, below)] : []
}

/** A string of an entry as a template; computed text stands wholly at the place of its value. */
export function placedText(entry: ConfigEntry, text: string, below: readonly (string | number)[]): PlacedText {
  const path = [...entry.path, ...below]
  const literal = entry.layer.textAt(path)
  if (literal !== undefined) return literal
  const { file, line, column } = entry.layer.placeOf(path)
  return { file, text, origin: () => ({ line, column }) }
}
