import { spawnSync } from 'node:child_process'

/** Paths of a folder that differ from a commit of its git repository, new files too; or why that cannot be told. */
export function changedFiles(ref: string, dir: string): readonly string[] | { readonly fault: string } {
  // It would be taken for an option.
  if (ref.startsWith('-')) return { fault: `'${ref}' is no name of a commit` }
  const changed = git(['diff', '--name-only', '--relative', ref, '--'], dir)
  if (typeof changed !== 'string') return changed
  const added = git(['ls-files', '--others', '--exclude-standard'], dir)
  if (typeof added !== 'string') return added
  return [...new Set(`${changed}\n${added}`.split('\n').filter((line) => line !== ''))]
}

function git(argv: readonly string[], cwd: string): string | { readonly fault: string } {
  const { status, stdout, stderr, error } = spawnSync('git', ['-c', 'core.quotePath=false', ...argv], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (error !== undefined) return { fault: `git cannot be started: ${error.message}` }
  if (status === 0) return stdout
  return { fault: `git says: ${(stderr.split('\n')[0] ?? '').replace(/^fatal: /, '')}` }
}
