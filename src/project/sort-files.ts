import type { ListedFile } from './list-files.js'
import type { SeedFile } from './types.js'

/** The files of a project by what they are; paths from the project folder, sorted. */
export interface SortedFiles {
  readonly sqlModels: readonly string[]
  readonly codeModels: readonly string[]
  /** Files in the models folder that are no models, but look like some of another tool's. */
  readonly strays: readonly string[]
  readonly macros: readonly string[]
  readonly singularTests: readonly string[]
  readonly snapshots: readonly string[]
  /** YAML beside models, seeds and snapshots. */
  readonly properties: readonly string[]
  readonly deltaFiles: readonly string[]
  readonly seeds: readonly SeedFile[]
  readonly seedSchema: string | undefined
  /** Everything that a template may import, models and macros included. */
  readonly templates: readonly string[]
}

/** Sorts a project's files, or a package's below its `root`, by folder and ending. `seedsDir` ends the path of the seeds folder, without a slash. */
export function sortFiles(
  files: readonly ListedFile[],
  modelsDir: string,
  seedsDir: string,
  root?: string,
): SortedFiles {
  const at = (folder: string) => (root === undefined ? folder : `${root}/${folder}`)
  const paths = files.map(({ path }) => path)
  const inModels = paths.filter((path) => isIn(path, modelsDir))
  // As in dbt: `tests/generic` holds `{% test %}` blocks, which are macros.
  const ofMacros = [at('macros'), `${modelsDir}/macros`, at('tests/generic')]
  const ofTests = (path: string) =>
    isIn(path, at('tests')) && ![at('tests/unit'), at('tests/generic')].some((no) => isIn(path, no))
  const macros = paths.filter((path) => ofMacros.some((folder) => isIn(path, folder))).filter(isSql)
  const models = inModels.filter((path) => !isIn(path, `${modelsDir}/macros`))
  const seedSchema = [`${seedsDir}/schema.yml`, `${seedsDir}/schema.yaml`].find((path) => paths.includes(path))
  const withProperties = [...models, ...paths.filter((path) => isIn(path, seedsDir) || isIn(path, at('snapshots')))]
  return {
    sqlModels: models.filter((path) => path.endsWith('.ff.sql')),
    codeModels: models.filter((path) => path.endsWith('.ff.ts')),
    strays: models.filter((path) => /\.(sql|py)$/.test(path) && !path.endsWith('.ff.sql')),
    macros,
    singularTests: paths.filter((path) => ofTests(path) && path.endsWith('.sql')),
    snapshots: paths.filter((path) => isIn(path, at('snapshots')) && path.endsWith('.sql')),
    properties: withProperties.filter((path) => isYaml(path) && !isDelta(path) && path !== seedSchema),
    deltaFiles: paths.filter((path) => isDelta(path) || (isIn(path, at('config')) && isYaml(path))),
    seeds: files.filter(({ path }) => isIn(path, seedsDir)).flatMap(seedFile),
    seedSchema,
    templates: paths.filter((path) => /\.(sql|j2|jinja2?)$/.test(path)),
  }
}

/** Whether a path is inside a folder; `.` is the project folder. */
function isIn(path: string, folder: string): boolean {
  return folder === '.' || path.startsWith(`${folder}/`)
}

function isSql(path: string): boolean {
  return path.endsWith('.sql') || path.endsWith('.sql.j2')
}

function isYaml(path: string): boolean {
  return path.endsWith('.yml') || path.endsWith('.yaml')
}

function isDelta(path: string): boolean {
  return path.endsWith('.delta.yml') || path.endsWith('.delta.yaml')
}

const formats: Readonly<Record<string, SeedFile['format']>> = {
  csv: 'csv',
  parquet: 'parquet',
  pq: 'parquet',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
}

/** A data file as a seed; nothing for other files. */
export function seedFile({ path, sizeBytes, mtimeNs }: ListedFile): readonly SeedFile[] {
  const [, name, ending] = /([^/]+)\.([^./]+)$/.exec(path) ?? []
  const format = formats[ending?.toLowerCase() ?? '']
  if (name === undefined || format === undefined) return []
  return [{ path, name, format, sizeBytes, modifiedMs: Number(mtimeNs / 1_000_000n) }]
}
