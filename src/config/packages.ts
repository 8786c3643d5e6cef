import type { Diagnostic, SourceSpan } from '../core/index.js'
import { check } from './check.js'
import { defined } from './defined.js'
import { diagnostic } from './diagnostics.js'
import { packagesSchema } from './other-schemas.js'
import type { ValuePath, YamlFile } from './types.js'
import { isMap } from './values.js'

/** A package that a project uses: a folder on this machine. */
export interface PackageEntry {
  /** Undefined: what the package calls itself. */
  readonly name?: string
  /** From the project folder. */
  readonly path: string
  /** The package's folder with models, where it is not the package's own choice. */
  readonly modelsDir?: string
  /** The versions that will do. */
  readonly version?: string
  readonly span: SourceSpan
  readonly versionSpan: SourceSpan
}

/** Reads `packages.yml`. Reports 'package-not-local', 'package-needs-path', and what does not fit the schema. */
export function readPackages(yaml: YamlFile): {
  readonly entries: readonly PackageEntry[]
  readonly diagnostics: readonly Diagnostic[]
} {
  if (yaml.value === null) return { entries: [], diagnostics: [] }
  const { diagnostics } = check(packagesSchema, yaml.value, yaml)
  if (diagnostics.length > 0) return { entries: [], diagnostics }
  const read = items(yaml.value).map(({ values, path }) => readEntry(values, path, yaml))
  return {
    entries: read.flatMap(({ entry }) => entry ?? []),
    diagnostics: read.flatMap(({ fault }) => fault ?? []),
  }
}

interface Item {
  readonly values: Readonly<Record<string, unknown>>
  readonly path: ValuePath
}

/** A list, a map from names to paths, either of them alone or under `packages`. */
function items(value: unknown, path: ValuePath = []): readonly Item[] {
  if (Array.isArray(value))
    return value.flatMap((each: unknown, index) => (isMap(each) ? [{ values: each, path: [...path, index] }] : []))
  if (!isMap(value)) return []
  if (path.length === 0) return items(value['packages'], ['packages'])
  return Object.entries(value).map(([name, each]) => ({
    values: { name, ...(isMap(each) ? each : { path: each }) },
    path: [...path, name],
  }))
}

function readEntry(
  values: Readonly<Record<string, unknown>>,
  at: ValuePath,
  yaml: YamlFile,
): { readonly entry?: PackageEntry; readonly fault?: Diagnostic } {
  const text = (key: string) => (typeof values[key] === 'string' ? values[key] : undefined)
  const remote = ['git', 'package', 'tarball'].find((key) => values[key] !== undefined && values[key] !== null)
  if (remote !== undefined)
    return { fault: diagnostic('package-not-local', { key: remote }, yaml.placeOf([...at, remote], 'key')) }
  const path = text('local') ?? text('path')
  if (path === undefined) return { fault: diagnostic('package-needs-path', undefined, yaml.placeOf(at)) }
  const isNamed = values['local'] !== undefined || values['path'] !== undefined
  const key = text('local') === undefined ? 'path' : 'local'
  const entry = defined({
    name: text('name'),
    path,
    modelsDir: text('models_dir'),
    version: text('version'),
    span: yaml.placeOf(isNamed ? [...at, key] : at),
    versionSpan: yaml.placeOf([...at, 'version']),
  })
  return { entry }
}

/** Whether a version is among those that a constraint such as `>=1.0.0,<2.0.0`, `^1.2` or `~1.2.3` names. */
export function satisfies(version: string, constraint: string): boolean {
  const own = numbersOf(version)
  if (own === undefined) return false
  const parts = constraint.split(/[\s,]+(?=[<>=~^!\d])/).filter((part) => part.trim() !== '')
  return parts.every((part) => satisfiesOne(own, part.trim()))
}

function satisfiesOne(own: readonly number[], part: string): boolean {
  const [, operator = '', text = ''] = /^(>=|<=|==|!=|=|>|<|\^|~)?\s*v?(\S+)$/.exec(part) ?? []
  const wanted = numbersOf(text)
  if (wanted === undefined) return false
  const order = compare(own, wanted)
  const [major = 0, minor = 0] = wanted
  switch (operator) {
    case '>=':
      return order >= 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '<':
      return order < 0
    case '!=':
      return order !== 0
    case '~':
      return order >= 0 && compare(own, [major, minor + 1, 0]) < 0
    case '^':
      return order >= 0 && compare(own, major > 0 ? [major + 1, 0, 0] : [0, minor + 1, 0]) < 0
    default:
      return order === 0
  }
}

function numbersOf(version: string): readonly number[] | undefined {
  const [, major, minor = '0', patch = '0'] = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/.exec(version.trim()) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, each] of a.entries()) if (each !== (b[index] ?? 0)) return each - (b[index] ?? 0)
  return 0
}
