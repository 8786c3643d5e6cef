import { checkProfile, chooseEngine, type LayeredEnv, type Profile, type YamlFile } from '../config/index.js'
import { type Diagnostic, hasErrors } from '../core/index.js'
import { renderValues } from './render-values.js'

/** What the active profile is made of. */
export interface ProfileInput {
  readonly profiles: YamlFile
  /** Known to be in `profiles`. */
  readonly env: string
  /** `--engine`; undefined: the profile's. */
  readonly engine: string | undefined
  readonly environment: LayeredEnv
  readonly projectDir: string
}

/** The active profile; undefined when it has errors. */
export interface ResolvedProfile {
  readonly profile: Profile | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Renders and checks the active section of the active environment, and nothing else of `profiles.yml`. */
export async function resolveProfile(input: ProfileInput): Promise<ResolvedProfile> {
  const { profiles, env, environment, projectDir } = input
  const chosen = chooseEngine(profiles, env, input.engine)
  const { engine, section } = chosen
  if (engine === undefined) return { profile: undefined, diagnostics: chosen.diagnostics }
  const scope = { environment: environment.values, projectDir }
  const part = (key: string) => renderValues(profiles, [env, key], recordAt(recordAt(profiles.value, env), key), scope)
  const [settings, vars, threads] = await Promise.all([part(section ?? engine), part('vars'), part('threads')])
  const rendering = [settings, vars, threads].flatMap((each) => each.diagnostics)
  if (hasErrors(rendering)) return { profile: undefined, diagnostics: [...chosen.diagnostics, ...rendering] }
  const checked = checkProfile({
    profiles,
    env,
    engine,
    section,
    settings: settings.value,
    vars: vars.value,
    threads: threads.value,
    templated: settings.templated,
    environment,
    projectDir,
  })
  const diagnostics = [...chosen.diagnostics, ...rendering, ...checked.diagnostics]
  return { profile: hasErrors(diagnostics) ? undefined : checked.profile, diagnostics }
}

function recordAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}
