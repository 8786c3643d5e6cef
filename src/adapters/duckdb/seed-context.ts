import type { DuckDBConnection as NativeConnection } from '@duckdb/node-api'
import { quoteText } from '../names.js'
import type { SeedRequest } from '../types.js'
import type { Driver } from './driver.js'

/** What a seed is read with. */
export interface SeedContext {
  readonly driver: Driver
  readonly native: NativeConnection
  readonly signal: AbortSignal
  readonly inTransaction: boolean
}

/** The file as an argument of the engine's readers, which would take `*`, `?` and `[` for a pattern. */
export function fileList({ absolutePath }: SeedRequest): string {
  return quoteText(absolutePath.replace(/[*?[]/g, '[$&]'))
}
