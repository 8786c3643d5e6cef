import type { AppContext, RunOptions } from './options.js'
import { runNodes } from './run-nodes.js'

/** `fft seed`. Gives the exit code. */
export function seedCommand(options: RunOptions, app: AppContext): Promise<number> {
  return runNodes('seed', ['seed'], options, app)
}
