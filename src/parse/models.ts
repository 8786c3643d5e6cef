import {
  type ConfigLayer,
  findDeltaFile,
  isEnforced,
  type PlacedModelConfig,
  type ResourceProperties,
  resolveModelConfig,
} from '../config/index.js'
import { type Diagnostic, hasErrors, type SourceSpan, uniqueId } from '../core/index.js'
import type { Project, ProjectFile } from '../project/index.js'
import { type ParsedTemplate, parseTemplate, type Template } from '../template/index.js'
import { placeholderRelation, type TemplateContext } from './context.js'
import { checkContract } from './contracts.js'
import { deltaOf } from './delta.js'
import { deltaFilesOf } from './delta-files.js'
import { parseDiagnostic } from './diagnostics.js'
import { checkName, fqnOf, stemOf } from './names.js'
import type { ModelNode, RefCall } from './nodes.js'
import { modelLayersOf, ownerOf } from './packages.js'
import { emptyRecord, plainName, type Recorded, recordRendering } from './record.js'
import type { SnapshotBlock } from './snapshots.js'

/** A `.ff.ts` model as the code stage loaded it. */
export interface CodeModelSource {
  readonly file: ProjectFile
  /** Declared `name`. */
  readonly name?: string
  readonly deps: readonly RefCall[]
  readonly layer: ConfigLayer
  readonly columnTypes: Readonly<Record<string, string>>
}

export interface ModelInput {
  readonly project: Project
  readonly context: TemplateContext
  readonly properties: ReadonlyMap<string, ResourceProperties>
  parse(file: ProjectFile): ParsedTemplate
}

/** One model, or why there is none for this invocation. */
export type ParsedModel =
  | { readonly kind: 'model'; readonly node: ModelNode; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'disabled'; readonly name: string }
  | {
      readonly kind: 'other_engine'
      readonly name: string
      readonly engines: readonly string[]
      readonly span: SourceSpan
    }
  | { readonly kind: 'faulty'; readonly name: string; readonly diagnostics: readonly Diagnostic[] }

/** Reads one `.ff.sql` file: renders it to see its configuration and references. */
export function parseSqlModel(file: ProjectFile, input: ModelInput): ParsedModel {
  const name = stemOf(file.path, '.ff.sql')
  const { template, diagnostics: syntax } = input.parse(file)
  if (template === undefined) return { kind: 'faulty', name, diagnostics: syntax }
  const recorded = emptyRecord(file.path)
  const self = placeholderRelation(input.context.facts, name)
  recordRendering({ template, context: input.context, self, isIncremental: false }, recorded)
  return finishModel({ file, name, language: 'sql', template, recorded, layer: recorded.config.layer(), syntax }, input)
}

/** Reads a `{% snapshot %}` block: a model with other defaults. */
export function parseSnapshotBlock({ name, file, body, span, origin }: SnapshotBlock, input: ModelInput): ParsedModel {
  const { template, diagnostics: syntax } = parseTemplate({
    file: file.path,
    text: file.text,
    ...(origin === undefined ? {} : { origin }),
  })
  if (template === undefined) return { kind: 'faulty', name, diagnostics: syntax }
  const recorded = emptyRecord(file.path)
  const self = placeholderRelation(input.context.facts, name)
  recordRendering({ template, context: input.context, self, isIncremental: false }, recorded)
  const layer = recorded.config.layer()
  return finishModel({ file, name, language: 'sql', template, recorded, layer, syntax, block: { body, span } }, input)
}

/** Turns a loaded `.ff.ts` file into a node; its references are its `deps`. */
export function parseCodeModel(source: CodeModelSource, input: ModelInput): ParsedModel {
  const recorded = emptyRecord(source.file.path)
  recorded.refs.push(...source.deps)
  const name = plainName(source.name ?? stemOf(source.file.path, '.ff.ts'))
  const base = { file: source.file, name, language: 'typescript' as const, recorded, layer: source.layer, syntax: [] }
  const parsed = finishModel(base, input)
  if (parsed.kind !== 'model') return parsed
  const { materialized } = parsed.node.config
  if (materialized === 'view' || materialized === 'ephemeral') {
    const fault = parseDiagnostic(
      'code-needs-table',
      { name, materialized },
      parsed.node.placed.placeOf('materialized'),
    )
    return { kind: 'faulty', name, diagnostics: [...parsed.diagnostics, fault] }
  }
  const { config, columns } = parsed.node
  const declared = isEnforced(config) ? columns : []
  const ofContract = Object.fromEntries(declared.map(({ name, dataType }) => [name, dataType ?? '']))
  return { ...parsed, node: { ...parsed.node, columnTypes: { ...ofContract, ...source.columnTypes } } }
}

