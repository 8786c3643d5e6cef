import { join } from 'node:path'
import type { Manifest } from '../compile/index.js'
import { writeEarlyFailure, writeManifest } from './artifacts.js'
import type { LoadedGraph, LoadRequest } from './load-graph.js'
import type { AppContext, GlobalOptions } from './options.js'

/** What a command's work tells while it goes on. */
export interface Told {
  readonly onProfile: NonNullable<LoadRequest['onProfile']>
  /** The project is loaded and compiled: its manifest is written whatever happens. */
  readonly onCompiled: (graph: LoadedGraph, manifest: Manifest) => void
  /** There are results: from now on a failure leaves them as they are. */
  readonly onResults: () => void
}

/**
 * Does a command's work; when it throws, `run_results.json` is written all the same, without results. The work tells
 * of the project as soon as it is known: then its events can be kept.
 */
export async function recordFailure<Result>(
  command: string,
  options: GlobalOptions,
  app: AppContext,
  work: (told: Told) => Promise<Result>,
): Promise<Result> {
  let folder = options.targetPath ?? join(options.projectDir, 'target')
  let hasResults = false
  let writeLoaded = async () => {}
  const onProfile: Told['onProfile'] = (_adapter, _profile, targetDir) => {
    folder = targetDir
    app.keepEvents?.(targetDir)
  }
  const onCompiled: Told['onCompiled'] = (graph, manifest) => {
    writeLoaded = () => writeManifest(graph, manifest, app)
  }
  const onResults = () => {
    hasResults = true
  }
  try {
    return await work({ onProfile, onCompiled, onResults })
  } catch (error) {
    // A folder that cannot be written to is reported by what failed before.
    if (!hasResults) await Promise.all([writeEarlyFailure(command, folder, app), writeLoaded().catch(() => {})])
    throw error
  }
}
