import { open, stat } from 'node:fs/promises'
import { FftError, suggest } from '../../core/index.js'
import { quoteText } from '../names.js'
import type { SeedRequest } from '../types.js'
import { CsvFault } from './csv-fault.js'

export interface Fault {
  /** Physical line, from 1. */
  readonly line: number
  readonly message: string
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** The error of a seed's file, at its line. */
export function malformed(request: SeedRequest, { line, message, hint, cause }: Fault): FftError {
  return new FftError(message, {
    code: 'seed-malformed',
    hint,
    span: { file: request.path, line, column: 1 },
    cause,
  })
}

/** The file's delimiter; `tab` and `\\t` are a tabulator. Throws `seed-malformed` for what cannot be one. */
export function delimiterOf(request: SeedRequest): string {
  const delimiter = request.delimiter === '\\t' || request.delimiter === 'tab' ? '\t' : (request.delimiter ?? ',')
  if (/^[\x20-\x7e\t]$/.test(delimiter) && delimiter !== '"' && delimiter !== ' ') return delimiter
  throw malformed(request, {
    line: 1,
    message: `${quoteText(delimiter)} cannot be the delimiter`,
    hint: 'it is one character: , ; | or \\t',
  })
}

/** Runs a scan of the file; a fault that it finds becomes `seed-malformed` at its line. */
export async function atLine<T>(request: SeedRequest, task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (thrown) {
    if (!(thrown instanceof CsvFault)) throw thrown
    throw malformed(request, { line: thrown.line, message: thrown.message, hint: thrown.hint })
  }
}

/** Throws `seed-missing`. */
export async function sizeOf(request: SeedRequest): Promise<number> {
  const stats = await stat(request.absolutePath).catch((cause: unknown) => {
    throw missing(request, cause)
  })
  return stats.size
}

function missing(request: SeedRequest, cause: unknown): FftError {
  const reason =
    cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'does not exist' : 'cannot be read'
  return new FftError(`the seed's file '${request.path}' ${reason}`, { code: 'seed-missing', cause })
}

/**
 * The file in chunks of a megabyte, each with `room` free bytes in front of it in the same memory. Throws
 * `seed-missing`.
 */
export async function* chunksOf(request: SeedRequest, sizeBytes = 1 << 20, room = 0): AsyncGenerator<Uint8Array> {
  const file = await open(request.absolutePath).catch((cause: unknown) => {
    throw missing(request, cause)
  })
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(room + sizeBytes)
      const { bytesRead } = await file.read(chunk, room, sizeBytes)
      if (bytesRead === 0) return
      yield chunk.subarray(room, room + bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** The types that `column_types` gives, by the column's place. Throws `seed-malformed` for a column that is not there. */
export function givenTypes(request: SeedRequest, names: readonly string[]): readonly (string | undefined)[] {
  const types = new Array<string | undefined>(names.length).fill(undefined)
  for (const [column, type] of Object.entries(request.columnTypes)) {
    const exact = names.indexOf(column)
    const index = exact === -1 ? names.findIndex((name) => name.toLowerCase() === column.toLowerCase()) : exact
    if (index === -1 && request.sharedTypes?.includes(column)) continue
    if (index === -1) {
      const message = `column_types names the column '${column}', which the file does not have`
      throw malformed(request, { line: 1, message, hint: suggest(column, names, 'columns') })
    }
    types[index] = type
  }
  return types
}
