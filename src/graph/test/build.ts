import type { ModelConfig, PlacedModelConfig } from '../../config/index.js'
import { type ResourceType, type SourceSpan, type UniqueId, uniqueId } from '../../core/index.js'
import type {
  ModelNode,
  Node,
  ParsedProject,
  RefCall,
  SeedNode,
  SourceCall,
  SourceNode,
  TestNode,
} from '../../parse/index.js'
import { type LinkOptions, linkDag } from '../link-dag.js'
import type { Dag } from '../types.js'

export const projectName = 'shop'

interface ModelSpec {
  readonly refs?: readonly string[]
  readonly sources?: readonly (readonly [string, string])[]
  readonly tags?: readonly string[]
  readonly config?: Partial<ModelConfig>
  /** Folder below `models/`. */
  readonly folder?: string
  readonly packageName?: string
  readonly type?: 'model' | 'snapshot'
  readonly language?: 'sql' | 'typescript'
  readonly columns?: readonly string[]
}

/** The n-th reference of a file stands on line n + 1. */
export function model(name: string, spec: ModelSpec = {}): ModelNode {
  const folder = spec.folder === undefined ? '' : `${spec.folder}/`
  const language = spec.language ?? 'sql'
  const path = `models/${folder}${name}.ff.${language === 'sql' ? 'sql' : 'ts'}`
  const config = modelConfig(spec.config)
  const placed: PlacedModelConfig = { config, placeOf: () => at(path) }
  const packageName = spec.packageName ?? projectName
  return {
    ...base(spec.type ?? 'model', name, path, packageName),
    resourceType: spec.type ?? 'model',
    fqn: [packageName, ...(spec.folder?.split('/') ?? []), name],
    tags: spec.tags ?? config.tags,
    language,
    config: { ...config, tags: spec.tags ?? config.tags },
    placed,
    columns: (spec.columns ?? []).map((column) => ({ name: column, tests: [], tags: [], meta: {} })),
    ...calls(path, spec.refs, spec.sources),
    watermarks: [],
    constraints: [],
    usesRunQuery: false,
    rawCode: '',
    checksum: '',
  }
}

export function seed(name: string, spec: { tags?: readonly string[]; config?: Partial<ModelConfig> } = {}): SeedNode {
  const path = `seeds/${name}.csv`
  return {
    ...base('seed', name, path),
    resourceType: 'seed',
    tags: spec.tags ?? [],
    config: modelConfig(spec.config),
    columns: [],
    file: { path, name, format: 'csv', sizeBytes: 0, modifiedMs: 0 },
    sharedTypes: [],
    columnTypes: {},
    metaColumns: false,
  }
}

export function source(sourceName: string, table: string, tags: readonly string[] = []): SourceNode {
  const path = 'models/sources.yml'
  const shared = { columns: [], tags, meta: {}, span: at(path) }
  return {
    ...base('source', table, path),
    uniqueId: uniqueId('source', projectName, sourceName, table),
    resourceType: 'source',
    fqn: [projectName, sourceName, table],
    ...shared,
    source: { ...shared, sourceName, name: table, identifier: table, tests: [] },
  }
}

interface TestSpec {
  readonly column?: string
  readonly refs?: readonly string[]
  readonly tags?: readonly string[]
  readonly test?: string
  readonly enabled?: boolean
}

export function genericTest(on: Node, spec: TestSpec = {}): TestNode {
  const kind = spec.test ?? 'not_null'
  const name = [kind, on.name, spec.column].filter((part) => part !== undefined).join('_')
  const path = 'models/schema.yml'
  const { refs, sources } = calls(path, spec.refs)
  const shared = { severity: 'error' as const, enabled: spec.enabled ?? true, tags: spec.tags ?? [], span: at(path) }
  return {
    ...base('test', name, path),
    uniqueId: uniqueId('test', projectName, name, 'abcdef0123'),
    resourceType: 'test',
    ...shared,
    test: {
      kind: 'generic',
      attachedTo: on.uniqueId,
      alias: name,
      config: { test: kind, arguments: {}, ...shared },
      ...(spec.column === undefined ? {} : { column: spec.column }),
    },
    refs,
    sources,
  }
}

export function singularTest(name: string, refs: readonly string[], tags: readonly string[] = []): TestNode {
  const path = `tests/${name}.sql`
  return {
    ...base('test', name, path),
    resourceType: 'test',
    tags,
    severity: 'error',
    enabled: true,
    test: { kind: 'singular', template: { file: path, body: [], macros: [] }, rawCode: '' },
    ...calls(path, refs),
  }
}

/** `left`: what is out of the graph but named in messages. */
export function project(
  nodes: readonly Node[],
  left: Partial<Pick<ParsedProject, 'disabled' | 'otherEngines'>> = {},
): ParsedProject {
  return { projectName, groups: [], nodes, disabled: [], otherEngines: [], ...left }
}

export function otherEngine(name: string, ...engines: readonly string[]): ParsedProject['otherEngines'][number] {
  return { name, engines, span: at(`models/${name}.ff.sql`) }
}

/** Links and fails loudly: for tests about anything but linking. */
export function dagOf(parsed: ParsedProject | readonly Node[], options?: LinkOptions): Dag {
  const { dag, diagnostics } = linkDag('nodes' in parsed ? parsed : project(parsed), options)
  if (dag === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'))
  return dag
}

/** Models from lines like `c < a b` (c reads a and b). */
export function models(text: string): readonly ModelNode[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...refs] = line.trim().split(/[\s<]+/)
      return model(name, { refs })
    })
}

/** Last parts of the ids. */
export function names(ids: Iterable<UniqueId>): string[] {
  return [...ids].map((id) =>
    id
      .replace(/^test\.(.*)\.\w{10}$/, 'test.$1')
      .split('.')
      .slice(2)
      .join('.'),
  )
}

function base(type: ResourceType, name: string, path: string, packageName = projectName) {
  return {
    uniqueId: uniqueId(type, packageName, name),
    name,
    packageName,
    fqn: [packageName, name],
    path,
    tags: [],
    description: '',
    meta: {},
    span: at(path),
  }
}

function calls(path: string, refs: readonly string[] = [], sources: readonly (readonly [string, string])[] = []) {
  const refCalls: RefCall[] = refs.map((ref, i) => {
    const [name = '', packageName] = ref.split('.').reverse()
    return { name, span: at(path, i + 2), ...(packageName === undefined ? {} : { package: packageName }) }
  })
  const sourceCalls: SourceCall[] = sources.map(([sourceName, table], i) => {
    return { source: sourceName, table, span: at(path, refs.length + i + 2) }
  })
  return { refs: refCalls, sources: sourceCalls }
}

function modelConfig(config: Partial<ModelConfig> = {}): ModelConfig {
  return {
    materialized: 'table',
    enabled: true,
    tags: [],
    engines: [],
    meta: {},
    preHook: [],
    postHook: [],
    other: {},
    ...config,
  }
}

function at(file: string, line = 1): SourceSpan {
  return { file, line, column: 1 }
}
