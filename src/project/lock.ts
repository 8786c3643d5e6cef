import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readYaml } from '../config/index.js'
import type { Diagnostic } from '../core/index.js'
import { diagnostic } from './diagnostics.js'
import { listProjectFiles } from './list-files.js'
import type { FileReader } from './read-files.js'
import type { ProjectPackage } from './types.js'

/** The file that `fft deps` writes: which package, in which version, with which content. */
export const lockFile = 'packages.lock.yml'

/** The text of the lock file. */
export function lockText(packages: readonly ProjectPackage[]): string {
  const entries = packages.map(
    ({ name, version, path, dir }) =>
      `  - name: ${JSON.stringify(name)}\n    version: ${JSON.stringify(version)}\n    local: ${JSON.stringify(path)}\n    sha256: ${contentHash(dir)}\n`,
  )
  return `# Written by fft deps.\npackages:${entries.length === 0 ? ' []' : ''}\n${entries.join('')}`
}

/** Over the names and texts of all files. */
function contentHash(dir: string): string {
  const hash = createHash('sha256')
  for (const { path } of listProjectFiles(dir))
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(dir, path)))
      .update('\0')
  return hash.digest('hex')
}

/** Packages that are not of the version that was locked. Reports the warning 'package-lock-stale'. */
export function checkLock(packages: readonly ProjectPackage[], reader: FileReader): readonly Diagnostic[] {
  const file = reader.readIfThere(lockFile)
  const yaml = file && readYaml(file.path, file.text).yaml
  if (yaml === undefined) return []
  const locked = new Map(entriesOf(yaml.value))
  return packages.flatMap(({ name, version }) => {
    const before = locked.get(name)
    if (before === version) return []
    const span = { file: lockFile, line: 1, column: 1 }
    return [diagnostic('package-lock-stale', { name, version, locked: before }, span)]
  })
}

function entriesOf(value: unknown): readonly (readonly [string, string])[] {
  const list: unknown = typeof value === 'object' && value !== null && 'packages' in value ? value.packages : []
  return (Array.isArray(list) ? list : []).flatMap((each: unknown) =>
    typeof each === 'object' && each !== null && 'name' in each && 'version' in each
      ? [[String(each.name), String(each.version)] as const]
      : [],
  )
}
