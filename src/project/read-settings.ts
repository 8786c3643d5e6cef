import { statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import {
  checkProject,
  chooseEnvironment,
  envFileNames,
  type LayeredEnv,
  layerEnv,
  type Profile,
  type ProjectConfig,
  readYaml,
  type YamlFile,
} from '../config/index.js'
import { type Diagnostic, ProjectError } from '../core/index.js'
import { diagnostic } from './diagnostics.js'
import type { FileReader } from './read-files.js'
import { resolveProfile } from './resolve-profile.js'
import type { LoadOptions } from './types.js'

/** What decides how a project's other files are read; parts with errors are undefined. */
export interface ReadSettings {
  readonly config: ProjectConfig | undefined
  readonly profile: Profile | undefined
  readonly environment: LayeredEnv
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads `project.yml`, the `.env` layers and the active profile. Throws ProjectError for a folder without project.yml. */
export async function readSettings(options: LoadOptions, reader: FileReader): Promise<ReadSettings> {
  const project = readProjectFile(options, reader)
  const profiles = readProfiles(options, reader)
  const base = layers(options, reader, undefined)
  const requested = options.env ?? (base.values.FFT_ACTIVE_ENV || undefined)
  const chosen =
    profiles.yaml === undefined ? { env: undefined, diagnostics: [] } : chooseEnvironment(profiles.yaml, requested)
  const environment = layers(options, reader, chosen.env ?? requested)
  const resolved =
    profiles.yaml === undefined || chosen.env === undefined
      ? { profile: undefined, diagnostics: [] }
      : await resolveProfile({
          profiles: profiles.yaml,
          env: chosen.env,
          engine: options.engine,
          environment,
          projectDir: options.projectDir,
        })
  const parts = [project, profiles, chosen, environment, resolved]
  const diagnostics = parts.flatMap((part) => part.diagnostics)
  return { config: project.config, profile: resolved.profile, environment, diagnostics }
}

function readProjectFile({ projectDir }: LoadOptions, reader: FileReader) {
  const file = ['project.yml', 'project.yaml'].flatMap((path) => reader.readIfThere(path) ?? [])[0]
  if (file === undefined) throw new ProjectError([diagnostic('project-missing', { dir: projectDir })])
  const { yaml, diagnostics } = readYaml(file.path, file.text)
  if (yaml === undefined) return { config: undefined, diagnostics }
  const hasFolder = (folder: string, name: string) =>
    statSync(join(projectDir, folder, name), { throwIfNoEntry: false })?.isDirectory() ?? false
  const checked = checkProject(yaml, { hasFolder })
  return { config: checked.config, diagnostics: [...diagnostics, ...checked.diagnostics] }
}

interface ReadProfiles {
  readonly yaml: YamlFile | undefined
  readonly diagnostics: readonly Diagnostic[]
}

function readProfiles({ projectDir, profilesDir }: LoadOptions, reader: FileReader): ReadProfiles {
  const folder = profilesDir === undefined ? '' : pathFrom(projectDir, resolve(projectDir, profilesDir))
  const paths = ['profiles.yml', 'profiles.yaml'].map((name) => (folder === '' ? name : `${folder}/${name}`))
  const file = paths.flatMap((path) => reader.readIfThere(path) ?? [])[0]
  if (file !== undefined) return readYaml(file.path, file.text)
  return { yaml: undefined, diagnostics: [diagnostic('profile-missing', { path: paths[0] ?? 'profiles.yml' })] }
}

function pathFrom(projectDir: string, folder: string): string {
  const path = relative(projectDir, folder)
  return (isAbsolute(path) ? folder : path).split(sep).join('/')
}

function layers({ environment }: LoadOptions, reader: FileReader, env: string | undefined): LayeredEnv {
  // A name with a slash would lead out of the folder; it is no environment.
  const names = envFileNames(env?.includes('/') ? undefined : env)
  const files = names.flatMap((file) => {
    const read = reader.readIfThere(file)
    return read === undefined ? [] : [{ file, text: read.text }]
  })
  return layerEnv(files, environment)
}
