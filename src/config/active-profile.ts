import { closest, type Diagnostic } from '../core/index.js'
import { diagnostic, environmentHint, show } from './diagnostics.js'
import { type EngineName, engineNames, engineSection, profileEntries } from './profile-schema.js'
import type { YamlFile } from './types.js'
import { isMap } from './values.js'

/** The environment that is active, when it can be told. */
export interface ChosenEnvironment {
  readonly env: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The active environment: the requested one, else `dev`, else the only one. Reports 'profiles-empty',
 * 'environment-unknown', 'environment-unclear'.
 */
export function chooseEnvironment(profiles: YamlFile, requested: string | undefined): ChosenEnvironment {
  const known = isMap(profiles.value) ? Object.keys(profiles.value) : []
  const place = profiles.placeOf([])
  const [only] = known
  if (only === undefined) return failed(diagnostic('profiles-empty', {}, place))
  if (requested !== undefined) {
    if (known.includes(requested)) return { env: requested, diagnostics: [] }
    return failed(diagnostic('environment-unknown', { env: requested, known }, place))
  }
  if (known.includes('dev')) return { env: 'dev', diagnostics: [] }
  return known.length === 1
    ? { env: only, diagnostics: [] }
    : failed(diagnostic('environment-unclear', { known, isFlat: known.includes('engine') }, place))
}

function failed(fault: Diagnostic): ChosenEnvironment {
  return { env: undefined, diagnostics: [fault] }
}

/** The engine of an environment and the key of its section; the key is undefined when the profile has none. */
export interface ChosenEngine {
  readonly engine: EngineName | undefined
  readonly section: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The active engine: the requested one, else the profile's `engine`, else the only section. Reports 'engine-unknown',
 * 'engine-section-missing', 'missing-key', 'wrong-value', and 'unknown-key' for what is no engine's section.
 */
export function chooseEngine(profiles: YamlFile, env: string, requested: string | undefined): ChosenEngine {
  const profile = isMap(profiles.value) ? profiles.value[env] : undefined
  if (!isMap(profile)) return noEngine([diagnostic('wrong-value', notAMap(env, profile), profiles.placeOf([env]))])
  const unknown = unknownKeys(profiles, env, profile)
  const wanted = requested ?? wantedEngine(profile)
  if (wanted === undefined) {
    const fault = diagnostic('missing-key', { key: 'engine', hint: engineHint }, profiles.placeOf([env], 'key'))
    return noEngine([...unknown, fault])
  }
  const engine = engineSection(wanted)?.engine
  if (engine === undefined) {
    const place = requested === undefined ? profiles.placeOf([env, 'engine']) : undefined
    return noEngine([...unknown, diagnostic('engine-unknown', { engine: wanted, known: engineNames }, place)])
  }
  const sections = sectionsOf(profile)
  const section =
    sections.find((key) => key === engine) ?? sections.find((key) => engineSection(key)?.engine === engine)
  // Without a section the profile's own engine runs on defaults and on what the environment says.
  if (section === undefined && engineSection(String(profile.engine))?.engine !== engine) {
    const params = { env, engine, known: sections.length > 0 ? sections : [String(profile.engine)] }
    return noEngine([...unknown, diagnostic('engine-section-missing', params, profiles.placeOf([env], 'key'))])
  }
  return { engine, section, diagnostics: unknown }
}

type Values = Readonly<Record<string, unknown>>

function sectionsOf(profile: Values): readonly string[] {
  return Object.keys(profile).filter((key) => engineSection(key) !== undefined)
}

function wantedEngine(profile: Values): string | undefined {
  if (profile.engine !== undefined && profile.engine !== null) return String(profile.engine)
  const [only, second] = sectionsOf(profile)
  return second === undefined ? only : undefined
}

const engineHint = `write engine: ${engineNames.join(', engine: ')}`

function notAMap(env: string, value: unknown) {
  const hint = engineNames.some((engine) => engine === env) || env === 'engine' ? environmentHint : undefined
  return { key: `'${env}'`, expected: 'an environment: a map with engine and its section', received: show(value), hint }
}

function noEngine(diagnostics: readonly Diagnostic[]): ChosenEngine {
  return { engine: undefined, section: undefined, diagnostics }
}

/** A map under a name of its own is the section of an engine that fft does not speak, unless the name looks misspelt. */
function unknownKeys(
  profiles: YamlFile,
  env: string,
  profile: Readonly<Record<string, unknown>>,
): readonly Diagnostic[] {
  const known = [...Object.keys(profileEntries), ...engineNames]
  return Object.entries(profile).flatMap(([key, value]) => {
    if (known.includes(key) || engineSection(key) !== undefined) return []
    const near = closest(key, known)
    if (near === undefined && (isMap(value) || value === null)) return []
    const hint = near === undefined ? `known keys: ${known.join(', ')}` : `did you mean '${near}'?`
    return [diagnostic('unknown-key', { key, hint }, profiles.placeOf([env, key], 'key'))]
  })
}
