import { basename, extname } from 'node:path'
import { FftError } from '../../core/index.js'

/** The `duckdb` section of a profile, with defaults. */
export interface DuckDbSettings {
  /** Absolute, or `:memory:`. */
  readonly path: string
  readonly schema: string
  /** The name that the database gets; undefined: the file's own. */
  readonly catalog?: string
  readonly attach: readonly AttachedDatabase[]
  /** Engine settings, set on every connection. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
}

export interface AttachedDatabase {
  readonly name: string
  readonly path: string
  readonly type?: string
  readonly readOnly: boolean
}

/** Reads a profile's settings. Throws `profile-not-valid` for a shape that the config schema lets through. */
export function duckDbSettings(values: Readonly<Record<string, unknown>>): DuckDbSettings {
  const path = typeof values.path === 'string' && values.path !== '' ? values.path : ':memory:'
  const catalog = typeof values.catalog === 'string' && values.catalog !== '' ? values.catalog : undefined
  return {
    path,
    schema: typeof values.schema === 'string' && values.schema !== '' ? values.schema : 'main',
    ...(catalog === undefined || catalog === databaseName(path) ? {} : { catalog }),
    attach: attachedDatabases(values.attach),
    settings: engineSettings(values.settings),
  }
}

/** The name that DuckDB itself gives to a database file. */
export function databaseName(path: string): string {
  return path === ':memory:' ? 'memory' : basename(path, extname(path))
}

function attachedDatabases(value: unknown): readonly AttachedDatabase[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map((entry: unknown) => attachedDatabase(undefined, entry))
  if (isRecord(value)) return Object.entries(value).map(([name, entry]) => attachedDatabase(name, entry))
  throw notValid('`attach` is neither a list nor a map of databases')
}

function attachedDatabase(key: string | undefined, entry: unknown): AttachedDatabase {
  if (typeof entry === 'string') return { name: key ?? databaseName(entry), path: entry, readOnly: false }
  if (!isRecord(entry) || typeof entry.path !== 'string') throw notValid(`'${key ?? 'attach'}' has no path`)
  const name = [key, entry.name, entry.alias, entry.as].find((candidate) => typeof candidate === 'string')
  return {
    name: typeof name === 'string' ? name : databaseName(entry.path),
    path: entry.path,
    readOnly: entry.read_only === true,
    ...(typeof entry.type === 'string' ? { type: entry.type } : {}),
  }
}

function engineSettings(value: unknown): DuckDbSettings['settings'] {
  if (value === undefined || value === null) return {}
  if (!isRecord(value)) throw notValid('`settings` is no map of names and values')
  const settings: Record<string, string | number | boolean> = {}
  for (const [name, setting] of Object.entries(value)) {
    if (typeof setting !== 'string' && typeof setting !== 'number' && typeof setting !== 'boolean') {
      throw notValid(`the setting '${name}' is neither text, a number nor true or false`)
    }
    settings[name] = setting
  }
  return settings
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function notValid(fault: string): FftError {
  return new FftError(`the profile's duckdb section: ${fault}`, {
    code: 'profile-not-valid',
    hint: 'attach: {name: path} or {name: {path, type, read_only}}; settings: {name: value}',
  })
}
