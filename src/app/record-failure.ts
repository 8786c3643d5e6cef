import { join } from 'node:path'
import { writeEarlyFailure } from './artifacts.js'
import type { LoadRequest } from './load-graph.js'
import type { AppContext, GlobalOptions } from './options.js'

/** What a command's work tells while it goes on. */
export interface Told {
  readonly onProfile: NonNullable<LoadRequest['onProfile']>
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
  const onProfile: Told['onProfile'] = (_adapter, _profile, targetDir) => {
    folder = targetDir
    app.keepEvents?.(targetDir)
  }
  const onResults = () => {
    hasResults = true
  }
  try {
    return await work({ onProfile, onResults })
  } catch (error) {
    if (!hasResults) await writeEarlyFailure(command, folder, app)
    throw error
  }
}
