import { isAbsolute, join } from 'node:path'
import type { Connection, SeedRequest, Warehouse } from '../adapters/index.js'
import type { Manifest, Sample } from '../compile/index.js'
import { FftError, type NodeRef, relationName, type UniqueId } from '../core/index.js'
import type { CodeResult, NodeHooks } from '../execute/index.js'
import { isModelNode } from '../graph/index.js'
import type { Node, SeedNode } from '../parse/index.js'
import { type NodePlan, type PlanInput, planNode } from '../plan/index.js'
import { runCode } from './code-node.js'
import type { DataCache } from './data-cache.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext } from './options.js'
import type { ProjectHooks } from './project-hooks.js'
import { readState } from './warehouse.js'

export interface HooksInput {
  readonly graph: LoadedGraph
  readonly manifest: Manifest
  readonly planInput: PlanInput
  readonly warehouse: Warehouse
  readonly app: AppContext
  /** What need not be built again; undefined when everything is. */
  readonly dataCache?: DataCache | undefined
  /** What models read of their parents; undefined: everything. */
  readonly sample?: Sample | undefined
  /** The project's hooks, where the command runs them. */
  readonly projectHooks?: ProjectHooks | undefined
  /** Whether unchanged nodes are skipped. */
  readonly skips?: boolean
}

/** What execution asks back: descriptions, files of seeds, functions of code models, queries of templates. */
export function nodeHooks(input: HooksInput): NodeHooks {
  const { graph } = input
  /** Of nodes that were planned again. */
  const inputs = new Map<UniqueId, PlanInput>()
  const began = new Map<UniqueId, number>()
  const selected = new Set(input.planInput.ids.filter((id) => !isInlined(id, graph)))
  return {
    describe: (plan) => describeNode(plan, graph),
    placeOf: async (plan) => (await graph.placeOf(plan.id)) ?? nodeOf(plan.id, graph).span,
    prepare: async (plan, connect) => {
      const wanted = input.skips === true ? input.dataCache?.skip(plan, input.planInput.state) : undefined
      if (wanted?.action === 'skip') return wanted
      began.set(plan.id, performance.now())
      await input.projectHooks?.model('before_model', plan.id, { status: 'running' }, connect)
      return prepare(plan, connect, input)
    },
    built: async (plan, { status, rowsAffected }, connect) => {
      if (status === 'no-op') return
      const elapsedMs = performance.now() - (began.get(plan.id) ?? performance.now())
      const facts = { status: 'success' as const, elapsedMs, ...(rowsAffected === undefined ? {} : { rowsAffected }) }
      await input.projectHooks?.model('after_model', plan.id, facts, connect)
    },
    replan: async (plan, connect) => {
      const planInput = await inputNow(plan, input)
      inputs.set(plan.id, planInput)
      return prepare(planAgain(plan, planInput), connect, { ...input, planInput })
    },
    goesOn: (id) => {
      const node = graph.dag.nodes.get(id)
      return isModelNode(node) && node.config.other.on_error === 'continue'
    },
    finished: (result) => input.dataCache?.finished(result.id, result),
    runCode: (plan, connect, call): Promise<CodeResult> =>
      runCode(plan, { connect, ...call }, { ...input, planInput: inputs.get(plan.id) ?? input.planInput }),
    seed: (plan) => seedRequest(nodeOf(plan.id, graph), graph, input.app),
    parents: (id) => nearestSelected(id, selected, graph),
  }
}

export function describeNode(plan: NodePlan, graph: LoadedGraph): NodeRef {
  const node = nodeOf(plan.id, graph)
  return {
    uniqueId: plan.id,
    resourceType: node.resourceType,
    name: node.name,
    kind: plan.kind,
    span: node.span,
    ...(plan.relation === undefined ? {} : { relation: relationName(plan.relation) }),
  }
}

function nodeOf(id: UniqueId, graph: LoadedGraph): Node {
  const node = graph.dag.nodes.get(id)
  if (node === undefined) throw new Error(`no node ${id}: this is a bug in fft`)
  return node
}

