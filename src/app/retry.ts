import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProjectError, type ResourceType } from '../core/index.js'
import { writeManifest } from './artifacts.js'
import { loadGraph } from './load-graph.js'
import type { AppContext, RunOptions } from './options.js'
import { runNodes } from './run-nodes.js'

/** What each command that can be taken up again works on. */
const typesOf: Readonly<Record<string, readonly ResourceType[]>> = {
  run: ['model', 'snapshot'],
  seed: ['seed'],
  test: ['test'],
  snapshot: ['snapshot'],
  build: ['seed', 'model', 'snapshot', 'test'],
}

/** `fft retry`: the failed and skipped nodes of the last run, as its command would run them. Gives the exit code. */
export async function retryCommand(options: RunOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app)
  await writeManifest(graph, undefined, app)
  const folder = options.stateDir ?? graph.targetDir
  const last = readLast(join(folder, 'run_results.json'))
  const types = typesOf[last.command]
  if (types === undefined)
    throw cannot(
      `the last command was fft ${last.command}, which has nothing to retry`,
      'run, build, seed and test can',
    )
  if (last.hasEndedEarly)
    throw cannot(`fft ${last.command} ended before it ran anything`, `start it again: fft ${last.command}`)
  if (last.unfinished === 0) {
    app.emit({ type: 'notice', message: `nothing to do: every node of the last fft ${last.command} ended well` })
    return 0
  }
  const statuses = ['error', 'fail', 'skipped'].map((status) => `result:${status}`)
  const fullRefresh = options.fullRefresh || last.fullRefresh
  const again: RunOptions = { ...options, fullRefresh, select: [statuses], exclude: [], indirectSelection: 'empty' }
  return runNodes(last.command, types, again, app)
}

interface LastRun {
  readonly command: string
  readonly fullRefresh: boolean
  readonly hasEndedEarly: boolean
  /** How many nodes failed or were skipped. */
  readonly unfinished: number
}

function readLast(path: string): LastRun {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw cannot(
      'there is no run_results.json of an earlier run',
      'run something first: fft run, or name its folder with --state',
    )
  }
  const { args = {}, results = [] } = JSON.parse(text) as {
    readonly args?: { readonly which?: string; readonly full_refresh?: boolean; readonly ended_early?: boolean }
    readonly results?: readonly { readonly status: string }[]
  }
  return {
    command: args.which ?? 'run',
    fullRefresh: args.full_refresh === true,
    hasEndedEarly: args.ended_early === true,
    unfinished: results.filter(({ status }) => ['error', 'fail', 'skipped'].includes(status)).length,
  }
}

function cannot(message: string, hint: string): ProjectError {
  return new ProjectError([{ code: 'retry-impossible', severity: 'error', message, hint }])
}
