import { join } from 'node:path'
import { type Adapter, adapterOf } from '../adapters/index.js'
import type { LoadedCodeModel, LoadedCodeModels } from '../code/index.js'
import { assignRelations } from '../compile/index.js'
import { secretValues } from '../config/index.js'
import { type Diagnostic, ProjectError, type Relation, relationName, type UniqueId } from '../core/index.js'
import { linkDag } from '../graph/index.js'
import {
  builtInTests,
  type CodeModelSource,
  collectMacros,
  collectTestTypes,
  type ParsedProject,
  parseHooks,
  parseProject,
  type SourceNode,
  standInFor,
  type TemplateContext,
} from '../parse/index.js'
import { loadProject, type Project, type ProjectFile } from '../project/index.js'
import { macrosOf } from '../report/index.js'
import { type ParsedTemplate, parseTemplate } from '../template/index.js'
import type { GraphCache } from './graph-cache.js'
import { type LoadedGraph, type LoadRequest, stopOnErrors } from './load-graph.js'
import type { AppContext, GlobalOptions } from './options.js'

/** Reads, parses and links the project's files; leaves the result in the cache when it may be used again. */
export async function loadColdGraph(
  options: GlobalOptions,
  app: AppContext,
  cache: GraphCache | undefined,
  request: LoadRequest = {},
): Promise<LoadedGraph> {
  const project = await loadProject(options)
  app.hideSecrets(secretValues(project.profile))
  stopOnErrors(project.warnings, app)
  const adapter = await adapterOf(project.profile.engine)
  request.onProfile?.(adapter, project.profile, targetDir(options, project))
  const parse = templateParser()
  const macros = allMacros(project, parse)
  const clock = { isRead: false }
  const broken = new Map<string, readonly Diagnostic[]>()
  const context = templateContext({ project, adapter, macros, parse, app, clock, broken })
  const code = await loadCode(project, options)
  const codeModels = code.models.map((model) => codeSource(model, project))
  const { parsed, diagnostics } = parseProject({ project, context, codeModels, parse })
  const importFaults = faultsOfImported(broken, project)
  const hooks = parseHooks(project, [adapter.dialect.engine, ...adapter.dialect.aliases])
  const reporting = [macros, { diagnostics: [...importFaults, ...code.diagnostics, ...diagnostics] }, hooks]
  const parseFaults = reporting.flatMap((part) => part.diagnostics)
  stopOnErrors(parseFaults, app)
  const { relations, diagnostics: clashes } = assignRelations(parsed, context)
  stopOnErrors(clashes, app)
  const sourceOfSeed = seedFinder(parsed, relations)
  const { dag, diagnostics: linkFaults } = linkDag(parsed, { sourceOfSeed })
  stopOnErrors(linkFaults, app)
  if (dag === undefined) throw new ProjectError(linkFaults)
  const warnings = [...project.warnings, ...parseFaults, ...clashes, ...linkFaults]
  const isCacheable = mayCache({ project, readsClock: clock.isRead }) && hooks.hooks.length === 0
  if (isCacheable) await cache?.save({ ...cachedGraph(project, parsed, relations, sourceOfSeed), warnings })
  return {
    name: project.config.name,
    dir: project.dir,
    profile: project.profile,
    vars: project.vars,
    adapter,
    dag,
    relations,
    defaults: context.facts.defaults,
    stateSchema: { ...adapter.defaults(project.profile), schema: project.config.stateSchema },
    targetDir: targetDir(options, project),
    macros: project.macros.flatMap(macrosOf),
    hooks: hooks.hooks,
    context,
    compiled: undefined,
    cache: isCacheable ? cache : undefined,
    placeOf: async (id) => dag.nodes.get(id)?.span,
    selectors: async () => project.selectors,
    environment: async () => project.environment,
    codeModel: async (path) => code.models.find((model) => model.path === path),
  }
}

/** Macros of the project, and those that files below `tests/` make. */
function allMacros(project: Project, parse: Parameters<typeof collectMacros>[1]) {
  const ofPackage = (path: string) => project.packages.find(({ root }) => path.startsWith(`${root}/`))?.name
  const own = collectMacros(
    project.macros.filter(({ path }) => ofPackage(path) === undefined),
    parse,
  )
  const packages = project.packages.map(({ name }) => {
    const files = project.macros.filter(({ path }) => ofPackage(path) === name)
    return { name, ...collectMacros(files, parse) }
  })
  const tests = collectTestTypes(project.singularTests, builtInTests)
  return {
    // The project's own come last: they stand for a package's of the same name.
    macros: new Map([...packages.flatMap(({ macros }) => [...macros]), ...own.macros, ...tests.macros]),
    packageMacros: new Map(packages.map(({ name, macros }) => [name, macros])),
    diagnostics: [own, tests, ...packages].flatMap(({ diagnostics }) => diagnostics),
  }
}

