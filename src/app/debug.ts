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
  const facts = await withWarehouse(graph, 0, app, (warehouse) => warehouse.facts())
  const rows = facts.map(({ name, value }) => [name, value])
  app.out(formatTable(['check', 'result'], rows, app.outStyle))
  const faults = facts.filter(({ fix }) => fix !== undefined)
  if (faults.length === 0) {
    app.out('\neverything works\n')
    return 0
  }
  app.out(`\n${faults.map(({ name, value, fix }) => `${name}: ${value}\n  fix: ${fix}\n`).join('')}`)
  return 1
}
