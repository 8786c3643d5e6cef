import { describe, expect, it } from 'vitest'
import { findDeltaFile } from './delta-file.js'
import { layerOf } from './layer.js'
import { resolveModelConfig } from './resolve-model-config.js'
import type { ConfigLayer, ModelConfig, YamlFile } from './types.js'
import { readYaml } from './yaml-file.js'

function yamlOf(file: string, text: string): YamlFile {
  const { yaml } = readYaml(file, text)
  if (yaml === undefined) throw new Error(`no YAML: ${text}`)
  return yaml
}

/** A layer written as YAML, which stands for the `config()` of a model here. */
function layer(text: string, origin: ConfigLayer['origin'] = 'file'): ConfigLayer {
  return layerOf(yamlOf(origin === 'file' ? 'm.ff.sql' : `${origin}.yml`, text), [], origin)
}

function resolve(...layers: readonly (string | ConfigLayer)[]) {
  return resolveModelConfig(
    layers.map((each) => (typeof each === 'string' ? layer(each) : each)),
    { modelFile: 'm.ff.sql' },
  )
}

function configOf(...layers: readonly (string | ConfigLayer)[]): ModelConfig {
  const { resolved, diagnostics } = resolve(...layers)
  expect(diagnostics).toEqual([])
  return resolved.config
}

function faults(...layers: readonly (string | ConfigLayer)[]) {
  return resolve(...layers).diagnostics.map(({ code, span, related }) =>
    [
      code,
      `${span?.line}:${span?.column}`,
      ...(related ?? []).map((each) => `${each.span.line}:${each.span.column}`),
    ].join(' '),
  )
}

const demo = `
materialized: table
tags: ['example:incremental_demo', 'engine:duckdb']
meta:
  incremental: true
  unique_key: [event_id]
  updated_at: updated_at
`

describe('materialized', () => {
  it('is table when nothing is said', () => {
    const { resolved } = resolve()
    expect(resolved.config).toMatchObject({ materialized: 'table', enabled: true, tags: [], meta: {} })
    expect(resolved.config.incremental).toBeUndefined()
    expect(resolved.placeOf('materialized')).toEqual({ file: 'm.ff.sql', line: 1, column: 1 })
  })

  it('is incremental for a table with meta.incremental', () => {
    const config = configOf(demo)
    expect(config.materialized).toBe('incremental')
    expect(config.incremental).toMatchObject({
      uniqueKey: ['event_id'],
      updatedAt: 'updated_at',
      onSchemaChange: 'fail',
    })
  })

  it.each([
    'unique_key: id',
    'strategy: merge',
    'updated_at: ts',
    'delta: {sql: select 1}',
    'incremental: true',
    'deletes: {missing: true}',
  ])('is incremental for %s alone', (text) => expect(configOf(text).materialized).toBe('incremental'))

  it.each([
    'meta: {unique_key: id}',
    'tags: x',
    'partition_by: day',
    'event_time: ts',
    'on_schema_change: ignore',
    'incremental: false',
  ])('stays table for %s alone', (text) => expect(configOf(text).materialized).toBe('table'))

  it('takes a table with a delta for incremental, and one with a key alone for a table', () => {
    expect(configOf('materialized: table\ndelta_sql: select 1').materialized).toBe('incremental')
    expect(configOf('materialized: table\nunique_key: id').materialized).toBe('table')
  })

  it('lets the stronger file decide without a word', () => {
    const view = layer('materialized: view', 'project')
    expect(configOf(view, 'meta: {incremental: true}').materialized).toBe('incremental')
    expect(configOf(layer('incremental: true', 'project'), 'materialized: view').materialized).toBe('view')
    expect(configOf(layer('materialized: incremental', 'properties'), 'incremental: false').materialized).toBe('table')
    expect(configOf(view, 'unique_key: id').materialized).toBe('view')
  })

  it('reports a view or an ephemeral model that is incremental in the same file, with both places', () => {
    expect(faults('materialized: view\nincremental: true')).toEqual(['incremental-contradiction 1:15 2:14'])
    expect(faults('materialized: ephemeral\nmeta: {incremental: true}')).toEqual([
      'incremental-contradiction 1:15 2:21',
    ])
    expect(faults('materialized: view\ndelta: {sql: select 1}')).toEqual(['incremental-contradiction 1:15 2:8'])
    expect(faults('materialized: ephemeral\nincremental_strategy: merge')).toEqual([
      'incremental-contradiction 1:15 2:23',
    ])
  })

  it('reports an incremental model that is switched off in the same file', () => {
    expect(faults('materialized: incremental\nincremental: {enabled: false}')).toEqual([
      'incremental-disabled 1:15 2:14',
    ])
  })
})

