import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Adapter, adapterOf, type SchemaName } from '../adapters/index.js'
import type { LoadedCodeModel } from '../code/index.js'
import type { CompiledNode } from '../compile/index.js'
import type { Profile, YamlFile } from '../config/index.js'
import {
  type Diagnostic,
  hasErrors,
  ProjectError,
  type Relation,
  type SourceSpan,
  type UniqueId,
} from '../core/index.js'
import { type Dag, linkDag } from '../graph/index.js'
import type { Hook, TemplateContext } from '../parse/index.js'
import type { MacroText } from '../report/index.js'
import { type CachedGraph, type GraphCache, openGraphCache } from './graph-cache.js'
import type { AppContext, GlobalOptions } from './options.js'

/** The linked project and what every command needs beside it. */
export interface LoadedGraph {
  readonly name: string
  readonly dir: string
  readonly profile: Profile
  readonly vars: Readonly<Record<string, unknown>>
  readonly adapter: Adapter
  readonly dag: Dag
  readonly relations: ReadonlyMap<UniqueId, Relation>
  /** Where unqualified names go. */
  readonly defaults: SchemaName
  readonly stateSchema: SchemaName
  /** Absolute folder of the artifacts. */
  readonly targetDir: string
  readonly macros: readonly MacroText[]
  /** Of `project.yml`; a project with hooks is not cached. */
  readonly hooks: readonly Hook[]
  /** Undefined when the graph came from the cache: then nothing can be rendered. */
  readonly context: TemplateContext | undefined
  /** What was compiled before, when the graph came from the cache. */
  readonly compiled: ReadonlyMap<UniqueId, CompiledNode> | undefined
  readonly cache: GraphCache | undefined
  /** The place that stands for a node; a graph from the cache reads the project again to find it. */
  readonly placeOf: (id: UniqueId) => Promise<SourceSpan | undefined>
  readonly selectors: () => Promise<YamlFile | undefined>
  readonly environment: () => Promise<Readonly<Record<string, string>>>
  readonly codeModel: (path: string) => Promise<LoadedCodeModel | undefined>
}

export interface LoadRequest {
  /** Compiled SQL is wanted too, so that nothing has to be rendered. */
  readonly compiled?: boolean
  /** Templates will be rendered: the cache cannot help. */
  readonly render?: boolean
  /** Told as soon as it is known where the project runs. */
  readonly onProfile?: (adapter: Adapter, profile: Profile, targetDir: string) => void
}

/** Reads, parses and links the project, from the cache when nothing has changed. Throws ProjectError. */
export async function loadGraph(
  options: GlobalOptions,
  app: AppContext,
  request: LoadRequest = {},
): Promise<LoadedGraph> {
  const cache = openGraphCache(options, app)
  if (cache !== undefined && request.render !== true) {
    const [cached, compiled] = await Promise.all([cache.load(), request.compiled ? cache.loadCompiled() : undefined])
    if (cached !== undefined) {
      for (const diagnostic of cached.warnings) app.emit({ type: 'diagnostic', diagnostic })
      const adapter = await adapterOf(cached.profile.engine)
      request.onProfile?.(adapter, cached.profile, targetOf(options))
      return warmGraph(cached, { options, cache, compiled, app, adapter })
    }
  }
  const { loadColdGraph } = await import('./load-cold-graph.js')
  return loadColdGraph(options, app, cache, request)
}

/** The folder of a project that names no other one: such projects alone are cached. */
function targetOf({ targetPath, projectDir }: GlobalOptions): string {
  return targetPath ?? `${projectDir}/target`
}

interface Warm {
  readonly options: GlobalOptions
  readonly cache: GraphCache
  readonly compiled: ReadonlyMap<UniqueId, CompiledNode> | undefined
  readonly app: AppContext
  readonly adapter: Adapter
}

function warmGraph(cached: CachedGraph, { options, cache, compiled, app, adapter }: Warm): LoadedGraph {
  const seeds = new Map(cached.seedOfSource)
  const { dag, diagnostics } = linkDag(cached.parsed, { sourceOfSeed: (source) => seeds.get(source.uniqueId) })
  if (dag === undefined) throw new ProjectError(diagnostics)
  const defaults = adapter.defaults(cached.profile)
  const cold = async () => import('./project-files.js')
  return {
    name: cached.projectName,
    dir: options.projectDir,
    profile: cached.profile,
    vars: cached.vars,
    adapter,
    dag,
    relations: new Map(cached.relations),
    defaults,
    stateSchema: { ...defaults, schema: cached.stateSchema },
    targetDir: targetOf(options),
    macros: cached.macros,
    hooks: [],
    context: undefined,
    compiled,
    cache,
    placeOf: async (id) => {
      const node = dag.nodes.get(id)
      if (node?.resourceType !== 'test') return node?.span
      const { loadColdGraph } = await import('./load-cold-graph.js')
      return (await loadColdGraph(options, app, undefined)).dag.nodes.get(id)?.span
    },
    selectors: async () => {
      if (!existsSync(join(options.projectDir, 'selectors.yml'))) return undefined
      return (await cold()).readSelectors(options.projectDir)
    },
    environment: async () => (await cold()).readEnvironment(options, cached.profile.env),
    codeModel: async (path) => (await cold()).readCodeModel(options.projectDir, path),
  }
}

/** Shows warnings; throws when there is an error among the diagnostics. */
export function stopOnErrors(diagnostics: readonly Diagnostic[], app: AppContext): void {
  if (hasErrors(diagnostics)) throw new ProjectError(diagnostics)
  for (const diagnostic of diagnostics) app.emit({ type: 'diagnostic', diagnostic })
}
