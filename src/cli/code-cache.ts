import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import * as module from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Script } from 'node:vm'
import { buildId } from './version.js'

/**
 * Loads a CommonJS file with the machine code's forerunner that an earlier process left behind: parsing and compiling
 * the bundle again is a third of what a short command costs. Node 22.1 and later do this themselves; for Node 20 it is
 * done here, by the same rules: a folder of the temporary folder or `NODE_COMPILE_CACHE`, none with
 * `NODE_DISABLE_COMPILE_CACHE`. Whatever is wrong with the cache, the file is loaded without it.
 */
export function loadCached<Exports>(file: string): Exports {
  const { enableCompileCache } = module as { enableCompileCache?: () => void }
  const load = module.createRequire(file)
  if (enableCompileCache !== undefined) {
    enableCompileCache()
    return load(file) as Exports
  }
  const cache = cacheFile(file)
  if (cache === undefined) return load(file) as Exports
  const cachedData = contentOf(cache)
  const script = new Script(module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  })
  // At the end, when the functions that this command needs are compiled.
  if (cachedData === undefined || script.cachedDataRejected === true) {
    process.once('exit', () => save(cache, script))
  }
  const loaded = { exports: {} as Exports }
  script.runInThisContext()(loaded.exports, load, loaded, file, `${file}/..`)
  return loaded.exports
}

/** One file a command, as each compiles other functions; V8 itself refuses one that another V8 has written. */
function cacheFile(file: string): string | undefined {
  if (process.env['NODE_DISABLE_COMPILE_CACHE']) return undefined
  const user = process.getuid?.()
  const parent = process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache')
  const folder = join(parent, `fft-${user ?? 'user'}`)
  try {
    makeFolder(parent)
    makeFolder(folder)
    const { uid, mode } = lstatSync(folder)
    // The code in it runs: a folder that others may write to is not trusted.
    if (user !== undefined && (uid !== user || (mode & 0o022) !== 0)) return undefined
  } catch {
    return undefined
  }
  const command = process.argv.find((word, at) => at > 1 && commonCommands.has(word)) ?? 'other'
  return join(folder, `${basename(file)}-${buildId}-${process.version}-${process.arch}-${command}`)
}

const commonCommands = new Set(['run', 'seed', 'test', 'build', 'ls', 'compile', 'plan', 'show', 'state', 'snapshot'])

/** Not with Node's recursive mkdir, which may never return below a file. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Checked before V8 sees it: V8 believes what it reads, and a damaged file would end the process. */
function contentOf(path: string): Buffer | undefined {
  try {
    const content = readFileSync(path)
    const data = content.subarray(checksumBytes)
    return checksum(data).equals(content.subarray(0, checksumBytes)) ? data : undefined
  } catch {
    return undefined
  }
}

const checksumBytes = 32

function checksum(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}

/** Renamed when complete: a process that starts meanwhile reads the old content or the new, never half. */
function save(path: string, script: Script): void {
  try {
    const aside = `${path}.${process.pid}`
    const data = script.createCachedData()
    writeFileSync(aside, Buffer.concat([checksum(data), data]), { mode: 0o600 })
    renameSync(aside, path)
  } catch {
    // The next process compiles again.
  }
}
