import { resolve } from 'node:path'
import * as v from 'valibot'
import type { Diagnostic } from '../core/index.js'
import { check, type Placed } from './check.js'
import { defined } from './defined.js'
import { diagnostic, show } from './diagnostics.js'
import type { LayeredEnv } from './env-files.js'
import { type EngineName, type EngineSection, engineSections, type PathKind, profileEntries } from './profile-schema.js'
import { isSecretName } from './secrets.js'
import type { Profile, ProfileSetting, YamlFile } from './types.js'
import { fields, isMap } from './values.js'

/** The active environment's parts of `profiles.yml`, templates rendered. */
export interface RenderedProfile {
  readonly profiles: YamlFile
  readonly env: string
  readonly engine: EngineName
  /** The key of the engine's section. */
  readonly section: string | undefined
  readonly settings: unknown
  readonly vars: unknown
  readonly threads: unknown
  /** Keys of the section that were templates, with the environment variables that they read. */
  readonly templated: ReadonlyMap<string, readonly string[]>
  readonly environment: LayeredEnv
  /** Absolute; relative paths count from here. */
  readonly projectDir: string
}

export interface CheckedProfile {
  readonly profile: Profile | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Checks a rendered profile and lays the environment's overrides over it. Reports 'unknown-key', 'wrong-value',
 * 'contradictory-values', 'spark-session-keys'.
 */
export function checkProfile(input: RenderedProfile): CheckedProfile {
  const section: EngineSection = engineSections[input.engine]
  const given = givenSettings(input, section)
  const beside = check(besideSchema, { vars: input.vars, threads: coerced(input.threads) }, input.profiles, [input.env])
  const diagnostics = [...given.diagnostics, ...beside.diagnostics, ...sessionKeys(input, section)]
  if (beside.value === undefined || given.diagnostics.length > 0) return { profile: undefined, diagnostics }
  const sources = [...overridden(given.settings, input, section), ...defaults(given.settings, input, section)]
  const settings = Object.fromEntries(sources.map(({ key, value }) => [key, value]))
  const { vars, threads } = beside.value
  const profile = { env: input.env, engine: input.engine, settings, sources, vars: vars ?? {}, ...defined({ threads }) }
  return { profile, diagnostics }
}

const besideSchema = fields({ vars: profileEntries.vars, threads: profileEntries.threads })

interface Given {
  readonly settings: readonly ProfileSetting[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What the section says, keys folded; a template that gave nothing counts as absent. */
function givenSettings(input: RenderedProfile, section: EngineSection): Given {
  const path = [input.env, input.section ?? input.engine]
  const values = settingsOf(input)
    .filter(([key, value]) => !section.ignored.includes(key) && !(value === '' && input.templated.has(key)))
    .map(([key, value]) => [key, input.templated.has(key) ? fitting(section, key, value) : value] as const)
  const whole =
    isMap(input.settings) || (input.settings ?? undefined) === undefined ? Object.fromEntries(values) : input.settings
  const { diagnostics } = check(sectionSchema(section), whole, hidingSecrets(input.profiles, section), path)
  const settings = new Map<string, ProfileSetting & { readonly spelling: string }>()
  const contradictions: Diagnostic[] = []
  for (const [spelling, value] of values) {
    if (value === null) continue
    const key = section.keyAliases[spelling] ?? spelling
    const other = settings.get(key)
    if (other !== undefined && other.value !== value) contradictions.push(twice(input, other, { key, spelling, value }))
    settings.set(key, {
      key,
      value,
      spelling,
      from: origin(input, [...path, spelling]),
      secret: section.secrets.includes(key),
    })
  }
  const plain = [...settings.values()].map(({ spelling: _, ...setting }) => setting)
  return { settings: plain, diagnostics: [...diagnostics, ...contradictions] }
}

function hidingSecrets(profiles: YamlFile, { secrets }: EngineSection): Placed {
  return {
    placeOf: (path, which) => profiles.placeOf(path, which),
    isSecret: (path) => path.some((each) => secrets.includes(String(each)) || isSecretName(String(each))),
  }
}

function settingsOf({ settings }: RenderedProfile): readonly (readonly [string, unknown])[] {
  return isMap(settings) ? Object.entries(settings) : []
}

interface Spelt {
  readonly key: string
  readonly spelling: string
  readonly value: unknown
}

function twice(input: RenderedProfile, first: Spelt, second: Spelt): Diagnostic {
  const placeOf = (spelling: string) => input.profiles.placeOf([input.env, input.section ?? '', spelling])
  const section: EngineSection = engineSections[input.engine]
  const shown = (spelt: Spelt) =>
    isSecretName(spelt.key) || section.secrets.includes(spelt.key) ? '…' : show(spelt.value)
  return diagnostic(
    'contradictory-values',
    {
      key: second.key,
      first: first.spelling,
      firstValue: shown(first),
      second: second.spelling,
      secondValue: shown(second),
    },
    placeOf(second.spelling),
    [{ message: 'the other one', span: placeOf(first.spelling) }],
  )
}

function sectionSchema(section: EngineSection) {
  const aliases = Object.entries(section.keyAliases).flatMap(([alias, key]) => {
    const schema = section.entries[key]
    return schema === undefined ? [] : [[alias, schema] as const]
  })
  return fields({ ...section.entries, ...Object.fromEntries(aliases) })
}

/** Templates give text; where a number or a boolean is needed, the text is read as one. */
function fitting(section: EngineSection, key: string, value: unknown): unknown {
  const schema = section.entries[section.keyAliases[key] ?? key]
  if (schema === undefined || v.is(schema, value)) return value
  const other = coerced(value)
  return v.is(schema, other) ? other : value
}

function coerced(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (/^-?\d+$/.test(value)) return Number(value)
  const lower = value.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : value
}

function origin({ profiles, templated, environment }: RenderedProfile, path: readonly string[]): string {
  const { file, line, column } = profiles.placeOf(path)
  const read = (templated.get(path.at(-1) ?? '') ?? []).filter((name) => environment.from(name) !== undefined)
  const place = `${file}:${line}:${column}`
  return [...read.map((name) => `${name} (${environment.from(name)})`), place].join(', ')
}

function overridden(
  settings: readonly ProfileSetting[],
  input: RenderedProfile,
  section: EngineSection,
): readonly ProfileSetting[] {
  const overrides = Object.entries(section.overrides).flatMap(([name, key]) => {
    const value = input.environment.values[name]
    if (value === undefined || value === '') return []
    return [{ key, value, from: `${name} (${input.environment.from(name)})`, secret: section.secrets.includes(key) }]
  })
  // A whole connection string replaces the parts that the profile gives.
  const replaced = new Set(overrides.flatMap(({ key }) => [key, ...(section.covers[key] ?? [])]))
  const left = [...settings.filter(({ key }) => !replaced.has(key)), ...overrides]
  return left.map((setting) => withPaths(setting, input, section))
}

function defaults(
  settings: readonly ProfileSetting[],
  input: RenderedProfile,
  section: EngineSection,
): readonly ProfileSetting[] {
  const known = new Set([
    ...settings.map(({ key }) => key),
    ...Object.entries(section.overrides).flatMap(([name, key]) => (input.environment.values[name] ? [key] : [])),
  ])
  return Object.entries(section.defaults)
    .filter(([key]) => !known.has(key))
    .map(([key, value]) => ({ key, value, from: 'default', secret: false }))
}

function withPaths(setting: ProfileSetting, { projectDir }: RenderedProfile, section: EngineSection): ProfileSetting {
  const kind = section.paths[setting.key]
  if (kind === undefined) return setting
  const { value } = setting
  return { ...setting, value: kind === 'file' ? absolute(value, projectDir) : databasePaths(value, projectDir, kind) }
}

type Databases = Exclude<PathKind, 'file'>

function databasePaths(value: unknown, projectDir: string, kind: Databases): unknown {
  if (Array.isArray(value)) return value.map((each) => databasePath(each, projectDir, kind))
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, databasePath(each, projectDir, kind)]))
}

function databasePath(value: unknown, projectDir: string, { databases }: Databases): unknown {
  if (!isMap(value)) return absolute(value, projectDir)
  const { type } = value
  const isFile = type === undefined || type === null || databases.includes(String(type))
  return isFile ? { ...value, path: absolute(value.path, projectDir) } : value
}

/** Files are found from the project folder; `:memory:`, `md:` and URLs are no files. */
function absolute(value: unknown, projectDir: string): unknown {
  if (typeof value !== 'string' || value.startsWith(':memory:') || /^[a-z][a-z0-9+.-]+:/i.test(value)) return value
  return resolve(projectDir, value)
}

function sessionKeys(input: RenderedProfile, section: EngineSection): readonly Diagnostic[] {
  const keys = settingsOf(input)
    .flatMap(([key]) => key)
    .filter((key) => section.ignored.includes(key))
  const [first] = keys
  if (first === undefined) return []
  const place = input.profiles.placeOf([input.env, input.section ?? '', first], 'key')
  return [diagnostic('spark-session-keys', { keys }, place)]
}
