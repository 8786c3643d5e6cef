import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '../adapters/index.js'
import { FftError } from '../core/index.js'

/**
 * Writes a file aside and renames it, so that a reader or a crash never sees half of it. Throws 'file-not-writable'.
 * Synchronous inside: thousands of files at once held all of their texts in memory, and took longer.
 */
export async function writeWhole(path: string, content: string): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`
  try {
    writeAside(aside, content)
    renameSync(aside, path)
  } catch (cause) {
    removeQuietly(aside)
    throw new FftError(`'${path}' cannot be written: ${reasonOf(cause)}`, {
      code: 'file-not-writable',
      hint: 'for artifacts, --target-path DIR or FFT_TARGET_PATH names another folder',
      cause,
    })
  }
}

/** Folders are made when one is missing: nearly all are there. */
function writeAside(aside: string, content: string): void {
  try {
    writeFileSync(aside, content)
  } catch {
    makeFolder(dirname(aside))
    writeFileSync(aside, content)
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // What failed before is told.
  }
}

/** What the system said, in words. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const code = 'code' in cause ? String(cause.code) : ''
  return reasons[code] ?? cause.message
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'the system makes no folder there',
  EEXIST: 'a folder on its path is a file',
  ENOTDIR: 'a folder on its path is a file',
  EISDIR: 'it is a folder',
  EACCES: 'the system does not permit it',
  EPERM: 'the system does not permit it',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
}
