import { relative } from 'node:path'
import { displaySql } from '../core/index.js'
import { writeArtifacts } from './artifacts.js'
import { compileSelection } from './compile-nodes.js'
import type { AppContext, CompileOptions } from './options.js'
import { recordFailure } from './record-failure.js'

/** `fft compile`: renders the selection into the target folder; one selected node is printed too. No connection. */
export async function compileCommand(options: CompileOptions, app: AppContext): Promise<number> {
  const started = performance.now()
  const { graph, ids, manifest } = await recordFailure('compile', options, app, ({ onProfile }) =>
    compileSelection(options, ['model', 'snapshot', 'test'], app, { onProfile }),
  )
  const models = ids.filter((id) => graph.dag.nodes.get(id)?.resourceType !== 'test')
  const [only] = models
  if (options.select.length > 0 && models.length === 1 && only !== undefined) {
    app.out(`${displaySql(manifest.compiled.get(only)?.full ?? [])}\n`)
  }
  const elapsedMs = performance.now() - started
  await writeArtifacts({ command: 'compile', graph, manifest, results: [], compiledIds: ids, elapsedMs, app })
  app.emit({
    type: 'notice',
    message: `compiled ${models.length} ${models.length === 1 ? 'model' : 'models'} into ${relative(graph.dir, graph.targetDir) || '.'}/compiled`,
  })
  return 0
}
