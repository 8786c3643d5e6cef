import type { AppContext, RunOptions } from './options.js'
import { runNodes } from './run-nodes.js'

/** `fft run`. Gives the exit code. */
export function runCommand(options: RunOptions, app: AppContext): Promise<number> {
  if (options.dryRun) return dryRun(options, app)
  return runNodes('run', ['model', 'snapshot'], options, app)
}

/** `--dry-run`: what `fft plan` prints. */
async function dryRun(options: RunOptions, app: AppContext): Promise<number> {
  const { planCommand } = await import('./plan.js')
  return planCommand({ ...options, json: false, detailedExitCode: false }, app)
}
