import type { Dialect } from '../types.js'
import { insert } from './insert.js'
import { replaceKeys, replaceWindow } from './replace-keys.js'
import { upsert } from './upsert.js'
import { version } from './versions.js'

/**
 * Each change as DuckDB's fastest statements with the promised result. Without a unique index delete + insert beats
 * MERGE ten times at 10 M rows, and is atomic in the node's transaction (`bench/merge`).
 */
export const changes: Dialect['apply'] = {
  insert,
  upsert,
  replace_keys: replaceKeys,
  replace_window: replaceWindow,
  version,
}
