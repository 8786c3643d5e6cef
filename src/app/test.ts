import type { AppContext, RunOptions } from './options.js'
import { runNodes } from './run-nodes.js'

/** `fft test`. Gives the exit code. */
export function testCommand(options: RunOptions, app: AppContext): Promise<number> {
  return runNodes('test', ['test'], options, app)
}
