import type { AppContext, RunOptions } from './options.js'
import { runNodes } from './run-nodes.js'

/** `fft run`. Gives the exit code. */
export function runCommand(options: RunOptions, app: AppContext): Promise<number> {
  return runNodes('run', ['model', 'snapshot'], options, app)
}
