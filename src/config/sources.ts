import type { Diagnostic, SourceSpan } from '../core/index.js'
import { check } from './check.js'
import { readColumns } from './columns.js'
import { engineName } from './config-entries.js'
import { namesIn, testsOf } from './data-tests.js'
import { defined, mergedMaps } from './defined.js'
import { diagnostic } from './diagnostics.js'
import { type PlacingItem, type SourceItem, sourceListSchema, sourcesSchema, type TableItem } from './sources-schema.js'
import type { SourceProperties, ValuePath, YamlFile } from './types.js'
import { isMap } from './values.js'

/** The source tables of a file, and what is wrong with them. */
export interface SourcesFile {
  readonly sources: readonly SourceProperties[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Checks `sources.yml` and merges source → table → `*` override → override of the engine. Reports 'unknown-key',
 * 'wrong-value', 'missing-key', 'test-form', 'tests-and-data-tests', 'duplicate-source'.
 */
export function checkSources(yaml: YamlFile, engine: string): SourcesFile {
  if (yaml.value === null) return { sources: [], diagnostics: [] }
  const { value, diagnostics } = check(sourcesSchema, yaml.value, yaml)
  return value === undefined ? { sources: [], diagnostics } : readSources(yaml, value.sources ?? [], engine)
}

/** The same for the `sources:` of a properties YAML, whose other keys `checkProperties` checks. */
export function sourcesInProperties(yaml: YamlFile, engine: string): SourcesFile {
  const items = isMap(yaml.value) ? yaml.value.sources : undefined
  const { value } = check(sourceListSchema, items ?? [], yaml, ['sources'])
  return readSources(yaml, value ?? [], engine)
}

/** Reports tables that are defined twice, in one file or in two: 'duplicate-source-table'. */
export function duplicateSources(sources: readonly SourceProperties[]): readonly Diagnostic[] {
  const seen = new Map<string, SourceProperties>()
  return sources.flatMap((source) => {
    const id = JSON.stringify([source.sourceName, source.name])
    const first = seen.get(id)
    seen.set(id, first ?? source)
    if (first === undefined) return []
    const params = { source: source.sourceName, name: source.name }
    return [diagnostic('duplicate-source-table', params, source.span, [{ message: 'the first one', span: first.span }])]
  })
}

function readSources(yaml: YamlFile, items: readonly SourceItem[], engine: string): SourcesFile {
  const tables = items.flatMap((source, index) => {
    if (source.enabled === false || source.config?.enabled === false) return []
    return (source.tables ?? []).flatMap((table, at) => {
      if (table.enabled === false || table.config?.enabled === false) return []
      return [readTable({ yaml, source, table, engine, path: ['sources', index, 'tables', at] })]
    })
  })
  const sources = tables.map((each) => each.properties)
  return {
    sources,
    diagnostics: [
      ...tables.flatMap((each) => each.diagnostics),
      ...twice(items, (index) => yaml.placeOf(['sources', index, 'name'])),
    ],
  }
}

function twice(items: readonly SourceItem[], placeOf: (index: number) => SourceSpan): readonly Diagnostic[] {
  return items.flatMap(({ name }, index) => {
    const first = items.findIndex((other) => other.name === name)
    if (first === index) return []
    return [
      diagnostic('duplicate-source', { name }, placeOf(index), [{ message: 'the first one', span: placeOf(first) }]),
    ]
  })
}

interface TableIn {
  readonly yaml: YamlFile
  readonly source: SourceItem
  readonly table: TableItem
  readonly engine: string
  readonly path: ValuePath
}

function readTable({ yaml, source, table, engine, path }: TableIn) {
  const place = [source, table, ...overrides(source, engine), ...overrides(table, engine)].reduce<PlacingItem>(
    mergePlacing,
    {},
  )
  const said = [source, source.config, table, table.config].flatMap((each) => each ?? [])
  const tags = [...new Set(said.flatMap((each) => namesIn(each.tags)))]
  const columns = readColumns(yaml, table.columns ?? [], path, [])
  const { tests, diagnostics } = testsOf(table, path, yaml)
  // As in dbt: `freshness: null` at a table takes away what its source says.
  const freshness = said.map((each) => each.freshness).findLast((each) => each !== undefined) ?? undefined
  const properties: SourceProperties = defined({
    sourceName: source.name,
    name: table.name,
    identifier: place.identifier ?? table.name,
    schema: place.schema ?? place.dataset,
    database: place.database ?? place.catalog ?? place.project,
    description: table.description,
    tags,
    meta: mergedMaps(said.map((each) => each.meta)),
    columns: columns.columns,
    tests,
    loadedAtField: last(said.map((each) => each.loaded_at_field ?? each.freshness?.loaded_at_field)),
    freshness,
    eventTime: last(said.map((each) => each.event_time)),
    external: externalOf(place),
    span: yaml.placeOf([...path, 'name']),
  })
  return { properties, diagnostics: [...columns.diagnostics, ...diagnostics] }
}

/** The overrides that apply, weakest first: `*` (or `default`, `any`), then the engine's. */
function overrides({ overrides: all }: SourceItem | TableItem, engine: string): readonly PlacingItem[] {
  const entries = Object.entries(all ?? {})
  const wildcard = ['*', 'default', 'any'].flatMap((name) => entries.filter(([each]) => each === name)).slice(0, 1)
  const own = entries.filter(([each]) => engineName(each) === engine)
  return [...wildcard, ...own].map(([, placing]) => placing)
}

const sameMeaning = [
  ['schema', 'dataset'],
  ['database', 'catalog', 'project'],
  ['external', 'location'],
] as const

/** A stronger spelling of the same thing replaces a weaker one; `options` are merged key by key. */
function mergePlacing(weaker: PlacingItem, stronger: PlacingItem): PlacingItem {
  const set = Object.entries(stronger).filter(([, value]) => value !== null && value !== undefined)
  const replaced = sameMeaning.filter((group) => group.some((each) => set.some(([key]) => key === each))).flat()
  const kept = Object.entries(weaker).filter(([key]) => !replaced.some((each) => each === key))
  const options = { ...weaker.options, ...stronger.options }
  return { ...Object.fromEntries([...kept, ...set]), ...(Object.keys(options).length === 0 ? {} : { options }) }
}

function externalOf(place: PlacingItem): Readonly<Record<string, unknown>> | undefined {
  const { external, location, format, options } = place
  if (typeof external === 'string') return defined({ location: external, format, options })
  if (external !== null && external !== undefined) return defined({ format, options, ...external })
  return location === null || location === undefined ? undefined : defined({ location, format, options })
}

function last<Value>(values: readonly (Value | null | undefined)[]): Value | undefined {
  return values.findLast((value) => value !== null && value !== undefined) ?? undefined
}
