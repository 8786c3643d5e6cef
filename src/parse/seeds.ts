import {
  type ConfigLayer,
  type PlacedModelConfig,
  type ResourceProperties,
  resolveModelConfig,
  type YamlFile,
} from '../config/index.js'
import { type Diagnostic, type SourceSpan, uniqueId } from '../core/index.js'
import type { Project, SeedFile } from '../project/index.js'
import type { TemplateContext } from './context.js'
import { checkName, fqnOf } from './names.js'
import type { SeedNode } from './nodes.js'

/** One seed file as a node; undefined when it is disabled. */
export function parseSeed(
  file: SeedFile,
  properties: ResourceProperties | undefined,
  project: Project,
  context: TemplateContext,
): { node?: SeedNode; placed: PlacedModelConfig; diagnostics: readonly Diagnostic[] } {
  const span: SourceSpan = { file: file.path, line: 1, column: 1 }
  const projectName = context.facts.projectName
  const fqn = fqnOf(projectName, file.path, 'seeds', file.name)
  const layers = [
    ...project.config.seedLayers(fqn.slice(1, -1), file.name),
    ...(properties?.config === undefined ? [] : [properties.config]),
  ]
  const { resolved, diagnostics } = resolveModelConfig(layers, { modelFile: file.path, resource: 'seed' })
  const { config } = resolved
  if (!config.enabled) return { placed: resolved, diagnostics }
  const upstream = upstreamSchema(project.seedSchema, file, context.facts.engine)
  const declared = declaredTypes(properties)
  const node: SeedNode = {
    uniqueId: uniqueId('seed', projectName, file.name),
    resourceType: 'seed',
    name: file.name,
    packageName: projectName,
    fqn,
    path: file.path,
    tags: config.tags,
    description: config.description ?? properties?.description ?? '',
    meta: config.meta,
    span,
    config,
    columns: properties?.columns ?? [],
    file,
    columnTypes: { ...upstream.columnTypes, ...declared, ...textMap(config.other['column_types']) },
    sharedTypes: sharedTypes(layers, declared),
    metaColumns: config.other['meta_columns'] === true,
    ...(typeof config.other['delimiter'] === 'string' ? { delimiter: config.other['delimiter'] } : {}),
    ...(upstream.target === undefined ? {} : { target: upstream.target }),
  }
  return { node, placed: resolved, diagnostics: [...checkName(file.name, 'seed', span), ...diagnostics] }
}

/** Columns whose types project.yml alone gives. */
function sharedTypes(layers: readonly ConfigLayer[], declared: Readonly<Record<string, string>>): readonly string[] {
  const columnsOf = (ofProject: boolean) =>
    layers
      .filter(({ origin }) => (origin === 'project') === ofProject)
      .flatMap(({ values }) => Object.keys(recordOf(values['column_types'])))
  const own = new Set([...columnsOf(false), ...Object.keys(declared)])
  return columnsOf(true).filter((column) => !own.has(column))
}

function declaredTypes(properties: ResourceProperties | undefined): Record<string, string> {
  return Object.fromEntries(
    (properties?.columns ?? []).flatMap((column) =>
      column.dataType === undefined ? [] : [[column.name, column.dataType]],
    ),
  )
}

/** Upstream's `seeds/schema.yml`: where a seed goes and which types its columns have. */
function upstreamSchema(yaml: YamlFile | undefined, file: SeedFile, engine: string) {
  const root = recordOf(yaml?.value)
  const id = file.path.replace(/^seeds\//, '').replace(/\.[^./]+$/, '')
  const targets = recordOf(root['targets'])
  const target = recordOf(targets[id] ?? targets[id.replaceAll('/', '.')] ?? targets[file.name])
  const table = typeof target['table'] === 'string' ? target['table'] : undefined
  const byEngine = recordOf(target['schema_by_engine'])[engine]
  const schema = byEngine ?? target['schema']
  const columns = recordOf(recordOf(root['columns'])[table ?? file.name])
  const columnTypes = Object.fromEntries(
    Object.entries(columns).flatMap(([name, type]): [string, string][] => {
      const wanted =
        typeof type === 'string' ? type : (recordOf(recordOf(type)['engines'])[engine] ?? recordOf(type)['type'])
      return typeof wanted === 'string' ? [[name, wanted]] : []
    }),
  )
  const known = table !== undefined || typeof schema === 'string'
  const place = { ...(typeof schema === 'string' ? { schema } : {}), ...(table === undefined ? {} : { table }) }
  return { columnTypes, ...(known ? { target: place } : {}) }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(recordOf(value)).map(([key, type]) => [key, String(type)]))
}