describe('keys and aliases', () => {
  it('reads keys at the top, under incremental and under meta alike', () => {
    const all = [
      'unique_key: id\nlookback: 3 days\nmaterialized: incremental',
      'incremental: {unique_key: id, lookback: 3 days}',
      'meta: {incremental: true, unique_key: id, lookback: 3 days}',
    ]
    for (const text of all) expect(configOf(text).incremental).toMatchObject({ uniqueKey: ['id'], lookback: '3 days' })
    expect(configOf('meta: {incremental: {unique_key: id, lookback: 3}}').incremental).toMatchObject({ lookback: 3 })
  })

  it("folds dbt's and upstream's spellings", () => {
    const config = configOf(
      'incremental_strategy: merge\nprimary_key: id\nupdated_at_column: ts\nincremental_predicates: [a]\nmerge_update_columns: [b]\nmerge_exclude_columns: c\nonly: [databricks_spark, duckdb, bigquery]\npre-hook: select 1',
    )
    expect(config.incremental).toMatchObject({
      ...{ strategy: 'merge', uniqueKey: ['id'], updatedAt: 'ts', predicates: ['a'] },
      ...{ updateColumns: ['b'], excludeColumns: ['c'] },
    })
    expect(config.engines).toEqual(['databricks', 'duckdb', 'bigquery'])
    expect(config.preHook.map(({ text }) => text)).toEqual(['select 1'])
  })

  it.each([
    ['microbatch', 'time_range'],
    ['scd1', 'merge'],
    ['scd3', 'scd3'],
    ['delete+insert', 'delete+insert'],
  ])('reads the strategy %s as %s', (written, strategy) => {
    expect(configOf(`strategy: ${written}`).incremental?.strategy).toBe(strategy)
  })

  it('takes an empty key for none and drops repeated names', () => {
    expect(configOf("strategy: append\nunique_key: ''").incremental?.uniqueKey).toEqual([])
    expect(configOf('strategy: append\nunique_key: []').incremental?.uniqueKey).toEqual([])
    expect(configOf('unique_key: [a, a, b]').incremental?.uniqueKey).toEqual(['a', 'b'])
  })

  it('reads a few keys of meta when the model is incremental by other words, and leaves the rest of meta alone', () => {
    const config = configOf('materialized: incremental\nmeta: {unique_key: id, strategy: growth, owner: me}')
    expect(config.incremental).toMatchObject({ uniqueKey: ['id'] })
    expect(config.incremental?.strategy).toBeUndefined()
    expect(config.meta).toEqual({ unique_key: 'id', strategy: 'growth', owner: 'me' })
  })

  it('knows what a snapshot is made of', () => {
    const text = 'materialized: snapshot\nunique_key: id\nstrategy: check\ncheck_cols: [a, b]\nhard_deletes: invalidate'
    expect(configOf(text).snapshot).toEqual({
      strategy: 'check',
      uniqueKey: ['id'],
      history: { check_cols: ['a', 'b'], hard_deletes: 'close' },
    })
    expect(configOf('materialized: snapshot\nsnapshot: {strategy: timestamp, updated_at: ts}').snapshot).toMatchObject({
      strategy: 'timestamp',
      updatedAt: 'ts',
    })
  })

  it('keeps other keys as written, event_time and protected of any materialization too', () => {
    const config = configOf('grants: {select: [a]}\ndocs: {show: false}\nevent_time: ts\nprotected: true\nschema: s')
    expect(config.other).toEqual({
      grants: { select: ['a'] },
      docs: { show: false },
      event_time: 'ts',
      protected: true,
    })
    expect(config.schema).toBe('s')
  })
})

