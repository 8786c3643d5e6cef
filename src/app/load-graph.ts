import { type Adapter, adapterOf, type SchemaName } from '../adapters/index.js'
import type { LoadedCodeModel } from '../code/index.js'
import { assignRelations } from '../compile/index.js'
import { type Diagnostic, hasErrors, ProjectError, type Relation, relationName, type UniqueId } from '../core/index.js'
import { type Dag, linkDag } from '../graph/index.js'
import {
  type CodeModelSource,
  collectMacros,
  type ParsedProject,
  parseProject,
  type SourceNode,
  type TemplateContext,
} from '../parse/index.js'
import { loadProject, type Project, type ProjectFile } from '../project/index.js'
import { type ParsedTemplate, parseTemplate } from '../template/index.js'
import type { AppContext, GlobalOptions } from './options.js'

/** The linked project and what every command needs beside it. */
export interface LoadedGraph {
  readonly project: Project
  readonly adapter: Adapter
  readonly context: TemplateContext
  readonly dag: Dag
  readonly relations: ReadonlyMap<UniqueId, Relation>
  readonly codeModels: ReadonlyMap<string, LoadedCodeModel>
  readonly stateSchema: SchemaName
  /** Absolute folder of the artifacts. */
  readonly targetDir: string
}

/** Reads, parses and links the project. Throws ProjectError with every fault of the stage that failed. */
export async function loadGraph(options: GlobalOptions, app: AppContext): Promise<LoadedGraph> {
  const project = await loadProject(options)
  app.hideSecrets(project.profile.sources.filter((setting) => setting.secret).map((setting) => String(setting.value)))
  warn(project.warnings, app)
  const adapter = adapterOf(project.profile.engine)
  const parse = templateParser()
  const macros = collectMacros(project.macros, parse)
  const context = templateContext({ project, adapter, macros: macros.macros, parse, app })
  const code = await loadCode(project, options)
  const sources = code.models.map((model) => codeSource(model, project))
  const { parsed, diagnostics } = parseProject({ project, context, codeModels: sources, parse })
  stopOnErrors([...macros.diagnostics, ...code.diagnostics, ...diagnostics], app)
  const { relations, diagnostics: clashes } = assignRelations(parsed, context)
  stopOnErrors(clashes, app)
  const { dag, diagnostics: linkFaults } = linkDag(parsed, { sourceOfSeed: seedFinder(parsed, relations) })
  stopOnErrors(linkFaults, app)
  if (dag === undefined) throw new ProjectError(linkFaults)
  const codeModels = new Map(code.models.map((model) => [model.path, model]))
  return {
    project,
    adapter,
    context,
    dag,
    relations,
    codeModels,
    stateSchema: { ...adapter.defaults(project.profile), schema: project.config.stateSchema },
    targetDir: targetDir(options, project),
  }
}

/** Shows warnings; throws when there is an error among the diagnostics. */
export function stopOnErrors(diagnostics: readonly Diagnostic[], app: AppContext): void {
  if (hasErrors(diagnostics)) throw new ProjectError(diagnostics)
  warn(diagnostics, app)
}

function warn(diagnostics: readonly Diagnostic[], app: AppContext): void {
  for (const diagnostic of diagnostics) app.emit({ type: 'diagnostic', diagnostic })
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
  macros: TemplateContext['macros']
  parse: (file: ProjectFile) => ParsedTemplate
  app: AppContext
}): TemplateContext {
  const { project, adapter, macros, parse, app } = input
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
    macros,
    load: (path) => {
      const file = [path, `models/${path}`].map((candidate) => project.templates.get(candidate)).find((found) => found)
      return file === undefined ? undefined : parse(file).template
    },
  }
}

async function loadCode(project: Project, options: GlobalOptions) {
  if (project.codeModels.length === 0) return { models: [], diagnostics: [] }
  const { loadCodeModels } = await import('../code/index.js')
  return loadCodeModels(project.codeModels, { projectDir: options.projectDir })
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
  return (source: SourceNode) => {
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
