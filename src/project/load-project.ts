import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { readYaml, type YamlReading } from '../config/index.js'
import { type Diagnostic, hasErrors, ProjectError } from '../core/index.js'
import { type CheckedFiles, checkFiles } from './check-files.js'
import { diagnostic } from './diagnostics.js'
import { type ListedFile, listProjectFiles } from './list-files.js'
import { checkLock, lockFile, lockText } from './lock.js'
import { type FoundPackage, findPackages } from './packages.js'
import { FileReader } from './read-files.js'
import { type ReadSettings, readSettings } from './read-settings.js'
import { type SortedFiles, seedFile, sortFiles } from './sort-files.js'
import type { LoadOptions, Project, ProjectFile, ProjectPackage, SeedFile } from './types.js'

/**
 * Reads and checks a project folder. Throws ProjectError with everything that is wrong: 'project-folder-missing',
 * 'project-missing', 'profile-missing', 'models-dir-missing', 'duplicate-properties', and what the files' checks report.
 */
export async function loadProject(options: LoadOptions): Promise<Project> {
  const dir = options.projectDir
  if (!isFolder(dir)) throw new ProjectError([diagnostic('project-folder-missing', { dir })])
  const reader = new FileReader(dir)
  const settings = await readSettings(options, reader)
  const own = sortProject(dir, settings)
  const listed = packageFile(reader)
  const { packages, diagnostics: packageFaults } = findPackages(listed.yaml, dir, reader)
  const files = withPackages(own, packages)
  const checked = checkFiles(files, reader, settings.profile?.engine ?? '')
  const diagnostics = [
    ...settings.diagnostics,
    ...missingModels(dir, settings),
    ...strayFiles(own, reader),
    ...listed.diagnostics,
    ...packageFaults,
    ...checkLock(
      packages.map(({ found }) => found),
      reader,
    ),
    ...checked.diagnostics,
  ]
  const { config, profile } = settings
  if (config === undefined || profile === undefined || hasErrors(diagnostics)) throw new ProjectError(diagnostics)
  return {
    dir,
    config,
    profile,
    environment: settings.environment.values,
    packages: packages.map(({ found }) => found),
    vars: { ...packageVars(packages), ...config.vars, ...profile.vars, ...options.vars },
    ...readTexts(files, reader),
    seeds: files.seeds,
    ...yamlFiles(checked),
    warnings: diagnostics,
  }
}

/** What `fft deps` is told. */
export interface LoadedPackages {
  readonly packages: readonly ProjectPackage[]
  /** The lock file, and its path from the project folder. */
  readonly lock: { readonly path: string; readonly text: string }
  readonly diagnostics: readonly Diagnostic[]
}

/** The packages of a project, and what is wrong with them; for `fft deps`, which needs nothing else of the project. */
export function loadPackages(dir: string): LoadedPackages {
  if (!isFolder(dir)) throw new ProjectError([diagnostic('project-folder-missing', { dir })])
  const reader = new FileReader(dir)
  const listed = packageFile(reader)
  const { packages, diagnostics } = findPackages(listed.yaml, dir, reader)
  const all = packages.map(({ found }) => found)
  const lock = { path: lockFile, text: lockText(all) }
  return { packages: all, lock, diagnostics: [...listed.diagnostics, ...diagnostics] }
}

/** `packages.yml`, read before the files that it adds. */
function packageFile(reader: FileReader): YamlReading {
  const file = ['packages.yml', 'packages.yaml'].flatMap((path) => reader.readIfThere(path) ?? [])[0]
  return file === undefined ? { yaml: undefined, diagnostics: [] } : readYaml(file.path, file.text)
}

