import { join, relative } from 'node:path'
import type { RelationState, SchemaName } from '../adapters/index.js'
import { relationName, type UniqueId } from '../core/index.js'
import type { Node, TestNode } from '../parse/index.js'
import { buildCatalog, buildDocsPage, type CatalogRelation, type DocumentedNode } from '../report/index.js'
import { artifactMeta, writeManifest } from './artifacts.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, CompileOptions } from './options.js'
import { selectNodes } from './select-nodes.js'
import { withWarehouse } from './warehouse.js'
import { writeWhole } from './write-whole.js'

/** `fft docs generate`. Gives the exit code. */
export async function docsCommand(options: CompileOptions, app: AppContext): Promise<number> {
  await generateDocs(options, app)
  return 0
}

/** Writes `catalog.json`, `manifest.json` and one HTML page of what there is; gives the folder. */
export async function generateDocs(options: CompileOptions, app: AppContext): Promise<string> {
  const graph = await loadGraph(options, app, { onProfile: (_adapter, _profile, dir) => app.keepEvents?.(dir) })
  const ids = await selectNodes(graph, options, ['model', 'seed', 'snapshot', 'source'], app)
  await writeManifest(graph, undefined, app)
  const present = await withWarehouse(graph, 0, app, (warehouse) => warehouse.relations(schemasOf(ids, graph)))
  const found = new Map(present.map((each) => [relationName(each.relation).toLowerCase(), each]))
  const stateOf = (id: UniqueId) => {
    const place = graph.relations.get(id)
    return place === undefined ? undefined : found.get(relationName(place).toLowerCase())
  }
  const catalog = buildCatalog(
    ids.flatMap((id) => catalogRelation(id, stateOf(id), graph)),
    artifactMeta(app),
  )
  const nodes = ids.flatMap((id) => documented(id, stateOf(id), graph))
  const page = join(graph.targetDir, 'index.html')
  await Promise.all([
    writeWhole(join(graph.targetDir, 'catalog.json'), app.withoutSecrets(JSON.stringify(catalog))),
    writeWhole(page, app.withoutSecrets(buildDocsPage(graph.name, nodes))),
  ])
  app.emit({ type: 'notice', message: `wrote ${relative(graph.dir, page) || page} and catalog.json` })
  return graph.targetDir
}

function schemasOf(ids: readonly UniqueId[], { relations }: LoadedGraph): readonly SchemaName[] {
  const schemas = ids.flatMap((id) => relations.get(id) ?? []).map(({ identifier: _, ...schema }) => schema)
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()]
}

function catalogRelation(
  id: UniqueId,
  state: RelationState | undefined,
  { dag }: LoadedGraph,
): readonly CatalogRelation[] {
  if (state === undefined) return []
  const isSource = dag.nodes.get(id)?.resourceType === 'source'
  return [{ uniqueId: id, isSource, ...state.relation, kind: state.kind, columns: state.columns }]
}

function documented(id: UniqueId, state: RelationState | undefined, graph: LoadedGraph): readonly DocumentedNode[] {
  const { dag, relations, adapter } = graph
  const node = dag.nodes.get(id)
  if (node === undefined || node.resourceType === 'test' || !isShown(node)) return []
  const children = dag.children.get(id) ?? []
  const isTest = (child: UniqueId) => dag.nodes.get(child)?.resourceType === 'test'
  const place = relations.get(id)
  return [
    {
      id,
      name: node.resourceType === 'source' ? `${node.source.sourceName}.${node.name}` : node.name,
      type: kindOf(node),
      relation: place === undefined ? undefined : adapter.dialect.relation(place),
      path: node.path,
      description: node.description,
      tags: node.tags,
      color: colorOf(node),
      parents: dag.parents.get(id) ?? [],
      children: children.filter((child) => !isTest(child)),
      tests: children.filter(isTest).map((child) => dag.nodes.get(child)?.name ?? child),
      columns: columnsOf(node, state),
      code: 'rawCode' in node ? node.rawCode : '',
    },
  ]
}

type Shown = Exclude<Node, TestNode>

function docsOf(node: Shown): Readonly<Record<string, unknown>> {
  const docs = 'config' in node ? node.config.other.docs : undefined
  return typeof docs === 'object' && docs !== null ? Object.fromEntries(Object.entries(docs)) : {}
}

function isShown(node: Shown): boolean {
  return docsOf(node).show !== false
}

/** Only what is a color and nothing else gets into the page's styles. */
function colorOf(node: Shown): string | undefined {
  const color = docsOf(node).node_color
  return typeof color === 'string' && /^#?[A-Za-z0-9]+$/.test(color) ? color : undefined
}

function kindOf(node: Shown): string {
  return node.resourceType === 'model' ? `model, ${node.config.materialized}` : node.resourceType
}

/** Columns of the relation with what is written of them; those that are only written of come last. */
function columnsOf({ columns }: Shown, state: RelationState | undefined): DocumentedNode['columns'] {
  const described = (name: string) => columns.find((each) => each.name.toLowerCase() === name.toLowerCase())
  const present = state?.columns ?? []
  const written = columns.filter(({ name }) => !present.some((each) => each.name.toLowerCase() === name.toLowerCase()))
  return [
    ...present.map(({ name, type }) => ({ name, type, description: described(name)?.description ?? '' })),
    ...written.map(({ name, dataType = '', description = '' }) => ({ name, type: dataType, description })),
  ]
}
