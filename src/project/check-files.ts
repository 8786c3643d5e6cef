import {
  check,
  checkProperties,
  checkSources,
  deltaSkeleton,
  duplicateSources,
  type GroupProperties,
  type ResourceProperties,
  readBudgets,
  readYaml,
  type SourceProperties,
  seedsSchema,
  sourcesInProperties,
  type YamlFile,
} from '../config/index.js'
import type { Diagnostic } from '../core/index.js'
import { diagnostic } from './diagnostics.js'
import type { FileReader } from './read-files.js'
import type { SortedFiles } from './sort-files.js'
import type { ProjectFile, PropertiesEntry } from './types.js'

/** What the YAML files of a project say, beside `project.yml` and `profiles.yml`. */
export interface CheckedFiles {
  readonly models: readonly PropertiesEntry[]
  readonly seedProperties: readonly PropertiesEntry[]
  readonly sources: readonly SourceProperties[]
  readonly groups: readonly GroupProperties[]
  readonly deltaFiles: ReadonlyMap<string, ProjectFile>
  readonly selectors: YamlFile | undefined
  readonly seedSchema: YamlFile | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads and checks the YAML files of a project. Reports 'duplicate-properties' and what each file's check reports. */
export function checkFiles(files: SortedFiles, reader: FileReader, engine: string): CheckedFiles {
  const yaml = new YamlReader(reader)
  const sources = yaml.first(['sources.yml', 'sources.yaml'])
  const seedSchema = yaml.first(files.seedSchema === undefined ? [] : [files.seedSchema])
  const isUpstream = seedSchema !== undefined && isSeedSchema(seedSchema)
  const properties = yaml.all(files.properties)
  const parts = [
    ...(seedSchema === undefined || isUpstream ? properties : [...properties, seedSchema]).map((each) =>
      propertiesPart(each, engine),
    ),
    ...(sources === undefined ? [] : [{ ...nothing, ...checkSources(sources, engine) }]),
  ]
  const deltas = files.deltaFiles.flatMap((path) => reader.readIfThere(path) ?? [])
  // Files with statements between their keys are YAML only when they are rendered.
  yaml.all(deltas.filter(({ text }) => deltaSkeleton(text) === undefined).map(({ path }) => path))
  const selectors = yaml.first(['selectors.yml', 'selectors.yaml'])
  const rest = [
    checkBudgets(yaml.first(['budgets.yml', 'budgets.yaml'])),
    checkOther(isUpstream ? seedSchema : undefined, seedsSchema),
  ]
  const models = parts.flatMap((part) => part.models)
  const seedProperties = parts.flatMap((part) => part.seedProperties)
  const allSources = parts.flatMap((part) => part.sources)
  const diagnostics = [
    ...yaml.diagnostics,
    ...parts.flatMap((part) => part.diagnostics),
    ...rest.flat(),
    ...twice('model', models),
    ...twice('seed', seedProperties),
    ...duplicateSources(allSources),
  ]
  const known = isUpstream ? seedSchema : undefined
  return {
    models,
    seedProperties,
    sources: allSources,
    groups: parts.flatMap((part) => part.groups),
    deltaFiles: new Map(deltas.map((each) => [each.path, each])),
    selectors,
    seedSchema: known,
    diagnostics,
  }
}

/** Reads YAML files and keeps what is wrong with their syntax. */
class YamlReader {
  readonly diagnostics: Diagnostic[] = []
  readonly #reader: FileReader

  constructor(reader: FileReader) {
    this.#reader = reader
  }

  all(paths: readonly string[]): readonly YamlFile[] {
    return paths.flatMap((path) => {
      const file = this.#reader.readIfThere(path)
      if (file === undefined) return []
      const { yaml, diagnostics } = readYaml(path, file.text)
      this.diagnostics.push(...diagnostics)
      return yaml ?? []
    })
  }

  /** The first of these files that exists. */
  first(paths: readonly string[]): YamlFile | undefined {
    const path = paths.find((each) => this.#reader.readIfThere(each) !== undefined)
    return this.all(path === undefined ? [] : [path])[0]
  }
}

interface Part {
  readonly models: readonly PropertiesEntry[]
  readonly seedProperties: readonly PropertiesEntry[]
  readonly sources: readonly SourceProperties[]
  readonly groups: readonly GroupProperties[]
  readonly diagnostics: readonly Diagnostic[]
}

const nothing: Part = { models: [], seedProperties: [], sources: [], groups: [], diagnostics: [] }

function propertiesPart(yaml: YamlFile, engine: string): Part {
  const { models, snapshots, seeds, groups, diagnostics } = checkProperties(yaml)
  const sources = sourcesInProperties(yaml, engine)
  const entry = (properties: ResourceProperties): PropertiesEntry => ({ file: yaml.file, properties })
  return {
    models: [...models, ...snapshots].map(entry),
    seedProperties: seeds.map(entry),
    sources: sources.sources,
    groups,
    diagnostics: [...diagnostics, ...sources.diagnostics],
  }
}

/** `seeds/schema.yml` is upstream's file unless it looks like properties. */
function isSeedSchema({ value }: YamlFile): boolean {
  if (typeof value !== 'object' || value === null) return true
  const has = (key: string) => Object.hasOwn(value, key)
  return ['targets', 'dtypes', 'columns'].some(has) || !['seeds', 'models', 'sources', 'version'].some(has)
}

function checkOther(yaml: YamlFile | undefined, schema: Parameters<typeof check>[0]): readonly Diagnostic[] {
  return yaml === undefined || yaml.value === null ? [] : check(schema, yaml.value, yaml).diagnostics
}

function checkBudgets(yaml: YamlFile | undefined): readonly Diagnostic[] {
  return yaml === undefined ? [] : readBudgets(yaml).diagnostics
}

function twice(kind: string, entries: readonly PropertiesEntry[]): readonly Diagnostic[] {
  const seen = new Map<string, PropertiesEntry>()
  return entries.flatMap((entry) => {
    const name = entry.properties.name.replace(/\.ff$/, '')
    const first = seen.get(name)
    seen.set(name, first ?? entry)
    if (first === undefined) return []
    const related = [{ message: 'the first one', span: first.properties.span }]
    return [diagnostic('duplicate-properties', { kind, name }, entry.properties.span, related)]
  })
}
