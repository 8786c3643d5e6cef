import { describe, expect, it } from 'vitest'
import { checkProject } from './project-config.js'
import type { ProjectConfig, YamlFile } from './types.js'
import { readYaml } from './yaml-file.js'

const head = 'name: shop\nversion: 1\n'

function yamlOf(text: string): YamlFile {
  const { yaml } = readYaml('project.yml', text)
  if (yaml === undefined) throw new Error('no YAML')
  return yaml
}

function configOf(text: string, folders: readonly string[] = []): ProjectConfig {
  const hasFolder = (folder: string, name: string) => folders.includes(`${folder}/${name}`)
  const { config, diagnostics } = checkProject(yamlOf(head + text), { hasFolder })
  expect(diagnostics).toEqual([])
  if (config === undefined) throw new Error('no config')
  return config
}

function faults(text: string): readonly string[] {
  const { diagnostics } = checkProject(yamlOf(text), { hasFolder: () => false })
  return diagnostics.map(({ code, span }) => `${code} ${span?.line}:${span?.column}`)
}

describe('project.yml', () => {
  it('has defaults for all but name and version', () => {
    expect(configOf('')).toMatchObject({
      name: 'shop',
      version: '1',
      modelsDir: 'models',
      vars: {},
      stateSchema: '_fft',
      tests: [],
    })
  })

  it('keeps a version as it is written', () => {
    const { config } = checkProject(yamlOf('name: a\nversion: 1.10'), { hasFolder: () => false })
    expect(config?.version).toBe('1.10')
  })

  it("reads tests in upstream's form", () => {
    const { tests } = configOf(
      'tests:\n  - {type: unique, table: fct, column: id, severity: warn, tags: [n]}\n  - {type: row_count_between, table: fct, params: {min_rows: 3}}',
    )
    expect(tests).toMatchObject([
      {
        table: 'fct',
        column: 'id',
        config: { test: 'unique', severity: 'warn', tags: ['n'], span: { line: 4, column: 12 } },
      },
      { table: 'fct', config: { test: 'row_count_between', arguments: { min_rows: 3 } } },
    ])
  })

  it('reads hooks as texts, lists and maps', () => {
    const { hooks } = configOf(
      'hooks:\n  on_run_start: select 1\n  before_model:\n    - {name: audit, engines: duckdb, select: [tag:a]}\n    - sql: select 2',
    )
    expect(hooks.on_run_start.map(({ sql }) => sql?.text)).toEqual(['select 1'])
    expect(hooks.before_model).toMatchObject([
      { name: 'audit', engines: ['duckdb'], select: ['tag:a'] },
      { sql: { text: 'select 2' } },
    ])
    expect(hooks.after_model).toEqual([])
  })

  it.each([
    ['name: a', 'missing-key 1:1'],
    [`${head}model_dir: x`, 'unknown-key 3:1'],
    [`${head}vars: [a]`, 'wrong-value 3:7'],
    [`${head}hooks: {on_start: x}`, 'unknown-key 3:9'],
    [`${head}tests: [{type: unique}]`, 'missing-key 3:9'],
    [`${head}tests: [{type: unique, table: t, severity: wran}]`, 'wrong-value 3:44'],
    [`${head}models: {staging: {+materialised: view}}`, 'unknown-key 3:20'],
    [`${head}models: {staging: {+materialized: veiw}}`, 'wrong-value 3:35'],
    [`${head}models: {staging: {materialized: view}}`, 'plus-missing 3:20'],
    [`${head}models: {staging: view}`, 'wrong-value 3:19'],
    [`${head}models: {+unique_key: a, +primary_key: b}`, 'contradictory-values 3:40'],
    [`${head}models: {incremental: {fct: {uniqe_key: id}}}`, 'unknown-key 3:30'],
    [`${head}models: {incremental: {fct: {strategy: mereg}}}`, 'wrong-value 3:40'],
    [`${head}models: {incremental: {fct: 3}}`, 'wrong-value 3:29'],
    [`${head}seeds: {+strategy: merge}`, 'unknown-key 3:9'],
  ])('is checked: %j', (text, expected) => {
    expect(faults(text)).toEqual([expected])
  })

  it('an empty file lacks its name and version', () => {
    expect(faults('')).toEqual(['missing-key 1:1', 'missing-key 1:1'])
  })

  it('says that a setting needs a plus', () => {
    const { diagnostics } = checkProject(yamlOf(`${head}models: {materialized: view}`), { hasFolder: () => false })
    expect(diagnostics[0]?.hint).toBe("write '+materialized'")
  })
})

describe('folder defaults', () => {
  const tree = `models:
  +tags: all
  staging:
    +materialized: view
    users: {+tags: one}
  shop:
    staging: {+schema: named}
`

  it('apply from the root down to the model, through the project name too', () => {
    const values = (folders: readonly string[], name: string) =>
      configOf(tree)
        .modelLayers(folders, name)
        .map((each) => each.values)
    expect(values(['staging'], 'users')).toEqual([
      { tags: 'all' },
      { schema: 'named' },
      { materialized: 'view' },
      { tags: 'one' },
    ])
    expect(values(['marts'], 'users')).toEqual([{ tags: 'all' }])
  })

  it('mean the folder where a folder is called like the project', () => {
    const config = configOf(tree, ['models/shop'])
    expect(config.modelLayers(['staging'], 'x').map((each) => each.values)).toEqual([
      { tags: 'all' },
      { materialized: 'view' },
    ])
    expect(config.modelLayers(['shop', 'staging'], 'x').map((each) => each.values)).toEqual([
      { tags: 'all' },
      { schema: 'named' },
    ])
  })

  it('know their places', () => {
    const [root, , staging] = configOf(tree).modelLayers(['staging'], 'x')
    expect(root?.placeOf(['tags'])).toMatchObject({ line: 4, column: 10 })
    expect(staging?.placeOf(['materialized'], 'key')).toMatchObject({ line: 6, column: 5 })
  })

  it('exist for seeds and snapshots', () => {
    const config = configOf('seeds: {raw: {+column_types: {id: bigint}}}\nsnapshots: {+strategy: check}')
    expect(config.seedLayers(['raw'], 's').map((each) => each.values)).toEqual([{ column_types: { id: 'bigint' } }])
    expect(config.snapshotLayers([], 's').map((each) => each.values)).toEqual([{ strategy: 'check' }])
  })
})

describe('models.incremental', () => {
  const text =
    'models:\n  incremental:\n    fct.ff: {unique_key: id, incremental: {updated_at_column: ts}}\n    other: true\n    sub: {+tags: x}\n'

  it('gives a layer to the models it names, with or without .ff', () => {
    const [layer] = configOf(text).modelLayers(['marts'], 'fct')
    expect(layer?.values).toEqual({ unique_key: 'id', incremental: { updated_at_column: 'ts' } })
    expect(layer?.placeOf(['unique_key'])).toMatchObject({ line: 5, column: 26 })
    expect(layer?.placeOf(['incremental', 'updated_at_column'])).toMatchObject({ line: 5, column: 63 })
    expect(configOf(text).modelLayers([], 'other')[0]?.values).toEqual({ incremental: true })
  })

  it('lists the names that it speaks of, and takes keys with a plus for a folder', () => {
    const config = configOf(text)
    expect(config.incrementalModels).toMatchObject([
      { name: 'fct', span: { line: 5 } },
      { name: 'other', span: { line: 6 } },
    ])
    expect(config.modelLayers(['incremental', 'sub'], 'm').map((each) => each.values)).toEqual([{ tags: 'x' }])
  })
})
