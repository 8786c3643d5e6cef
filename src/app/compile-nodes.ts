import { compileProject, type Manifest } from '../compile/index.js'
import type { UniqueId } from '../core/index.js'
import { type LoadedGraph, stopOnErrors } from './load-graph.js'
import type { AppContext } from './options.js'

/** Compiles the nodes. Throws ProjectError with every fault. */
export function compileNodes(graph: LoadedGraph, ids: Iterable<UniqueId>, app: AppContext): Manifest {
  const { dag, relations, context } = graph
  const { manifest, diagnostics } = compileProject({ dag, relations, context, ids })
  stopOnErrors(diagnostics, app)
  return manifest
}
