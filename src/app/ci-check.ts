import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Diagnostic, ProjectError, type ResourceType, type UniqueId } from '../core/index.js'
import { type Check, formatCheck, hideSecretSettings } from '../report/index.js'
import { writeManifest } from './artifacts.js'
import { compileNodes } from './compile-nodes.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, CiCheckOptions } from './options.js'
import { selectNodes } from './select-nodes.js'
import { writeWhole } from './write-whole.js'

const types: readonly ResourceType[] = ['model', 'seed', 'snapshot', 'source', 'test']

/** `fft ci check`: everything that can be wrong with a project without asking its warehouse. 1 when something is. */
export async function ciCheckCommand(options: CiCheckOptions, app: AppContext): Promise<number> {
  const started = performance.now()
  const found: Diagnostic[] = []
  const watching: AppContext = {
    ...app,
    emit: (event) => (event.type === 'diagnostic' ? void found.push(event.diagnostic) : app.emit(event)),
  }
  const { name, checked } = await checkProject(options, watching, found)
  const check: Check = {
    project: name,
    diagnostics: once(found),
    checked,
    startedAt: app.clock(),
    elapsedMs: performance.now() - started,
    version: app.version,
  }
  const text = formatCheck(check, options.format, (file) => readSource(options.projectDir, file))
  if (options.outputPath === undefined) app.out(text)
  else await writeWhole(options.outputPath, app.withoutSecrets(text))
  return check.diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0
}

interface Checked {
  readonly name: string
  readonly checked: readonly UniqueId[]
}

/** Adds what is wrong to `found`. A selection that is wrong is no finding: it is thrown. */
async function checkProject(options: CiCheckOptions, app: AppContext, found: Diagnostic[]): Promise<Checked> {
  let graph: LoadedGraph
  try {
    graph = await loadGraph(options, app, { render: true })
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    found.push(...error.diagnostics)
    return { name: basename(options.projectDir), checked: [] }
  }
  const ids = await selectNodes(graph, options, types, app)
  await writeManifest(graph, undefined, app)
  try {
    await compileNodes(graph, ids, app)
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    found.push(...error.diagnostics)
  }
  return { name: graph.name, checked: ids }
}

function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [JSON.stringify(each), each])).values()]
}

function readSource(dir: string, file: string): string | undefined {
  try {
    return hideSecretSettings(file, readFileSync(join(dir, file), 'utf8'))
  } catch {
    return undefined
  }
}
