import { basename, join } from 'node:path'
import type { ConfigLayer, ValuePath } from '../config/index.js'
import type { Diagnostic, SourceSpan } from '../core/index.js'
import { isCodeModel } from './api.js'
import { checkOptions } from './check-options.js'
import { describeValue, diagnostic } from './diagnostics.js'
import { describeLoadFailure } from './load-failure.js'
import { type ModelModules, openModelModules } from './model-modules.js'
import { codeOnlyKeys } from './option-keys.js'
import { type OptionsPlaces, optionsPlaces } from './options-places.js'
import { ProjectImports } from './project-imports.js'
import { SourceFile } from './source-file.js'

export interface CodeFile {
  /** Path from the project folder, forward slashes. */
  readonly path: string
  readonly text: string
  /** Where it is, when that is not in the project folder. */
  readonly absolutePath?: string
}

export interface LoadCodeModelsOptions {
  /** Absolute project folder. */
  readonly projectDir: string
  /** A folder for transformed files; without it they are transformed in every invocation. */
  readonly cacheDir?: string | undefined
}

/** A dependency as written in `deps`. */
export interface Dependency {
  /** Without a trailing `.ff`; the input's key. */
  readonly name: string
  readonly span: SourceSpan
}

/** A `.ff.ts` file, executed and checked, ready to be run. */
export interface LoadedCodeModel {
  readonly path: string
  /** `name`, else the file name without `.ff.ts`. */
  readonly name: string
  readonly deps: readonly Dependency[]
  /** `columns`: declared types of returned columns. */
  readonly columnTypes: Readonly<Record<string, string>>
  /** The configuration keys; `only` is `engines`. */
  readonly layer: ConfigLayer
  /** The `model` call; the place that stands for the model. */
  readonly span: SourceSpan
  /** Absolute paths of the project files that it imports, also through others, sorted; for cache keys. */
  readonly importedFiles: readonly string[]
  readonly file: SourceFile
  readonly modules: ModelModules
  readonly build: (...inputs: readonly unknown[]) => unknown
}

export interface LoadedCodeModels {
  /** In the order of the files; those with errors are missing. */
  readonly models: readonly LoadedCodeModel[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Executes `.ff.ts` files and reads the options of their models. All faults of all files are reported together. */
export async function loadCodeModels(
  files: readonly CodeFile[],
  options: LoadCodeModelsOptions,
): Promise<LoadedCodeModels> {
  if (files.length === 0) return { models: [], diagnostics: [] }
  const modules = await openModelModules(options.projectDir, options.cacheDir)
  const imports = new ProjectImports()
  const models: LoadedCodeModel[] = []
  const diagnostics: Diagnostic[] = []
  for (const { path, text, absolutePath = join(options.projectDir, path) } of files) {
    const loaded = await loadFile(new SourceFile(path, text), absolutePath, modules)
    diagnostics.push(...loaded.diagnostics)
    if (loaded.model === undefined) continue
    const importedFiles = imports.importedBy(absolutePath, text)
    models.push({ ...loaded.model, importedFiles })
  }
  return { models, diagnostics }
}

interface LoadedFile {
  readonly model?: Omit<LoadedCodeModel, 'importedFiles'>
  readonly diagnostics: readonly Diagnostic[]
}

async function loadFile(file: SourceFile, absolutePath: string, modules: ModelModules): Promise<LoadedFile> {
  let exported: unknown
  try {
    exported = await modules.load(absolutePath)
  } catch (error) {
    return { diagnostics: [describeLoadFailure(error, file, modules)] }
  }
  const places = optionsPlaces(file)
  const found = readDefaultExport(exported, file, places)
  if ('code' in found) return { diagnostics: [found] }
  const checked = checkOptions(found.options, places)
  if (checked.diagnostics.length > 0) return { diagnostics: checked.diagnostics }
  const { name, deps, columns } = checked.options
  return {
    diagnostics: [],
    model: {
      path: file.path,
      name: withoutFf(name ?? basename(file.path).replace(/\.ff\.ts$/, '')),
      deps: deps.map((dep, index) => ({ name: withoutFf(dep), span: places.placeOf(['deps', index]) })),
      columnTypes: columns,
      layer: layerOf(found.options, places),
      span: places.call,
      file,
      modules,
      build: found.build,
    },
  }
}

interface FoundModel {
  readonly options: Readonly<Record<string, unknown>>
  readonly build: LoadedCodeModel['build']
}

function readDefaultExport(exported: unknown, file: SourceFile, places: OptionsPlaces): FoundModel | Diagnostic {
  const names = namesOf(exported)
  const value = names.includes('default') ? (exported as { readonly default: unknown }).default : undefined
  if (value === undefined) {
    const models = names.filter((name) => isCodeModel((exported as Record<string, unknown>)[name]))
    return diagnostic('code-no-default-export', { exported: models }, file.span(0, 0))
  }
  if (!isCodeModel(value)) {
    return diagnostic('code-not-a-model', { found: describeValue(value) }, placeOfDefault(file))
  }
  const { options, build } = value
  if (!isRecord(options)) return diagnostic('code-options-wrong', { found: describeValue(options) }, places.call)
  if (typeof build !== 'function') {
    return diagnostic('code-build-missing', { found: describeValue(build) }, places.call)
  }
  return { options, build: build as LoadedCodeModel['build'] }
}

function namesOf(exported: unknown): readonly string[] {
  return typeof exported === 'object' && exported !== null ? Object.keys(exported) : []
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function placeOfDefault(file: SourceFile): SourceSpan {
  const index = file.tokens.findIndex((token, at) => token.text === 'default' && file.tokens[at - 1]?.text === 'export')
  const token = file.tokens[index + 1]
  return index === -1 || token === undefined ? file.span(0, 0) : file.span(token.start, token.end)
}

function withoutFf(name: string): string {
  return name.replace(/\.ff$/, '')
}

/** The options as a layer of the model's configuration, with `only` spelt `engines`. */
function layerOf(options: Readonly<Record<string, unknown>>, places: OptionsPlaces): ConfigLayer {
  const own: readonly string[] = codeOnlyKeys
  const values = Object.fromEntries(
    Object.entries(options).filter(([key, value]) => value !== undefined && !own.includes(key)),
  )
  const engineKey = options.only === undefined ? 'engines' : 'only'
  if (engineKey === 'only') values.engines = options.only
  const written = (path: ValuePath): ValuePath => (path[0] === 'engines' ? [engineKey, ...path.slice(1)] : path)
  return {
    origin: 'file',
    values,
    placeOf: (path, which) => places.placeOf(written(path), which),
    textAt: (path) => places.textAt(written(path)),
  }
}
