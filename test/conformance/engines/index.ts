import { databricks } from './databricks.js'
import { duckdb } from './duckdb.js'
import type { Engine } from './engine.js'
import { postgres } from './postgres.js'

export type * from './engine.js'
export { settingsOf } from './engine.js'

/** Every engine that the suites run on. */
export const engines: readonly Engine[] = [duckdb, postgres, databricks]
