import { access, constants, open, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBInstance } from '@duckdb/node-api'
import { FftError } from '../../core/index.js'
import { makeFolder } from '../make-folder.js'
import { quote, quoteText } from '../names.js'
import { loadDriver } from './driver.js'
import { parseEngineError, toFftError } from './errors.js'

export interface DatabaseFile {
  /** Absolute, or `:memory:`. */
  readonly path: string
  /** The name that the database gets; undefined: the file's own. */
  readonly catalog?: string | undefined
  readonly readOnly: boolean
  readonly waitLockMs: number
  readonly onWait?: ((holder: string) => void) | undefined
}

/** A share in the one instance that this process has of a database file. */
export interface Lease {
  readonly instance: DuckDBInstance
  /** Gives the share back; the last one closes the instance and frees the file. */
  release(): void
}

interface Shared {
  readonly opening: Promise<DuckDBInstance>
  readonly readOnly: boolean
  users: number
}

// Two instances of one file in one process overwrite each other without an error, so all openers share one.
const shared = new Map<string, Shared>()

/**
 * Opens a database file, or shares the instance that this process already has. Throws `database-locked`,
 * `database-not-valid`, `database-not-writable`.
 */
export async function openInstance(file: DatabaseFile): Promise<Lease> {
  if (file.path === ':memory:') {
    const instance = await create(file)
    return { instance, release: () => instance.closeSync() }
  }
  const key = await prepareFile(file)
  const entry = shared.get(key) ?? share(key, file)
  if (entry.readOnly && !file.readOnly) throw lockedError(file.path, 'this process, which opened it for reading only')
  entry.users++
  const instance = await entry.opening
  let released = false
  const release = () => {
    if (released) return
    released = true
    entry.users--
    if (entry.users > 0) return
    shared.delete(key)
    instance.closeSync()
  }
  return { instance, release }
}

function share(key: string, file: DatabaseFile): Shared {
  const entry: Shared = { opening: openFile(file), readOnly: file.readOnly, users: 0 }
  entry.opening.catch(() => shared.delete(key))
  shared.set(key, entry)
  return entry
}

/** Makes the parent folder and gives the file's real path, so that links to one file are one file. */
async function prepareFile(file: DatabaseFile): Promise<string> {
  const folder = dirname(file.path)
  try {
    if (!file.readOnly) makeFolder(folder)
    return await realpath(file.path).catch(async () => join(await realpath(folder), basename(file.path)))
  } catch (cause) {
    throw new FftError(`the folder '${folder}' of the database cannot be made: ${reasonOf(cause)}`, {
      code: 'database-not-writable',
      hint: 'set another `path` in the profile, or make the folder writable',
      cause,
    })
  }
}

const pollMs = 200

// The engine takes such a file for data: it opens an empty memory database that shows it as a view.
const dataFile = /\.(?:csv|tsv|txt|parquet|json|jsonl|ndjson)(?:\.gz|\.zst)?$/i

async function openFile(file: DatabaseFile): Promise<DuckDBInstance> {
  if (dataFile.test(file.path) && !(await isDatabase(file.path))) throw await notADatabase(file, undefined)
  return waitForFile(file)
}

async function waitForFile(file: DatabaseFile): Promise<DuckDBInstance> {
  const giveUpAt = performance.now() + file.waitLockMs
  let waiting = false
  for (;;) {
    try {
      return await create(file)
    } catch (thrown) {
      const holder = holderOf(thrown)
      if (holder === undefined) throw await openError(file, thrown)
      const left = giveUpAt - performance.now()
      if (left <= 0) throw lockedError(file.path, holder, thrown)
      if (!waiting) file.onWait?.(holder)
      waiting = true
      await sleep(Math.min(pollMs, left))
    }
  }
}