// An ephemeral model is never run, so what it reads has to be ready instead.
function isInlined(id: UniqueId, graph: LoadedGraph): boolean {
  const node = graph.dag.nodes.get(id)
  return isModelNode(node) && node.config.materialized === 'ephemeral'
}

/** Parents that run before a node: through nodes that are not selected, to the nearest that are. */
function nearestSelected(id: UniqueId, selected: ReadonlySet<UniqueId>, graph: LoadedGraph): readonly UniqueId[] {
  const found = new Set<UniqueId>()
  const seen = new Set<UniqueId>()
  const visit = (at: UniqueId): void => {
    for (const parent of graph.dag.parents.get(at) ?? []) {
      if (seen.has(parent)) continue
      seen.add(parent)
      if (selected.has(parent)) found.add(parent)
      else visit(parent)
    }
  }
  visit(id)
  if (nodeOf(id, graph).resourceType !== 'test') addBlockingTests(found, selected, graph)
  return [...found]
}

/** In a build, tests of a parent stand between it and its children. */
function addBlockingTests(parents: Set<UniqueId>, selected: ReadonlySet<UniqueId>, graph: LoadedGraph): void {
  for (const parent of [...parents]) {
    for (const child of graph.dag.children.get(parent) ?? []) {
      const node = graph.dag.nodes.get(child)
      const looksAtParentAlone = (graph.dag.parents.get(child) ?? []).every((other) => other === parent)
      if (node?.resourceType === 'test' && looksAtParentAlone && selected.has(child)) parents.add(child)
    }
  }
}

/** The plan again with the answers of the template's queries; the plan itself when it asks none. */
async function prepare(plan: NodePlan, connect: () => Promise<Connection>, input: HooksInput): Promise<NodePlan> {
  const node = nodeOf(plan.id, input.graph)
  if (!isModelNode(node) || !node.usesRunQuery) return plan
  const { compileWithQueries } = await import('./cold-stages.js')
  const compiled = await compileWithQueries(node, connect, input)
  const manifest = { ...input.manifest, compiled: new Map([...input.manifest.compiled, [node.uniqueId, compiled]]) }
  return planAgain(plan, { ...input.planInput, manifest })
}

function planAgain(plan: NodePlan, input: PlanInput): NodePlan {
  return planNode(plan.id, input.ids.indexOf(plan.id), input) ?? plan
}

/** What the node is planned from once another run has written its relation. */
async function inputNow(plan: NodePlan, { warehouse, graph, manifest, planInput }: HooksInput): Promise<PlanInput> {
  return { ...planInput, state: await readState(warehouse, graph, manifest, [plan.id]) }
}

export function seedRequest(node: Node, graph: LoadedGraph, app: AppContext): SeedRequest {
  if (node.resourceType !== 'seed') throw new FftError(`${node.name} is no seed`, { code: 'bug' })
  const { path, format } = node.file
  return {
    absolutePath: isAbsolute(path) ? path : join(graph.dir, path),
    path,
    format,
    columnTypes: node.columnTypes,
    sharedTypes: node.sharedTypes,
    extraColumns: loadedAt(node, graph, app),
    ...(node.delimiter === undefined ? {} : { delimiter: node.delimiter }),
  }
}

/** `_ff_loaded_at` only where a source on the seed's relation names it, or with `+meta_columns: true`. */
function loadedAt(node: SeedNode, graph: LoadedGraph, app: AppContext): SeedRequest['extraColumns'] {
  const wanted =
    node.metaColumns ||
    (graph.dag.children.get(node.uniqueId) ?? []).some((id) => {
      const child = graph.dag.nodes.get(id)
      return child?.resourceType === 'source' && child.source.loadedAtField?.toLowerCase() === '_ff_loaded_at'
    })
  if (!wanted) return []
  const now = app.clock().toISOString().replace('T', ' ').replace('Z', '')
  return [{ name: '_ff_loaded_at', type: 'timestamp', valueSql: graph.adapter.dialect.literal(now, 'TIMESTAMP') }]
}
