import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Profile } from '../../config/index.js'
import type { Adapter, OpenOptions, Warehouse } from '../types.js'
import { duckDbDialect } from './dialect.js'
import { databaseName, duckDbSettings } from './settings.js'

/** DuckDB; the driver is loaded when a database is opened. */
export const duckDbAdapter: Adapter = {
  dialect: duckDbDialect,
  defaults: ({ settings }) => {
    const { path, schema, catalog } = duckDbSettings(settings)
    const database = catalog ?? databaseName(path)
    // Two-part names are ambiguous when the database is called like the schema.
    const isNeeded = catalog !== undefined || database.toLowerCase() === schema.toLowerCase()
    return isNeeded ? { database, schema } : { schema }
  },
  open,
  openExisting: (options) => {
    const { path } = options.profile.settings
    return typeof path === 'string' && existsSync(path) ? open(options) : undefined
  },
  data: { mark: dataMark, readsMore: (sql) => readsMore.test(sql) },
}

const readsMore =
  /\b(now|today|current_\w+|localtime\w*|get_current_\w+|transaction_timestamp|random|setseed|uuid\w*|gen_random_uuid|nextval|currval|getenv|getvariable|glob|read_\w+|\w+_scan|pragma_\w+|duckdb_\w+)\b|'[^']*\.(csv|tsv|parquet|json|ndjson)[^']*'/i

async function dataMark({ settings }: Profile): Promise<string | undefined> {
  const { path, attach } = duckDbSettings(settings)
  if (path === ':memory:' || attach.length > 0) return undefined
  const [database, log] = await Promise.all([fileMark(path), fileMark(`${path}.wal`)])
  return database === undefined ? undefined : `${database} ${log ?? 'no log'}`
}

async function fileMark(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined)
  return stats === undefined ? undefined : `${stats.ino} ${stats.size} ${stats.mtimeNs}`
}

async function open(options: OpenOptions): Promise<Warehouse> {
  const { openDuckDb } = await import('./warehouse.js')
  return openDuckDb({ ...options, dialect: duckDbDialect })
}
