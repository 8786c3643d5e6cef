import { formatTable } from '../report/index.js'
import { writeManifest } from './artifacts.js'
import { loadGraph } from './load-graph.js'
import type { AppContext, GlobalOptions } from './options.js'
import { withWarehouse } from './warehouse.js'

/** `fft debug`: where each setting comes from, and whether the engine answers. */
export async function debugCommand(options: GlobalOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app)
  const { profile } = graph
  await writeManifest(graph, undefined, app)
  app.out(`fft ${app.version}, project ${graph.name}, environment ${profile.env}, engine ${profile.engine}\n\n`)
  const settings = profile.sources.map(({ key, value, from, secret }) => [
    key,
    secret ? '****' : typeof value === 'object' ? JSON.stringify(value) : String(value),
    from,
  ])
  app.out(`${formatTable(['setting', 'value', 'from'], settings, app.outStyle)}\n`)
  await withWarehouse(graph, 0, app, async (warehouse) => {
    const facts = (await warehouse.facts()).map(({ name, value }) => [name, value])
    app.out(formatTable(['check', 'result'], facts, app.outStyle))
  })
  app.out('\neverything works\n')
  return 0
}
