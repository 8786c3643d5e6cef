import type * as v from 'valibot'
import type { Diagnostic, SourceSpan } from '../core/index.js'
import { check } from './check.js'
import { checkLayers } from './check-layer.js'
import { namesIn, projectTest } from './data-tests.js'
import { defined } from './defined.js'
import { type DefaultsTree, type FolderDefaults, folderDefaults } from './folder-defaults.js'
import { valueAt } from './layer.js'
import { projectSchema } from './project-schema.js'
import {
  type ConfigLayer,
  type HookEvent,
  hookEvents,
  type ProjectConfig,
  type ProjectHook,
  type ProjectTest,
  type ValuePath,
  type YamlFile,
} from './types.js'
import { isMap } from './values.js'

/** A checked `project.yml`; the config is undefined when its outline is wrong. */
export interface CheckedProject {
  readonly config: ProjectConfig | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** What the disk says that the meaning of `project.yml` depends on. */
export interface ProjectFolder {
  /** Whether `folder` has a folder called `name`. */
  hasFolder(folder: string, name: string): boolean
}

type Values = v.InferOutput<typeof projectSchema>

/**
 * Checks `project.yml`. Reports 'unknown-key', 'wrong-value', 'missing-key', 'plus-missing', 'test-form',
 * 'contradictory-values', 'two-deltas'.
 */
export function checkProject(yaml: YamlFile, folder: ProjectFolder): CheckedProject {
  const { value, diagnostics } = check(projectSchema, yaml.value ?? {}, yaml)
  if (value === undefined) return { config: undefined, diagnostics }
  const models = defaults(yaml, value, folder, 'models')
  const seeds = defaults(yaml, value, folder, 'seeds')
  const snapshots = defaults(yaml, value, folder, 'snapshots')
  const byModel = modelOverlays(yaml)
  const tests = (value.tests ?? []).map((item, index) => projectTest(item, ['tests', index], yaml))
  const config: ProjectConfig = {
    name: value.name,
    version: versionText(yaml, value.version),
    modelsDir: value.models_dir ?? 'models',
    vars: value.vars ?? {},
    stateSchema: value.state_schema ?? '_fft',
    ...defined({ targetPath: value.target_path }),
    dependencies: (value.dependencies ?? []).map(({ name, version, optional }, index) =>
      defined({
        name,
        version,
        optional: optional === true,
        span: yaml.placeOf(['dependencies', index, 'name']),
      }),
    ),
    tests: tests.flatMap(asProjectTest),
    hooks: hooksOf(yaml, value),
    modelLayers: (folders, name) => [...models.layers([...folders, name]), ...byModel.layers(name)],
    seedLayers: (folders, name) => seeds.layers([...folders, name]),
    snapshotLayers: (folders, name) => snapshots.layers([...folders, name]),
    incrementalModels: byModel.names,
    placeOf: (path) => yaml.placeOf(path),
  }
  const parts = [models, seeds, snapshots, byModel, ...tests]
  return { config, diagnostics: parts.flatMap((part) => part.diagnostics) }
}

/** YAML reads `1.10` as the number 1.1; the version is what stands there. */
function versionText(yaml: YamlFile, version: string | number): string {
  return typeof version === 'string' ? version : (yaml.sourceAt(['version']) ?? String(version))
}

const trees = {
  models: { resource: 'model', reserved: ['incremental', 'storage'] },
  seeds: { resource: 'seed', reserved: ['storage'] },
  snapshots: { resource: 'snapshot', reserved: [] },
} as const

function defaults(yaml: YamlFile, value: Values, folder: ProjectFolder, root: keyof typeof trees): FolderDefaults {
  const projectFolder = folder.hasFolder(root === 'models' ? (value.models_dir ?? root) : root, value.name)
  const tree: DefaultsTree = { yaml, root, projectName: value.name, projectFolder, ...trees[root] }
  return folderDefaults(tree)
}

interface Overlays {
  layers(name: string): readonly ConfigLayer[]
  readonly names: ProjectConfig['incrementalModels']
  readonly diagnostics: readonly Diagnostic[]
}

/** `models.incremental.<model>` and `models.storage.<model>`. */
function modelOverlays(yaml: YamlFile): Overlays {
  const found = (['storage', 'incremental'] as const).flatMap((kind) => {
    const models = valueAt(yaml.value, ['models', kind])
    const named = Object.entries(isMap(models) ? models : {}).filter(
      ([key, value]) => !key.startsWith('+') && !isFolder(value),
    )
    return named.map(([spelling, value]) => overlay(yaml, ['models', kind, spelling], value))
  })
  return {
    layers: (name) => found.flatMap((each) => (each.name === name ? each.layer : [])),
    names: found.flatMap(({ kind, name, span }) => (kind === 'incremental' ? [{ name, span }] : [])),
    diagnostics: found.flatMap(({ layer }) => checkLayers([layer], 'model', 'none').diagnostics),
  }
}

/** A folder called `incremental` may have defaults of its own; its keys have a `+`. */
function isFolder(value: unknown): boolean {
  return isMap(value) && Object.keys(value).some((key) => key.startsWith('+'))
}

interface Overlay {
  readonly kind: string
  /** The model's name, without a trailing `.ff`. */
  readonly name: string
  readonly span: SourceSpan
  readonly layer: ConfigLayer
}

function overlay(yaml: YamlFile, path: readonly [string, string, string], value: unknown): Overlay {
  const [, kind, spelling] = path
  const flat = kind === 'incremental' && isMap(value)
  // A map's keys stand right below the model's name; anything else is the value of the name itself.
  const full = ([key, ...rest]: ValuePath): ValuePath => {
    const own = flat && key !== undefined && Object.hasOwn(value, key)
    return [...path, ...(own ? [key] : []), ...rest]
  }
  const layer: ConfigLayer = {
    origin: 'project',
    values: flat ? { incremental: true, ...value } : { [kind]: value },
    placeOf: (below, which) => yaml.placeOf(full(below), which),
    textAt: (below) => yaml.textAt(full(below)),
  }
  return { kind, name: spelling.replace(/\.ff$/, ''), span: yaml.placeOf(path, 'key'), layer }
}

function asProjectTest(read: ReturnType<typeof projectTest>): readonly ProjectTest[] {
  if (read.test === undefined || read.table === undefined) return []
  return [{ table: read.table, ...defined({ column: read.column }), config: read.test }]
}

function hooksOf(yaml: YamlFile, value: Values): Readonly<Record<HookEvent, readonly ProjectHook[]>> {
  const of = (event: HookEvent): readonly ProjectHook[] => {
    const items = value.hooks?.[event] ?? []
    const path = ['hooks', event]
    if (typeof items === 'string') return [readHook(yaml, path, items)]
    return items.map((item, index) => readHook(yaml, [...path, index], item))
  }
  const [start, end, before, after] = hookEvents
  return { [start]: of(start), [end]: of(end), [before]: of(before), [after]: of(after) }
}

type Hook = Exclude<NonNullable<NonNullable<Values['hooks']>['on_run_start']>, string>[number]

function readHook(yaml: YamlFile, path: ValuePath, item: Hook): ProjectHook {
  if (typeof item === 'string') {
    return {
      select: [],
      engines: [],
      envs: [],
      params: {},
      ...defined({ sql: yaml.textAt(path) }),
      span: yaml.placeOf(path),
    }
  }
  return {
    ...defined({ name: item.name, sql: yaml.textAt([...path, 'sql']) }),
    select: namesIn(item.select),
    engines: namesIn(item.engines),
    envs: namesIn(item.envs),
    params: item.params ?? {},
    span: yaml.placeOf(path),
  }
}