/** Not cached: what depends on the time, secrets, code that reads the process. */
function mayCache({ project, readsClock }: { project: Project; readsClock: boolean }): boolean {
  const isElsewhere = project.config.targetPath !== undefined || project.environment['FFT_TARGET_PATH'] !== undefined
  const hasSecrets = secretValues(project.profile).length > 0
  const readsProcess = project.codeModels.some(({ text }) =>
    /\bprocess\b|\bDate\b|\brandom\b|\bimport\b[^'"]*['"]\./.test(text),
  )
  // Files of packages lie elsewhere and are not in the cache's key.
  return !readsClock && !isElsewhere && !hasSecrets && !readsProcess && project.packages.length === 0
}

function cachedGraph(
  project: Project,
  parsed: ParsedProject,
  relations: ReadonlyMap<UniqueId, Relation>,
  sourceOfSeed: (source: SourceNode) => UniqueId | undefined,
) {
  const seedOfSource = parsed.nodes.flatMap((node): (readonly [UniqueId, UniqueId])[] => {
    const seed = node.resourceType === 'source' ? sourceOfSeed(node) : undefined
    return seed === undefined ? [] : [[node.uniqueId, seed]]
  })
  return {
    projectName: project.config.name,
    stateSchema: project.config.stateSchema,
    profile: project.profile,
    vars: project.vars,
    parsed,
    relations: [...relations],
    seedOfSource,
    hasCodeModels: project.codeModels.length > 0,
    macros: project.macros.flatMap(macrosOf),
  }
}

/** Each file is parsed once an invocation, however many stages ask for it. */
function templateParser(): (file: ProjectFile) => ParsedTemplate {
  const parsed = new Map<string, ParsedTemplate>()
  return (file) => {
    const known = parsed.get(file.path)
    if (known !== undefined) return known
    const result = parseTemplate({ file: file.path, text: file.text })
    parsed.set(file.path, result)
    return result
  }
}

function templateContext(input: {
  project: Project
  adapter: Adapter
  macros: ReturnType<typeof allMacros>
  parse: (file: ProjectFile) => ParsedTemplate
  app: AppContext
  clock: { isRead: boolean }
  /** Filled with what is wrong with files that templates import. */
  broken: Map<string, readonly Diagnostic[]>
}): TemplateContext {
  const { project, adapter, macros, parse, app, clock, broken } = input
  return {
    facts: {
      projectName: project.config.name,
      env: project.profile.env,
      engine: project.profile.engine,
      defaults: adapter.defaults(project.profile),
      threads: project.profile.threads ?? 1,
      vars: project.vars,
      environment: project.environment,
      runStartedAt: app.clock().toISOString(),
      invocationId: app.invocationId,
    },
    dialect: adapter.dialect,
    macros: macros.macros,
    packageMacros: macros.packageMacros,
    paths: () => project.templates.keys(),
    load: (path) => {
      const ofPackages = project.packages.flatMap(({ root, modelsDir }) => [`${modelsDir}/${path}`, `${root}/${path}`])
      const places = [`${project.config.modelsDir}/${path}`, path, ...ofPackages]
      const file = places.map((place) => project.templates.get(place)).find((found) => found !== undefined)
      if (file === undefined) return undefined
      const { template, diagnostics } = parse(file)
      if (template === undefined) broken.set(file.path, diagnostics)
      return template ?? standInFor(file)
    },
    onClockRead: () => {
      clock.isRead = true
    },
    isClockRead: () => clock.isRead,
  }
}

/** Faults of imported files that no other stage reads. */
function faultsOfImported(broken: ReadonlyMap<string, readonly Diagnostic[]>, project: Project): readonly Diagnostic[] {
  const read = new Set([...project.macros, ...project.sqlModels, ...project.singularTests].map((file) => file.path))
  return [...broken].flatMap(([path, diagnostics]) => (read.has(path) ? [] : diagnostics))
}

async function loadCode(project: Project, options: GlobalOptions): Promise<LoadedCodeModels> {
  if (project.codeModels.length === 0) return { models: [], diagnostics: [] }
  const { loadCodeModels } = await import('../code/index.js')
  const cacheDir = join(targetDir(options, project), 'cache', 'code')
  return loadCodeModels(project.codeModels, { projectDir: options.projectDir, cacheDir })
}

function codeSource(model: LoadedCodeModel, project: Project): CodeModelSource {
  const file = project.codeModels.find((candidate) => candidate.path === model.path)
  return {
    file: file ?? { path: model.path, text: '', hash: '' },
    name: model.name,
    deps: model.deps,
    layer: model.layer,
    columnTypes: model.columnTypes,
  }
}

/** A source on the relation of a seed depends on that seed. */
function seedFinder(parsed: ParsedProject, relations: ReadonlyMap<UniqueId, Relation>) {
  const key = (relation: Relation) => relationName(relation).toLowerCase()
  const seeds = new Map(
    parsed.nodes.flatMap((node) => {
      const relation = node.resourceType === 'seed' ? relations.get(node.uniqueId) : undefined
      return relation === undefined ? [] : [[key(relation), node.uniqueId] as const]
    }),
  )
  return (source: SourceNode): UniqueId | undefined => {
    const relation = relations.get(source.uniqueId)
    return relation === undefined ? undefined : seeds.get(key(relation))
  }
}

function targetDir(options: GlobalOptions, project: Project): string {
  const fromEnvironment = project.environment['FFT_TARGET_PATH']
  if (options.targetPath !== undefined) return options.targetPath
  const relative = fromEnvironment ?? project.config.targetPath ?? 'target'
  return relative.startsWith('/') ? relative : `${options.projectDir}/${relative}`
}
