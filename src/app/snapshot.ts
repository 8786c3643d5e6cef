import type { AppContext, RunOptions } from './options.js'
import { runNodes } from './run-nodes.js'

/** `fft snapshot`: snapshots alone. Gives the exit code. */
export function snapshotCommand(options: RunOptions, app: AppContext): Promise<number> {
  return runNodes('snapshot', ['snapshot'], options, app)
}
