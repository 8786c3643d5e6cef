import type { ResourceProperties } from '../config/index.js'
import { type Diagnostic, uniqueId } from '../core/index.js'
import type { Project, ProjectFile } from '../project/index.js'
import type { ParsedTemplate } from '../template/index.js'
import type { TemplateContext } from './context.js'
import { parseDiagnostic } from './diagnostics.js'
import { checkGroups } from './groups.js'
import {
  type CodeModelSource,
  type ModelInput,
  type ParsedModel,
  parseCodeModel,
  parseSnapshotBlock,
  parseSqlModel,
  unmatchedProperties,
} from './models.js'
import { checkUniqueNames } from './names.js'
import type { ModelNode, ParsedProject, SeedNode, SourceNode, TestNode } from './nodes.js'
import { ownerOf } from './packages.js'
import { pendingConfiguration, unmadeConstraints } from './pending.js'
import { plainName } from './record.js'
import { parseSeed } from './seeds.js'
import { snapshotBlocks, snapshotOfYaml } from './snapshots.js'
import { filesOf } from './source-rows.js'
import { isTestType } from './test-types.js'
import { genericTestsOf, singularTest, type TestedNode } from './tests.js'

export interface ParseInput {
  readonly project: Project
  readonly context: TemplateContext
  readonly codeModels: readonly CodeModelSource[]
  /** Parses a file's template; the caller may answer from a cache. */
  parse(file: ProjectFile): ParsedTemplate
}

/** Turns the project's files into nodes with unresolved references. Collects the faults of all of them. */
export function parseProject(input: ParseInput): { parsed: ParsedProject; diagnostics: readonly Diagnostic[] } {
  const { project, context } = input
  const modelInput: ModelInput = {
    project,
    context,
    properties: byName(project.models.map((entry) => entry.properties)),
    parse: input.parse,
  }
  const snapshots = project.snapshotFiles.map(snapshotBlocks)
  const parsedModels: readonly ParsedModel[] = [
    ...project.sqlModels.map((file) => parseSqlModel(file, modelInput)),
    ...input.codeModels.map((source) => parseCodeModel(source, modelInput)),
    ...[
      ...snapshots.flatMap(({ blocks }) => blocks),
      ...project.models.flatMap((entry) => snapshotOfYaml(entry) ?? []),
    ].map((block) => parseSnapshotBlock(block, modelInput)),
  ]
  const models = parsedModels.flatMap((parsed) => (parsed.kind === 'model' ? [parsed.node] : []))
  const seeds = parseSeeds(project, context)
  const sources = project.sources.map((source) => sourceNode(source, project, context))
  const tests = parseTests(input, { models, seeds: seeds.nodes, sources })
  const known = new Set(parsedModels.map((parsed) => (parsed.kind === 'model' ? parsed.node.name : parsed.name)))
  const diagnostics = [
    ...parsedModels.flatMap((parsed) => ('diagnostics' in parsed ? parsed.diagnostics : [])),
    ...snapshots.flatMap((each) => each.diagnostics),
    ...seeds.diagnostics,
    ...tests.diagnostics,
    ...checkUniqueNames([...models, ...seeds.nodes]),
    ...unmatchedProperties(modelInput, known),
    ...unknownTables(project, new Set([...known, ...seeds.nodes.map(({ name }) => name)])),
    ...pendingConfiguration([...models.map(({ placed }) => placed), ...seeds.placed], project, context.dialect),
    ...checkGroups(models, project.groups),
    ...unmadeConstraints(models, context.dialect),
  ]
  const parsed: ParsedProject = {
    projectName: context.facts.projectName,
    groups: project.groups,
    nodes: [...models, ...seeds.nodes, ...sources, ...tests.nodes],
    disabled: parsedModels.flatMap((model) => (model.kind === 'disabled' ? [model.name] : [])),
    otherEngines: parsedModels.flatMap((model) => (model.kind === 'other_engine' ? [model] : [])),
  }
  return { parsed, diagnostics }
}

