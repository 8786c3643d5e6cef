/** A node as a manifest shows it, loosely: of fft or of dbt. */
export type ManifestEntry = Readonly<Record<string, unknown>>

/** A manifest as far as it is compared. */
export interface StateManifest {
  readonly nodes: Readonly<Record<string, ManifestEntry>>
  readonly sources: Readonly<Record<string, ManifestEntry>>
  readonly macros: Readonly<Record<string, ManifestEntry>>
}

/** dbt's words for what differs; `other`: the folder. */
export type Change = 'body' | 'configs' | 'relation' | 'persisted_descriptions' | 'macros' | 'contract' | 'other'

export const changes: readonly Change[] = [
  'body',
  'configs',
  'relation',
  'persisted_descriptions',
  'macros',
  'contract',
]

/** What of a node differs between two manifests that both have it. */
export function changesOf(id: string, now: StateManifest, before: StateManifest): ReadonlySet<Change> {
  const source = now.sources[id]
  if (source !== undefined) return sourceChanges(source, before.sources[id] ?? {})
  const node = now.nodes[id] ?? {}
  const old = before.nodes[id] ?? {}
  const found: readonly (readonly [Change, boolean])[] = [
    ['body', !sameBody(node, old)],
    ['configs', !sameKnown(mapOf(node.config), mapOf(old.config), (key) => !placing.includes(key))],
    ['relation', !sameKnown(mapOf(node.config), mapOf(old.config), (key) => placing.includes(key))],
    ['persisted_descriptions', !sameDescriptions(node, old)],
    ['macros', !sameMacros(node, now, before)],
    ['contract', !same(mapOf(node.config).contract, mapOf(old.config).contract)],
    ['other', !same(node.fqn, old.fqn)],
  ]
  return new Set(found.flatMap(([change, isThere]) => (isThere ? [change] : [])))
}

const placing = ['database', 'schema', 'alias']

function sameBody(node: ManifestEntry, old: ManifestEntry): boolean {
  const metadata = same(node.test_metadata, old.test_metadata) && same(node.column_name, old.column_name)
  const hasCode = typeof node.raw_code === 'string' && node.raw_code !== '' && typeof old.raw_code === 'string'
  if (hasCode) return metadata && String(node.raw_code).trim() === String(old.raw_code).trim()
  return metadata && same(node.checksum, old.checksum)
}

/** Keys that both have: what only one of two tools writes says nothing. */
function sameKnown(now: ManifestEntry, before: ManifestEntry, wanted: (key: string) => boolean): boolean {
  const keys = Object.keys(now).filter((key) => wanted(key) && key !== 'contract')
  const gone = Object.keys(before).filter((key) => wanted(key) && incremental.includes(key))
  return [...keys, ...gone].every((key) => {
    const isEmpty = isNothing(now[key]) && isNothing(before[key])
    return isEmpty || same(now[key], before[key])
  })
}

/** Keys that are written only where they are set. */
const incremental = ['incremental_strategy', 'unique_key', 'on_schema_change', 'full_refresh', 'event_time', 'lookback']

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}

function sameDescriptions(node: ManifestEntry, old: ManifestEntry): boolean {
  const persisted = mapOf(mapOf(node.config).persist_docs)
  if (persisted.relation === true && !same(node.description, old.description)) return false
  return persisted.columns !== true || same(node.columns, old.columns)
}

function sameMacros(node: ManifestEntry, now: StateManifest, before: StateManifest): boolean {
  const used = mapOf(node.depends_on).macros
  const ids: readonly unknown[] = Array.isArray(used) ? used : []
  return ids.every((id) => same(now.macros[String(id)]?.macro_sql, before.macros[String(id)]?.macro_sql))
}

function sourceChanges(source: ManifestEntry, old: ManifestEntry): ReadonlySet<Change> {
  const isSame = ['identifier', 'loaded_at_field', 'external'].every((key) => same(source[key], old[key]))
  const sameLimits = sameKnown(mapOf(source.freshness), mapOf(old.freshness), () => true)
  return new Set(isSame && sameLimits ? [] : (['configs'] as const))
}

function mapOf(value: unknown): ManifestEntry {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ManifestEntry) : {}
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a) ?? null) === JSON.stringify(sorted(b) ?? null)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, each]) => each !== null && each !== undefined)
  return Object.fromEntries(
    entries.map(([key, each]) => [key, sorted(each)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}
