import type { YamlFile } from '../config/index.js'
import { hasErrors, ProjectError, type ResourceType, type UniqueId } from '../core/index.js'
import { isModelNode, select } from '../graph/index.js'
import { writeManifest } from './artifacts.js'
import { usageFault } from './incremental-model.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext, SelectionOptions } from './options.js'

/**
 * The selected nodes of those types in run order. An empty selection is a ProjectError unless it is allowed or there
 * is nothing of the kind; then it is an empty list and "nothing to do" is said.
 */
export async function selectNodes(
  graph: LoadedGraph,
  options: SelectionOptions,
  types: readonly ResourceType[],
  app: AppContext,
): Promise<readonly UniqueId[]> {
  try {
    return await selected(graph, options, types, app)
  } catch (error) {
    // The project was loaded, and that is what the manifest tells of.
    await writeManifest(graph, undefined, app).catch(() => {})
    throw error
  }
}

async function selected(
  graph: LoadedGraph,
  options: SelectionOptions,
  types: readonly ResourceType[],
  app: AppContext,
): Promise<readonly UniqueId[]> {
  const wanted =
    options.resourceTypes.length === 0 ? types : types.filter((type) => options.resourceTypes.includes(type))
  const selectors = await graph.selectors()
  const selection = select(graph.dag, {
    select: options.select,
    exclude: options.exclude,
    selectors,
    resourceTypes: wanted,
    allowsEmpty: options.allowEmpty,
    ...(mayAskHistory(options, selectors)
      ? { history: (await import('./history.js')).historyOf(graph, options, app) }
      : {}),
    ...(options.selector === undefined ? {} : { selector: options.selector }),
    ...(options.indirectSelection === undefined ? {} : { indirectSelection: options.indirectSelection }),
  })
  if (hasErrors(selection.diagnostics)) throw new ProjectError(selection.diagnostics)
  for (const diagnostic of selection.diagnostics) app.emit({ type: 'diagnostic', diagnostic })
  if (selection.selected.length > 0) {
    const ids = selection.selected
    return options.skipsSnapshotBlocks === true ? withoutBlocks(graph, ids, options, app) : ids
  }
  if (selection.emptiness !== undefined && !selection.emptyIsFine && !options.allowEmpty) {
    throw new ProjectError([selection.emptiness])
  }
  app.emit({ type: 'notice', message: selection.emptiness?.message ?? 'nothing to do' })
  return []
}

/** `run` builds models; snapshots that are blocks of their own have commands of theirs, as in dbt. */
function withoutBlocks(
  { dag }: LoadedGraph,
  ids: readonly UniqueId[],
  { select: words, allowEmpty }: SelectionOptions,
  app: AppContext,
): readonly UniqueId[] {
  const isBlock = (id: UniqueId) => {
    const node = dag.nodes.get(id)
    return isModelNode(node) && node.isBlock === true
  }
  const others = ids.filter((id) => !isBlock(id))
  if (others.length > 0) return others
  const message = 'nothing to do: what is selected are snapshot blocks'
  if (words.length > 0 && !allowEmpty)
    throw usageFault('snapshot-blocks-only', message, 'fft snapshot builds them, and so does fft build')
  app.emit({ type: 'notice', message })
  return []
}

/** What looks back is loaded only then: most commands do not. */
function mayAskHistory({ select: words, exclude }: SelectionOptions, selectors: YamlFile | undefined): boolean {
  return selectors !== undefined || [...words, ...exclude].flat().some((word) => word.includes(':'))
}