async function create(file: DatabaseFile): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await loadDriver()
  const { path, catalog, readOnly } = file
  if (catalog === undefined) return DuckDBInstance.create(path, readOnly ? { access_mode: 'READ_ONLY' } : {})
  // Under a name of its own, the file is attached to an empty memory database that only carries it.
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run(`attach ${quoteText(path)} as ${quote(catalog)}${readOnly ? ' (read_only)' : ''}`)
    return instance
  } catch (error) {
    connection.closeSync()
    instance.closeSync()
    throw error
  } finally {
    connection.closeSync()
  }
}

/** `process 20094 (node)`, or undefined when the error is not about a lock. */
export function holderOf(thrown: unknown): string | undefined {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const held = /lock is held in (.*?) \(PID (\d+)\)/.exec(message)
  if (held !== null) return `process ${held[2]} (${basename(held[1] ?? '').replace(/\.exe$/i, '')})`
  const pid = /\(PID (\d+)\)/.exec(message)?.[1]
  if (pid !== undefined && /lock|being used/i.test(message)) return `process ${pid}`
  return /Could not set lock|being used by another process/.test(message) ? 'another process' : undefined
}

/** The error of a database that another process keeps. */
export function lockedError(path: string, holder: string, cause?: unknown): FftError {
  return new FftError(`the database '${path}' is in use by ${holder}`, {
    code: 'database-locked',
    hint: 'DuckDB lets one process at a time write to a file: end the other one, or wait longer with --wait-lock SECONDS',
    cause,
  })
}

/** A file that is not there yet becomes one. */
async function isDatabase(path: string): Promise<boolean> {
  const handle = await open(path).catch(() => undefined)
  if (handle === undefined) return true
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 8)
    return buffer.toString('latin1') === 'DUCK'
  } finally {
    await handle.close()
  }
}

async function openError(file: DatabaseFile, thrown: unknown): Promise<FftError> {
  const { message } = parseEngineError(thrown instanceof Error ? thrown.message : String(thrown))
  if (/Is a directory/.test(message)) return notValid(`'${file.path}' is a folder, not a database file`, thrown)
  if (/not a valid DuckDB database file/.test(message)) return notADatabase(file, thrown)
  if (/version number|newer version|older version/.test(message)) {
    return notValid(`the database '${file.path}' was written by another version of DuckDB`, thrown)
  }
  if (/Permission denied|Read-only file system|Cannot open file/.test(message)) return notWritable(file, thrown)
  return toFftError(thrown)
}

async function notADatabase(file: DatabaseFile, cause: unknown): Promise<FftError> {
  const sizeBytes = await stat(file.path).then(
    (stats) => stats.size,
    () => undefined,
  )
  const what = sizeBytes === 0 ? 'is empty' : 'is not a DuckDB database'
  return notValid(`the file '${file.path}' ${what}`, cause)
}

function notValid(message: string, cause: unknown): FftError {
  const hint = 'set another `path` in the profile, or remove it and fft makes a new database there'
  return new FftError(message, { code: 'database-not-valid', hint, cause })
}

async function notWritable(file: DatabaseFile, cause: unknown): Promise<FftError> {
  const folder = dirname(file.path)
  const folderFault = await access(folder, constants.W_OK).then(() => undefined, reasonOf)
  const message =
    folderFault === undefined
      ? `the database '${file.path}' cannot be opened`
      : `the database '${file.path}' cannot be made in its folder: ${folderFault}`
  const hint = 'set another `path` in the profile, or give yourself the right to write there'
  return new FftError(message, { code: 'database-not-writable', hint, cause })
}

function reasonOf(cause: unknown): string {
  return reasons[codeOf(cause)] ?? codeOf(cause)
}

function codeOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  return cause instanceof Error ? cause.message : String(cause)
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of the path is a file',
  EACCES: 'the system does not permit it',
  EPERM: 'the system does not permit it',
  EROFS: 'the disk is read-only',
  ENOENT: 'there is no such place',
  ENOSPC: 'the disk is full',
}