describe('layers', () => {
  it('adds tags and hooks up, merges meta and replaces the rest', () => {
    const project = layer('tags: a\nmeta: {x: 1, y: 1}\npost_hook: one\nschema: s1', 'project')
    const config = configOf(project, 'tags: [a, b]\nmeta: {y: 2}\npost_hook: [two, {sql: three}]\nschema: s2')
    expect(config.tags).toEqual(['a', 'b'])
    expect(config.meta).toEqual({ x: 1, y: 2 })
    expect(config.postHook.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    expect(config.schema).toBe('s2')
  })

  it('gives the place of the strongest value by its canonical key', () => {
    const { resolved } = resolve(layer('unique_key: a', 'project'), 'primary_key: b')
    expect(resolved.placeOf('unique_key')).toMatchObject({ file: 'm.ff.sql', line: 1, column: 14 })
  })

  it('lets meta.incremental of one layer switch on the keys in meta of another', () => {
    const config = configOf(layer('meta: {incremental: true}', 'properties'), 'meta: {unique_key: id}')
    expect(config.incremental?.uniqueKey).toEqual(['id'])
  })

  it('counts an empty value as not said', () => {
    expect(configOf('materialized:\ntags:\nmeta:\nunique_key:').materialized).toBe('table')
  })
})

describe('values', () => {
  it.each([
    ['materialized: tabel', 'wrong-value 1:15', "did you mean 'table'?"],
    ['tags: 3', 'wrong-value 1:7', undefined],
    ['tags: [a, 3]', 'wrong-value 1:11', undefined],
    ['enabled: "true"', 'wrong-value 1:10', undefined],
    ['strategy: mereg', 'wrong-value 1:11', "did you mean 'merge'?"],
    ['incremental: {strategy: mereg}', 'wrong-value 1:25', "did you mean 'merge'?"],
    ['incremental: "yes"', 'wrong-value 1:14', undefined],
    ['meta: {incremental: true, on_null_keys: mach}', 'wrong-value 1:41', "did you mean 'match'?"],
    ['lookback: 3 dayz', 'wrong-value 1:11', undefined],
    ['delta: {sqll: x}', 'unknown-key 1:9', "did you mean 'sql'?"],
    ['delta: {}', 'delta-needs-one 1:8', undefined],
    ['uniqe_key: id', 'unknown-key 1:1', "did you mean 'unique_key'?"],
    ['incremental: {uniqe_key: id}', 'unknown-key 1:15', "did you mean 'unique_key'?"],
    ['meta: {incremental: true, uniqe_key: id}', 'unknown-key 1:27', "did you mean 'unique_key'?"],
    ['materialized: snapshot\nstrategy: merge', 'wrong-value 2:11', undefined],
    ['materialized: incremental\nstrategy: check', 'wrong-value 2:11', undefined],
  ])('reports %s', (text, fault, hint) => {
    expect(faults(text)).toEqual([fault])
    if (hint !== undefined) expect(resolve(text).diagnostics[0]?.hint).toBe(hint)
  })

  it('reports all faults of a layer in the order of the file', () => {
    expect(faults('tagz: a\nmaterialized: tabel\nenabld: true\nschema: 3')).toEqual([
      'unknown-key 1:1',
      'wrong-value 2:15',
      'unknown-key 3:1',
      'wrong-value 4:9',
    ])
  })

  it('leaves meta alone without meta.incremental', () => {
    expect(configOf('meta: {uniqe_key: id, strategi: x}').materialized).toBe('table')
  })

  it('names the allowed values', () => {
    expect(resolve('materialized: tabel').diagnostics[0]?.message).toBe(
      "'materialized' must be one of view, table, incremental, ephemeral, snapshot, not 'tabel'",
    )
  })

  it('leaves layers of other files to the checks of those files', () => {
    expect(faults(layer('materialized: tabel', 'project'))).toEqual([])
  })
})

describe('contradictions', () => {
  it.each([
    ['unique_key: a\nprimary_key: b', 'contradictory-values 2:14 1:13'],
    ['updated_at: a\nmeta: {incremental: true, updated_at_column: b}', 'contradictory-values 2:46 1:13'],
    ['strategy: append\nincremental_strategy: merge', 'contradictory-values 2:23 1:11'],
    ['incremental: true\nmeta: {incremental: false}', 'contradictory-values 2:21 1:14'],
    ['delta: {sql: select 1}\ndelta_sql: select 2', 'contradictory-values 2:12 1:8'],
    ['delta: {sql: select 1}\ndelta_config: x.yml', 'two-deltas 2:15 1:8'],
    ['delta: {sql: select 1, watermark: ts}', 'delta-needs-one 1:8'],
  ])('of one file are reported with both places: %s', (text, fault) => {
    expect(faults(text)).toEqual([fault])
  })

  it('of two config() calls in one file are reported too', () => {
    expect(faults('materialized: view', 'materialized: table')).toEqual(['contradictory-values 1:15 1:15'])
    expect(faults('tags: a', 'tags: b')).toEqual([])
  })

  it('need different values', () => {
    expect(faults('unique_key: a\nprimary_key: [a]')).toEqual([])
  })
})

describe('delta files', () => {
  const path = 'config/incremental/x.delta.yml'
  const named = `unique_key: id\nmaterialized: incremental\ndelta_config: ${path}`

  const filesOf = (text: string) => new Map([[path, { yaml: yamlOf(path, text), diagnostics: [] }]])

  function withFile(text: string, config = named) {
    const layers = [layer(config)]
    const found = findDeltaFile(layers, filesOf(text))
    return { ...resolve(...layers, ...found.layers), found }
  }

  it('give the delta with its places in the YAML file', () => {
    const { resolved, diagnostics } = withFile('# c\nsql: |\n  select 1\n    from x\n')
    const delta = resolved.config.incremental?.delta
    if (delta?.kind !== 'sql') throw new Error('no delta')
    expect(diagnostics).toEqual([])
    expect(delta.text.file).toBe(path)
    expect(delta.text.origin(delta.text.text.indexOf('from'))).toEqual({ line: 4, column: 5 })
  })

  it('hold incremental keys too', () => {
    const { resolved } = withFile('watermark: ts\non_null_keys: match\nlookback: 2 hours')
    expect(resolved.config.incremental).toMatchObject({
      ...{ delta: { kind: 'watermark', column: 'ts' }, onNullKeys: 'match', lookback: '2 hours' },
    })
  })

  it('may be written with ./ and backslashes', () => {
    const { found } = withFile('sql: select 1', 'delta_config: .\\config\\incremental\\x.delta.yml')
    expect(found.layers).toHaveLength(1)
  })

  it('are reported when they are missing, at the value, with a close name', () => {
    const { found } = withFile('sql: select 1', 'delta_config: config/incremental/y.delta.yml')
    expect(found.diagnostics).toMatchObject([
      { code: 'delta-file-missing', span: { line: 1, column: 15 }, hint: `did you mean '${path}'?` },
    ])
  })

  it.each([
    ['sqll: x', 'unknown-key 1:1'],
    ['sql: 3', 'wrong-value 1:6'],
    ['lookback: 1 day', 'delta-needs-one 1:1'],
    ['', 'delta-needs-one 1:1'],
    ['- sql', 'wrong-value 1:1'],
    ['sql: a\ndelta_sql: b', 'contradictory-values 2:12'],
    ['sql: a\ndelta_config: b', 'unknown-key 2:1'],
  ])('are checked: %j', (text, fault) => {
    const { found } = withFile(text)
    expect(found.diagnostics.map(({ code, span }) => `${code} ${span?.line}:${span?.column}`)).toEqual([fault])
    expect(found.layers).toEqual([])
  })

  it('must not repeat a key of the model', () => {
    const { diagnostics } = withFile('sql: select 1\nunique_key: id')
    expect(diagnostics).toMatchObject([
      { code: 'key-in-delta-file', span: { file: 'm.ff.sql', line: 1 }, related: [{ span: { file: path, line: 2 } }] },
    ])
  })

  it("give way to a delta of the model's own", () => {
    const layers = [layer(`delta_config: ${path}`, 'properties'), layer('delta_sql: select 2')]
    expect(findDeltaFile(layers, filesOf('sql: select 1')).layers).toEqual([])
  })
})
