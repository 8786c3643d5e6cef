import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppContext, GlobalOptions } from './options.js'

/** `fft clean`: removes the target folder, which holds nothing that cannot be made again. */
export async function cleanCommand(options: GlobalOptions, app: AppContext): Promise<number> {
  const target = options.targetPath ?? join(options.projectDir, 'target')
  await rm(target, { recursive: true, force: true })
  app.emit({ type: 'notice', message: `removed ${target}` })
  return 0
}
