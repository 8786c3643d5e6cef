import type { CompiledNode, Manifest, Sample } from '../compile/index.js'
import { hasErrors, type ResourceType, type UniqueId } from '../core/index.js'
import { writeManifest } from './artifacts.js'
import { type LoadedGraph, type LoadRequest, loadGraph, stopOnErrors } from './load-graph.js'
import { possibleParents } from './missing-parents.js'
import type { AppContext, GlobalOptions, SelectionOptions } from './options.js'
import { selectNodes } from './select-nodes.js'

/** A selection of the project, compiled. */
export interface CompiledSelection {
  readonly graph: LoadedGraph
  readonly ids: readonly UniqueId[]
  /** What was asked for; with `--with-parents`, `ids` has the parents too, whether they are there or not. */
  readonly selected: readonly UniqueId[]
  readonly manifest: Manifest
}

export interface CompileRequest {
  readonly onProfile?: LoadRequest['onProfile']
  /** What models read of their parents; undefined: everything. */
  readonly sample?: Sample | undefined
  /** Puts other relations in the place of some nodes' own. */
  readonly defer?: ((graph: LoadedGraph, ids: readonly UniqueId[]) => Promise<LoadedGraph>) | undefined
}

/** Loads, selects and compiles; from the cache when every selected node is in it. Throws ProjectError. */
export async function compileSelection(
  options: GlobalOptions & SelectionOptions,
  types: readonly ResourceType[],
  app: AppContext,
  { onProfile, sample, defer }: CompileRequest = {},
): Promise<CompiledSelection> {
  const isUsual = sample === undefined && defer === undefined
  const how = isUsual ? { compiled: true } : { render: true }
  const graph = await loadGraph(options, app, { ...how, ...(onProfile === undefined ? {} : { onProfile }) })
  const selected = await selectNodes(graph, options, types, app)
  const ids = options.withParents ? possibleParents(graph, selected, types, options) : selected
  if (defer !== undefined) {
    const elsewhere = await defer(graph, ids)
    const manifest = await compileNodes({ ...elsewhere, cache: undefined }, ids, app, sample)
    return { graph: elsewhere, ids, selected, manifest }
  }
  const cached = fromCache(graph, ids)
  if (cached !== undefined) return { graph, ids, selected, manifest: cached }
  if (graph.context !== undefined)
    return { graph, ids, selected, manifest: await compileNodes(graph, ids, app, sample) }
  const cold = await loadGraph(options, app, { render: true })
  return { graph: cold, ids, selected, manifest: await compileNodes(cold, ids, app) }
}

/** Compiles the nodes. Throws ProjectError with every fault. */
export async function compileNodes(
  graph: LoadedGraph,
  ids: readonly UniqueId[],
  app: AppContext,
  sample?: Sample,
): Promise<Manifest> {
  const { dag, relations, context } = graph
  if (context === undefined) throw new Error('a graph from the cache cannot be compiled: this is a bug in fft')
  // Loaded here: a start from the cache renders nothing.
  const { compileProject } = await import('./cold-stages.js')
  // Both renderings of an incremental model say the same.
  const said = new Set<string>()
  const log = (message: string) => said.add(message)
  const { manifest, diagnostics } = compileProject({
    dag,
    relations,
    context,
    ids,
    log,
    ...(sample === undefined ? {} : { sample }),
  })
  for (const message of said) app.emit({ type: 'notice', message })
  if (hasErrors(diagnostics)) await writeManifest(graph, undefined, app).catch(() => {})
  stopOnErrors(diagnostics, app)
  if (diagnostics.length === 0 && said.size === 0 && sample === undefined && !context.isClockRead())
    await graph.cache?.saveCompiled(manifest.compiled)
  return manifest
}

function fromCache(graph: LoadedGraph, ids: readonly UniqueId[]): Manifest | undefined {
  const { dag, relations, compiled } = graph
  if (compiled === undefined || graph.context !== undefined) return undefined
  const found = new Map<UniqueId, CompiledNode>()
  for (const id of ids) {
    const type = dag.nodes.get(id)?.resourceType
    if (type === 'seed' || type === 'source') continue
    const node = compiled.get(id)
    if (node === undefined || node.renderAtExecution) return undefined
    found.set(id, node)
  }
  return { dag, relations, compiled: found }
}
