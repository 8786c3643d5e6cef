import { open, stat } from 'node:fs/promises'
import type { DuckDBConnection as NativeConnection } from '@duckdb/node-api'
import { FftError, suggest } from '../../core/index.js'
import type { SeedRequest } from '../types.js'
import type { Driver } from './driver.js'
import { quoteText } from './names.js'

export interface SeedContext {
  readonly driver: Driver
  readonly native: NativeConnection
  readonly signal: AbortSignal
  readonly inTransaction: boolean
}

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

/** The file as an argument of the engine's readers, which would take `*`, `?` and `[` for a pattern. */
export function fileList({ absolutePath }: SeedRequest): string {
  return quoteText(absolutePath.replace(/[*?[]/g, '[$&]'))
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

/** The file in chunks of a megabyte. Throws `seed-missing`. */
export async function* chunksOf(request: SeedRequest, sizeBytes = 1 << 20): AsyncGenerator<Uint8Array> {
  const file = await open(request.absolutePath).catch((cause: unknown) => {
    throw missing(request, cause)
  })
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(sizeBytes)
      const { bytesRead } = await file.read(chunk, 0, sizeBytes)
      if (bytesRead === 0) return
      yield chunk.subarray(0, bytesRead)
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
    if (index === -1) {
      const message = `column_types names the column '${column}', which the file does not have`
      throw malformed(request, { line: 1, message, hint: suggest(column, names, 'columns') })
    }
    types[index] = type
  }
  return types
}
