import type { AppContext, RunOptions } from './options.js'
import { runNodes } from './run-nodes.js'

/** `fft build`. Gives the exit code. */
export function buildCommand(options: RunOptions, app: AppContext): Promise<number> {
  return runNodes('build', ['seed', 'model', 'snapshot', 'test'], options, app)
}