/** Of a package come models, macros, sources and what YAML says of them; its seeds, tests, snapshots and hooks are its own. */
function withPackages(own: SortedFiles, packages: readonly FoundPackage[]): SortedFiles {
  const all = (read: (files: SortedFiles) => readonly string[]) =>
    [own, ...packages.map(({ files }) => files)].flatMap(read)
  return {
    ...own,
    sqlModels: all(({ sqlModels }) => sqlModels),
    codeModels: all(({ codeModels }) => codeModels),
    macros: all(({ macros }) => macros),
    templates: all(({ templates }) => templates),
    deltaFiles: all(({ deltaFiles }) => deltaFiles),
    properties: all(({ properties }) => properties),
  }
}

function packageVars(packages: readonly FoundPackage[]): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...packages.map(({ found }) => found.config.vars))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** The project's files by what they are. */
function sortProject(dir: string, { config, environment }: ReadSettings): SortedFiles {
  const seedsDir = environment.values.FFT_SEEDS_DIR ?? ''
  const files = sortFiles(listProjectFiles(dir), config?.modelsDir ?? 'models', folderPath(seedsDir) ?? 'seeds')
  return isElsewhere(seedsDir) ? { ...files, seeds: seedsElsewhere(dir, seedsDir) } : files
}

/** A folder as paths in the project spell it; undefined for an empty setting. */
function folderPath(folder: string): string | undefined {
  return (
    folder
      .replaceAll('\\', '/')
      .replace(/^(\.\/)+/, '')
      .replace(/\/+$/, '') || undefined
  )
}

function isElsewhere(seedsDir: string): boolean {
  return seedsDir.startsWith('..') || resolve(seedsDir) === seedsDir
}

/** Seeds of a folder outside the project; their paths start with the folder as it was given. */
function seedsElsewhere(dir: string, seedsDir: string): readonly SeedFile[] {
  const folder = resolve(dir, seedsDir)
  if (!isFolder(folder)) return []
  const within = (file: ListedFile) => ({ ...file, path: `${folderPath(seedsDir)}/${file.path}` })
  return listProjectFiles(folder).map(within).flatMap(seedFile)
}

function missingModels(dir: string, { config }: ReadSettings): readonly Diagnostic[] {
  if (config === undefined || config.modelsDir === 'models' || isFolder(resolve(dir, config.modelsDir))) return []
  const span = config.placeOf(['models_dir'])
  return [diagnostic('models-dir-missing', { dir: config.modelsDir }, span)]
}

/** A file that defines macros may be imported; anything else in the models folder is meant as a model. */
function strayFiles({ strays }: SortedFiles, reader: FileReader): readonly Diagnostic[] {
  return strays.flatMap((path) => {
    if (/\{%-?\s*macro\b/.test(reader.read(path).text)) return []
    return [diagnostic('no-model-file', { path }, { file: path, line: 1, column: 1 })]
  })
}

type Texts = Pick<Project, 'sqlModels' | 'codeModels' | 'macros' | 'singularTests' | 'snapshotFiles' | 'templates'>

function readTexts(files: SortedFiles, reader: FileReader): Texts {
  const read = (paths: readonly string[]): readonly ProjectFile[] => paths.map((path) => reader.read(path))
  return {
    sqlModels: read(files.sqlModels),
    codeModels: read(files.codeModels),
    macros: read(files.macros),
    singularTests: read(files.singularTests),
    snapshotFiles: read(files.snapshots),
    templates: new Map(read(files.templates).map((file) => [file.path, file])),
  }
}

type YamlFiles = Pick<
  Project,
  'models' | 'seedProperties' | 'sources' | 'groups' | 'deltaFiles' | 'selectors' | 'seedSchema'
>

function yamlFiles({
  models,
  seedProperties,
  sources,
  groups,
  deltaFiles,
  selectors,
  seedSchema,
}: CheckedFiles): YamlFiles {
  return {
    groups,
    models,
    seedProperties,
    sources,
    deltaFiles,
    ...(selectors === undefined ? {} : { selectors }),
    ...(seedSchema === undefined ? {} : { seedSchema }),
  }
}
