import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProjectError, type Relation, relationName, type UniqueId } from '../core/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext, RunOptions } from './options.js'
import { withWarehouse } from './warehouse.js'

/**
 * `--defer`: the graph in which nodes that are neither selected nor there in this environment stand for the relations
 * that the manifest of `--state` has for them. Throws ProjectError without that manifest.
 */
export async function deferred(
  graph: LoadedGraph,
  ids: readonly UniqueId[],
  options: Pick<RunOptions, 'stateDir' | 'waitLockMs'>,
  app: AppContext,
): Promise<LoadedGraph> {
  const elsewhere = readRelations(options.stateDir)
  const selected = new Set(ids)
  const candidates = [...graph.relations].filter(([id]) => elsewhere.has(id) && !selected.has(id))
  if (candidates.length === 0) return graph
  const present = await presentNames(
    graph,
    candidates.map(([, relation]) => relation),
    options.waitLockMs,
    app,
  )
  const relations = new Map(graph.relations)
  for (const [id, relation] of candidates) {
    const other = elsewhere.get(id)
    if (other === undefined || present.has(nameOf(relation)) || nameOf(other) === nameOf(relation)) continue
    relations.set(id, other)
    const isRead = (graph.dag.children.get(id) ?? []).some((child) => selected.has(child))
    const message = `${graph.dag.nodes.get(id)?.name ?? id} is read from ${relationName(other)}`
    if (isRead) app.emit({ type: 'notice', message, node: id })
  }
  return { ...graph, relations }
}

function nameOf(relation: Relation): string {
  return relationName(relation).toLowerCase()
}

function presentNames(
  graph: LoadedGraph,
  relations: readonly Relation[],
  waitLockMs: number,
  app: AppContext,
): Promise<ReadonlySet<string>> {
  const schemas = new Map(relations.map(({ identifier: _, ...schema }) => [JSON.stringify(schema), schema]))
  return withWarehouse(graph, waitLockMs, app, async (warehouse) => {
    const found = await warehouse.relations([...schemas.values()], () => false)
    const names = new Set(found.map(({ relation }) => nameOf(relation)))
    // The engine may tell the database of relations that are named without it.
    return new Set(
      relations.map(nameOf).filter((name) => [...names].some((each) => each === name || each.endsWith(`.${name}`))),
    )
  })
}

/** Models, seeds and snapshots of the manifest. */
function readRelations(stateDir: string | undefined): ReadonlyMap<UniqueId, Relation> {
  if (stateDir === undefined)
    throw refused('--defer needs --state', '--state DIR: the artifacts of the environment to read from')
  const path = join(stateDir, 'manifest.json')
  try {
    const { nodes } = JSON.parse(readFileSync(path, 'utf8')) as { readonly nodes: Readonly<Record<string, StateNode>> }
    return new Map(Object.entries(nodes).flatMap(([id, node]) => relationOf(id as UniqueId, node)))
  } catch {
    throw refused(
      `--defer: ${path} cannot be read`,
      '--state names a folder with the manifest.json of another environment',
    )
  }
}

interface StateNode {
  readonly resource_type: string
  readonly database: string | null
  readonly schema: string
  readonly alias: string
  readonly config?: { readonly materialized?: string }
}

function relationOf(id: UniqueId, node: StateNode): readonly (readonly [UniqueId, Relation])[] {
  const isKept = ['model', 'seed', 'snapshot'].includes(node.resource_type) && node.config?.materialized !== 'ephemeral'
  if (!isKept) return []
  const { database, schema, alias: identifier } = node
  return [[id, { ...(database === null ? {} : { database }), schema, identifier }]]
}

function refused(message: string, hint: string): ProjectError {
  return new ProjectError([{ code: 'defer-without-state', severity: 'error', message, hint }])
}
