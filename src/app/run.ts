import type { AppContext, RunOptions } from './options.js'
import { runNodes } from './run-nodes.js'

/** `fft run`. Gives the exit code. */
export function runCommand(options: RunOptions, app: AppContext): Promise<number> {
  const models: RunOptions = { ...options, skipsSnapshotBlocks: true }
  if (options.dryRun) return dryRun(models, app)
  return runNodes('run', ['model', 'snapshot'], models, app)
}

/** `--dry-run`: what `fft plan` prints. */
async function dryRun(options: RunOptions, app: AppContext): Promise<number> {
  const { planCommand } = await import('./plan.js')
  return planCommand({ ...options, json: false, detailedExitCode: false }, app)
}