/** A data test of `project.yml` on a table that nobody has would never run. */
function unknownTables({ config }: Project, known: ReadonlySet<string>): readonly Diagnostic[] {
  const lost = config.tests.filter(({ table }) => !known.has(plainName(table)))
  return lost.map(({ table, config: { span } }) =>
    parseDiagnostic('test-table-unknown', { table, known: [...known] }, span),
  )
}

function byName(properties: readonly ResourceProperties[]): ReadonlyMap<string, ResourceProperties> {
  return new Map(properties.map((entry) => [plainName(entry.name), entry]))
}

function parseSeeds(project: Project, context: TemplateContext) {
  const properties = byName(project.seedProperties.map((entry) => entry.properties))
  const parsed = project.seeds.map((file) => parseSeed(file, properties.get(file.name), project, context))
  return {
    nodes: parsed.flatMap(({ node }) => (node === undefined ? [] : [node])),
    placed: parsed.map(({ placed }) => placed),
    diagnostics: parsed.flatMap(({ diagnostics }) => diagnostics),
    properties,
  }
}

function sourceNode(source: Project['sources'][number], project: Project, context: TemplateContext): SourceNode {
  const { name: projectName } = ownerOf(source.span.file, project)
  const files = filesOf(source, context.dialect, project.dir)
  return {
    uniqueId: uniqueId('source', projectName, source.sourceName, source.name),
    resourceType: 'source',
    name: source.name,
    packageName: projectName,
    fqn: [projectName, source.sourceName, source.name],
    path: source.span.file,
    tags: source.tags,
    description: source.description ?? '',
    meta: source.meta,
    span: source.span,
    source,
    columns: source.columns,
    ...(files === undefined ? {} : { files }),
  }
}

interface Tested {
  readonly models: readonly ModelNode[]
  readonly seeds: readonly SeedNode[]
  readonly sources: readonly SourceNode[]
}

function parseTests(
  input: ParseInput,
  tested: Tested,
): { nodes: readonly TestNode[]; diagnostics: readonly Diagnostic[] } {
  const { project, context } = input
  const properties = byName([...project.models, ...project.seedProperties].map((entry) => entry.properties))
  const owner = (path: string) => ownerOf(path, project)
  const projectTests = (name: string) => project.config.tests.filter((test) => plainName(test.table) === name)
  const named = [...tested.models, ...tested.seeds].map(
    (node): TestedNode => ({
      uniqueId: node.uniqueId,
      label: node.name,
      isSource: false,
      ownerOf: owner,
      columns: node.columns,
      tests: [
        ...(properties.get(node.name)?.tests ?? []),
        ...projectTests(node.name).map((test) => withColumn(test.config, test.column)),
      ],
    }),
  )
  const onSources = tested.sources.map(
    (node): TestedNode => ({
      uniqueId: node.uniqueId,
      label: `${node.source.sourceName}_${node.name}`,
      isSource: true,
      ownerOf: owner,
      columns: node.columns,
      tests: node.source.tests,
    }),
  )
  const made = [
    ...[...named, ...onSources].map((node) => genericTestsOf(node, context)),
    ...project.singularTests
      .filter((file) => !isTestType(file))
      .map((file) => {
        const { node, diagnostics } = singularTest(file, input.parse(file), context)
        return { nodes: node === undefined ? [] : [node], diagnostics }
      }),
  ]
  const nodes = made.flatMap((test) => test.nodes).filter((node) => node.enabled)
  return {
    nodes: [...new Map(nodes.map((node) => [node.uniqueId, node])).values()],
    diagnostics: made.flatMap((test) => test.diagnostics),
  }
}

function withColumn(config: Project['config']['tests'][number]['config'], column: string | undefined) {
  return column === undefined ? config : { ...config, arguments: { ...config.arguments, column_name: column } }
}
