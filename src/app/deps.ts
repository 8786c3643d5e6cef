import { join } from 'node:path'
import { hasErrors, ProjectError } from '../core/index.js'
import { loadPackages } from '../project/index.js'
import { formatTable } from '../report/index.js'
import type { AppContext, GlobalOptions } from './options.js'
import { writeWhole } from './write-whole.js'

/** `fft deps`: checks the packages of `packages.yml`, lists them and writes the lock file. Gives the exit code. */
export async function depsCommand({ projectDir }: GlobalOptions, app: AppContext): Promise<number> {
  const { packages, lock, diagnostics } = await loadPackages(projectDir)
  if (hasErrors(diagnostics)) throw new ProjectError(diagnostics)
  for (const each of diagnostics) app.emit({ type: 'diagnostic', diagnostic: each })
  if (packages.length === 0) {
    app.emit({ type: 'notice', message: 'the project uses no packages' })
    return 0
  }
  await writeWhole(join(projectDir, lock.path), lock.text)
  const rows = packages.map(({ name, version, path, root, modelsDir }) => [
    name,
    version,
    path,
    modelsDir.slice(root.length + 1),
  ])
  app.out(formatTable(['package', 'version', 'folder', 'models'], rows, app.outStyle))
  app.emit({ type: 'notice', message: `wrote ${lock.path}` })
  return 0
}
