import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  checkProject,
  type PackageEntry,
  type ProjectConfig,
  readPackages,
  readYaml,
  satisfies,
  type YamlFile,
} from '../config/index.js'
import type { Diagnostic } from '../core/index.js'
import { diagnostic } from './diagnostics.js'
import { type ListedFile, listProjectFiles } from './list-files.js'
import type { FileReader } from './read-files.js'
import { type SortedFiles, sortFiles } from './sort-files.js'
import type { ProjectPackage } from './types.js'

/** A package with its files; their paths begin with `packages/<name>/`. */
export interface FoundPackage {
  readonly found: ProjectPackage
  readonly files: SortedFiles
}

export interface FoundPackages {
  readonly packages: readonly FoundPackage[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Finds the packages of `packages.yml`, in its order. Reports 'package-missing', 'package-name-differs',
 * 'package-version', 'package-twice', 'package-models-missing', 'package-dependency', and what is wrong in their project.yml.
 */
export function findPackages(yaml: YamlFile | undefined, dir: string, reader: FileReader): FoundPackages {
  if (yaml === undefined) return { packages: [], diagnostics: [] }
  const { entries, diagnostics } = readPackages(yaml)
  const packages: FoundPackage[] = []
  const faults: Diagnostic[] = [...diagnostics]
  for (const entry of entries) {
    const { found, diagnostics: wrong } = findPackage(entry, dir, reader)
    faults.push(...wrong)
    if (found === undefined) continue
    if (packages.some((other) => other.found.name === found.found.name))
      faults.push(diagnostic('package-twice', { name: found.found.name }, entry.span))
    else packages.push(found)
  }
  return { packages, diagnostics: [...faults, ...missingDependencies(packages)] }
}

/** What packages need, the project has to list: nothing is fetched behind its back. */
function missingDependencies(packages: readonly FoundPackage[]): readonly Diagnostic[] {
  const versions = new Map(packages.map(({ found }) => [found.name, found.version]))
  return packages.flatMap(({ found }) =>
    found.config.dependencies.flatMap(({ name, version, optional, span }) => {
      const there = versions.get(name)
      const fits = there !== undefined && (version === undefined || satisfies(there, version))
      return fits || (optional && there === undefined)
        ? []
        : [
            diagnostic(
              'package-dependency',
              { name: found.name, needs: `${name}${version === undefined ? '' : ` ${version}`}` },
              span,
            ),
          ]
    }),
  )
}

function findPackage(
  entry: PackageEntry,
  dir: string,
  reader: FileReader,
): { readonly found?: FoundPackage; readonly diagnostics: readonly Diagnostic[] } {
  const folder = resolve(dir, entry.path)
  if (!isFolder(folder)) return { diagnostics: [diagnostic('package-missing', { path: entry.path }, entry.span)] }
  // Until its name is known, what is wrong with it is told under the name that the project gives it.
  const called = entry.name ?? entry.path.split(/[\\/]/).at(-1) ?? 'package'
  reader.mount(`packages/${called}`, folder)
  const { config, diagnostics } = readConfig(`packages/${called}`, folder, reader)
  if (config === undefined) {
    const missing = diagnostics.length === 0 ? [diagnostic('package-no-project', { path: entry.path }, entry.span)] : []
    return { diagnostics: [...missing, ...diagnostics] }
  }
  const { name, version } = config
  reader.mount(`packages/${name}`, folder)
  const faults = [...diagnostics, ...fits(entry, config)]
  const modelsDir = entry.modelsDir ?? config.modelsDir
  if (!isFolder(join(folder, modelsDir)))
    faults.push(diagnostic('package-models-missing', { name, dir: modelsDir }, entry.span))
  const root = `packages/${name}`
  const listed = listProjectFiles(folder).map((file): ListedFile => ({ ...file, path: `${root}/${file.path}` }))
  const inPackage = sortFiles(listed, `${root}/${modelsDir}`, `${root}/seeds`, root)
  const found: ProjectPackage = {
    name,
    version,
    path: entry.path,
    dir: folder,
    root,
    modelsDir: `${root}/${modelsDir}`,
    config,
  }
  return { found: { found, files: inPackage }, diagnostics: faults }
}

function readConfig(
  root: string,
  folder: string,
  reader: FileReader,
): { readonly config?: ProjectConfig | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const file = [`${root}/project.yml`, `${root}/project.yaml`].flatMap((path) => reader.readIfThere(path) ?? [])[0]
  if (file === undefined) return { diagnostics: [] }
  const { yaml, diagnostics } = readYaml(file.path, file.text)
  if (yaml === undefined) return { diagnostics }
  const checked = checkProject(yaml, { hasFolder: (below, name) => isFolder(join(folder, below, name)) })
  return { config: checked.config, diagnostics: [...diagnostics, ...checked.diagnostics] }
}

function fits(entry: PackageEntry, { name, version }: ProjectConfig): Diagnostic[] {
  const wrongName = entry.name !== undefined && entry.name !== name
  const wrongVersion = entry.version !== undefined && !satisfies(version, entry.version)
  return [
    ...(wrongName ? [diagnostic('package-name-differs', { given: entry.name, name }, entry.span)] : []),
    ...(wrongVersion
      ? [diagnostic('package-version', { name, version, wanted: entry.version ?? '' }, entry.versionSpan)]
      : []),
  ]
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
