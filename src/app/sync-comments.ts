import type { Connection, RelationState, SchemaName, Statement } from '../adapters/index.js'
import { displaySql, relationName, type UniqueId } from '../core/index.js'
import { isModelNode } from '../graph/index.js'
import { writeManifest } from './artifacts.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, SyncOptions } from './options.js'
import { selectNodes } from './select-nodes.js'
import { withConnection, withWarehouse } from './warehouse.js'

/**
 * `fft sync-db-comments`: writes every description as a comment in the warehouse, without building anything. Gives the
 * exit code.
 */
export async function syncCommentsCommand(options: SyncOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app, { onProfile: (_adapter, _profile, dir) => app.keepEvents?.(dir) })
  const ids = await selectNodes(graph, options, ['model', 'seed', 'snapshot'], app)
  await writeManifest(graph, undefined, app)
  const described = ids.filter((id) => isDescribed(id, graph))
  if (graph.adapter.dialect.attach.comments === undefined) {
    app.emit({ type: 'notice', message: `fft writes no comments on ${graph.adapter.dialect.engine}` })
    return 0
  }
  if (described.length === 0) {
    app.emit({ type: 'notice', message: 'nothing to sync: no selected model, seed or snapshot has a description' })
    return 0
  }
  const relations = schemasOf(described, graph)
  return withWarehouse(graph, 0, app, async (warehouse) => {
    const present = await warehouse.relations(relations)
    return withConnection(warehouse, async (connection) => {
      const states = described.map((id) => ({ id, state: stateOf(id, present, graph) }))
      for (const { id, state } of states) {
        if (state === undefined) tellMissing(id, graph, app)
        else await send(statementsFor(id, state, graph), { connection, isDry: options.dryRun, app })
      }
      const done = states.filter(({ state }) => state !== undefined).length
      const verb = options.dryRun ? 'would write' : 'wrote'
      app.emit({ type: 'notice', message: `${verb} the descriptions of ${done} of ${states.length} relations` })
      return 0
    })
  })
}

function schemasOf(ids: readonly UniqueId[], { relations }: LoadedGraph): readonly SchemaName[] {
  const schemas = ids.flatMap((id) => relations.get(id) ?? []).map(({ identifier: _, ...schema }) => schema)
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()]
}

function stateOf(
  id: UniqueId,
  present: readonly RelationState[],
  { relations }: LoadedGraph,
): RelationState | undefined {
  const relation = relations.get(id)
  if (relation === undefined) return undefined
  const name = relationName(relation).toLowerCase()
  return (
    present.find((each) => relationName(each.relation) === relationName(relation)) ??
    present.find((each) => relationName(each.relation).toLowerCase() === name)
  )
}

function tellMissing(id: UniqueId, { dag }: LoadedGraph, app: AppContext): void {
  app.emit({ type: 'notice', message: `${dag.nodes.get(id)?.name ?? id} is not built yet`, node: id })
}

function isDescribed(id: UniqueId, { dag }: LoadedGraph): boolean {
  const node = dag.nodes.get(id)
  if (node === undefined || !('config' in node)) return false
  if (isModelNode(node) && node.config.materialized === 'ephemeral') return false
  return node.description.trim() !== '' || node.columns.some(({ description = '' }) => description.trim() !== '')
}

function statementsFor(
  id: UniqueId,
  { kind, columns }: RelationState,
  { adapter, dag, relations }: LoadedGraph,
): readonly Statement[] {
  const node = dag.nodes.get(id)
  const relation = relations.get(id)
  if (node === undefined || relation === undefined || !('columns' in node)) return []
  const text = (description: string | undefined) => (description?.trim() ? description : undefined)
  const wanted = node.columns.flatMap(({ name, description }) => {
    const column =
      columns.find((each) => each.name === name) ??
      columns.find((each) => each.name.toLowerCase() === name.toLowerCase())
    return column === undefined || text(description) === undefined
      ? []
      : [{ name: column.name, text: text(description) }]
  })
  const own = text(node.description)
  return (
    adapter.dialect.attach.comments?.(relation, kind, {
      relation: own === undefined ? undefined : { text: own },
      columns: wanted,
    }) ?? []
  )
}

async function send(
  statements: readonly Statement[],
  { connection, isDry, app }: { readonly connection: Connection; readonly isDry: boolean; readonly app: AppContext },
): Promise<void> {
  for (const { sql } of statements) {
    if (isDry) app.out(`${displaySql(sql)};\n`)
    else await connection.execute(sql)
  }
}