interface Draft {
  readonly file: ProjectFile
  readonly name: string
  readonly language: 'sql' | 'typescript'
  readonly template?: Template
  readonly recorded: Recorded
  readonly layer: ConfigLayer
  readonly syntax: readonly Diagnostic[]
  readonly block?: { readonly body: string; readonly span: SourceSpan }
}

function finishModel(draft: Draft, input: ModelInput): ParsedModel {
  const { file, name, recorded } = draft
  const { span, fqn } = placeOf(draft, input)
  const owner = ownerOf(file.path, input.project)
  const properties = input.properties.get(name)
  const { placed, diagnostics: configFaults } = configure(draft, input, fqn, properties)
  const { config } = placed
  if (!config.enabled) return { kind: 'disabled', name }
  if (config.engines.length > 0 && !config.engines.includes(input.context.facts.engine)) {
    return { kind: 'other_engine', name, engines: config.engines, span: placed.placeOf('engines') }
  }
  const delta = deltaOf({ name, template: draft.template, placed, recorded, context: input.context })
  // Without the faulty keys the delta is not the one that is meant.
  const deltaFaults = hasErrors(configFaults) ? [] : delta.diagnostics
  const diagnostics = [...draft.syntax, ...checkName(name, 'model', span), ...configFaults, ...deltaFaults]
  const type = config.materialized === 'snapshot' ? 'snapshot' : 'model'
  const node: ModelNode = {
    uniqueId: uniqueId(type, owner.name, name),
    resourceType: type,
    name,
    packageName: owner.name,
    fqn,
    path: file.path,
    tags: config.tags,
    description: config.description ?? properties?.description ?? '',
    meta: config.meta,
    span,
    language: draft.language,
    config,
    placed,
    columns: properties?.columns ?? [],
    constraints: properties?.constraints ?? [],
    refs: recorded.refs,
    sources: recorded.sources,
    watermarks: recorded.watermarks,
    usesRunQuery: recorded.usesRunQuery,
    checksum: file.hash,
    ...codeOf(draft),
    ...(delta.delta === undefined ? {} : { delta: delta.delta }),
  }
  const all = [...diagnostics, ...checkContract(node, placed), ...recorded.diagnostics]
  return hasErrors(all) ? { kind: 'faulty', name, diagnostics: all } : { kind: 'model', node, diagnostics: all }
}

/** Where a model is in its file and its project. */
function placeOf({ file, name, block }: Draft, { project }: ModelInput) {
  const owner = ownerOf(file.path, project)
  const folder = block === undefined ? owner.modelsDir : 'snapshots'
  const fqn = fqnOf(owner.name, file.path, folder, name)
  const span: SourceSpan = block?.span ?? { file: file.path, line: 1, column: 1 }
  return { span, fqn }
}

function codeOf({ file, template, block }: Draft): Pick<ModelNode, 'rawCode' | 'isBlock' | 'template'> {
  return {
    rawCode: block?.body ?? file.text,
    ...(block === undefined ? {} : { isBlock: true }),
    ...(template === undefined ? {} : { template }),
  }
}

function configure(
  draft: Draft,
  input: ModelInput,
  fqn: readonly string[],
  properties: ResourceProperties | undefined,
): { placed: PlacedModelConfig; diagnostics: readonly Diagnostic[] } {
  const { config } = input.project
  const folders = fqn.slice(1, -1)
  const isBlock = draft.block !== undefined
  const layers = [
    ...(isBlock
      ? config.snapshotLayers(folders, draft.name)
      : modelLayersOf(ownerOf(draft.file.path, input.project), input.project, folders, draft.name)),
    ...(properties?.config === undefined ? [] : [properties.config]),
    draft.layer,
  ]
  const deltaFile = findDeltaFile(layers, deltaFilesOf(input.project, draft.name, input.context, draft.recorded))
  const { resolved, diagnostics } = resolveModelConfig([...layers, ...deltaFile.layers], {
    modelFile: draft.file.path,
    ...(isBlock ? { resource: 'snapshot' } : {}),
  })
  return { placed: resolved, diagnostics: [...deltaFile.diagnostics, ...diagnostics] }
}

/** Warns about properties and `models.incremental` entries that belong to no model. */
export function unmatchedProperties(input: ModelInput, known: ReadonlySet<string>): readonly Diagnostic[] {
  const names = [...known]
  const entries = input.project.models
    .filter((entry) => !known.has(plainName(entry.properties.name)))
    .map(({ properties }) =>
      parseDiagnostic('properties-unmatched', { name: properties.name, what: 'model', known: names }, properties.span),
    )
  const overlays = input.project.config.incrementalModels
    .filter((entry) => !known.has(plainName(entry.name)))
    .map((entry) => parseDiagnostic('incremental-unmatched', { name: entry.name, known: names }, entry.span))
  return [...entries, ...overlays]
}
