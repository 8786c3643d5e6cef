import { hash as hashOf } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ProjectFile } from './types.js'

/** Reads text files once each; a byte order mark is dropped. */
export class FileReader {
  readonly #dir: string
  readonly #known = new Map<string, ProjectFile>()
  readonly #mounts = new Map<string, string>()

  /** Paths count from `dir`. */
  constructor(dir: string) {
    this.#dir = dir
  }

  /** Paths that begin with `prefix` are those of a folder elsewhere. */
  mount(prefix: string, folder: string): void {
    this.#mounts.set(`${prefix}/`, folder)
  }

  read(path: string): ProjectFile {
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const elsewhere = this.#elsewhere(path)
    const text = readFileSync(elsewhere ?? resolve(this.#dir, path), 'utf8')
    const file = projectFile(path, text, elsewhere)
    this.#known.set(path, file)
    return file
  }

  #elsewhere(path: string): string | undefined {
    for (const [prefix, folder] of this.#mounts)
      if (path.startsWith(prefix)) return resolve(folder, path.slice(prefix.length))
    return undefined
  }

  /** The file, or undefined when it does not exist. */
  readIfThere(path: string): ProjectFile | undefined {
    try {
      return this.read(path)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }
}

function projectFile(path: string, content: string, absolutePath: string | undefined): ProjectFile {
  const text = content.startsWith('\uFEFF') ? content.slice(1) : content
  let hash: string | undefined
  return {
    path,
    text,
    ...(absolutePath === undefined ? {} : { absolutePath }),
    // Most commands never ask for the hash of most files.
    get hash() {
      hash ??= hashOf('sha256', text)
      return hash
    },
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR')
  )
}
