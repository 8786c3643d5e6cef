import { describe, expect, it } from 'vitest'
import { checkSources, duplicateSources, sourcesInProperties } from './sources.js'
import type { SourceProperties, YamlFile } from './types.js'
import { readYaml } from './yaml-file.js'

function yamlOf(text: string): YamlFile {
  const { yaml } = readYaml('sources.yml', text)
  if (yaml === undefined) throw new Error('no YAML')
  return yaml
}

function sourcesOf(text: string, engine = 'duckdb'): readonly SourceProperties[] {
  const { sources, diagnostics } = checkSources(yamlOf(text), engine)
  expect(diagnostics).toEqual([])
  return sources
}

const raw = `
version: 2
sources:
  - name: raw
    schema: landing
    options: {a: 1, b: 1}
    tags: s
    overrides:
      postgres: {schema: ext, options: {b: 2}}
      databricks_spark: {catalog: main}
    tables:
      - name: users
      - name: events
        identifier: events_v2
        schema: own
        tags: [t]
        overrides:
          duckdb: {schema: main, options: {c: 3}}
          "*": {schema: any, identifier: everywhere}
`

describe('places', () => {
  it('merge source, table, wildcard and engine, strongest last', () => {
    const place = (engine: string) =>
      sourcesOf(raw, engine).map(({ name, schema, identifier, database }) => [name, schema, identifier, database])
    expect(place('duckdb')).toEqual([
      ['users', 'landing', 'users', undefined],
      ['events', 'main', 'everywhere', undefined],
    ])
    expect(place('postgres')).toEqual([
      ['users', 'ext', 'users', undefined],
      ['events', 'any', 'everywhere', undefined],
    ])
    expect(place('databricks')[0]).toEqual(['users', 'landing', 'users', 'main'])
  })

  it('may be spelt as other warehouses do, and may be left out', () => {
    expect(sourcesOf('sources: [{name: a, dataset: d, project: p, tables: [{name: t}]}]')).toMatchObject([
      { schema: 'd', database: 'p' },
    ])
    expect(sourcesOf('sources: [{name: a, tables: [{name: t}]}]')[0]).not.toHaveProperty('schema')
    expect(sourcesOf('sources: [{name: a, schema: x, tables: [{name: t, dataset: d}]}]')).toMatchObject([
      { schema: 'd' },
    ])
  })

  it('may be files', () => {
    const text =
      'sources: [{name: a, tables: [{name: t, external: {location: x.parquet, hive: true}}, {name: u, location: y.csv, format: csv, options: {sep: ";"}}, {name: v, external: z.csv}]}]'
    expect(sourcesOf(text).map(({ external }) => external)).toEqual([
      { location: 'x.parquet', hive: true },
      { location: 'y.csv', format: 'csv', options: { sep: ';' } },
      { location: 'z.csv' },
    ])
  })
})

describe('properties', () => {
  it('have tags, columns, tests and freshness of the source and of the table', () => {
    const text = `sources:
  - name: raw
    loaded_at_field: ts
    freshness: {warn_after: {count: 1, period: hour}}
    tags: s
    tables:
      - {name: a, tags: t, columns: [{name: id, tests: [unique]}], data_tests: [x], description: d}
      - {name: b, freshness: {loaded_at_field: own, error_after: {count: 2, period: day}}}
      - {name: c, config: {enabled: false}}
`
    const [a, b, c] = sourcesOf(text)
    expect(a).toMatchObject({
      tags: ['s', 't'],
      loadedAtField: 'ts',
      description: 'd',
      freshness: { warn_after: { count: 1 } },
    })
    expect([a?.columns[0]?.tests[0]?.test, a?.tests[0]?.test]).toEqual(['unique', 'x'])
    expect(b).toMatchObject({ loadedAtField: 'own', freshness: { error_after: { count: 2, period: 'day' } } })
    expect(c).toBeUndefined()
  })

  it('have no freshness where the table says null', () => {
    const limit = 'freshness: {error_after: {count: 1, period: day}}'
    const [a, b] = sourcesOf(`sources: [{name: s, ${limit}, tables: [{name: a}, {name: b, freshness: null}]}]`)
    expect(a?.freshness).toBeDefined()
    expect(b?.freshness).toBeUndefined()
  })

  it('may stand in a properties YAML', () => {
    const { sources } = sourcesInProperties(
      yamlOf('models: [{name: m}]\nsources: [{name: a, tables: [{name: t}]}]'),
      'duckdb',
    )
    expect(sources).toMatchObject([{ sourceName: 'a', name: 't', span: { line: 2, column: 37 } }])
  })

  it('may be empty', () => {
    expect(sourcesOf('')).toEqual([])
    expect(sourcesOf('version: 2')).toEqual([])
    expect(sourcesOf('version: 2\nsources: [{name: a}]')).toEqual([])
  })
})

describe('faults', () => {
  it.each([
    ['version: 1\nsources: []', 'wrong-value 1:10'],
    ['sources: [{nam: a}]', 'missing-key 1:11|unknown-key 1:12'],
    ['sources: [{name: a, tables: [{name: t, identifer: x}]}]', 'unknown-key 1:40'],
    ['sources: [{name: a, overrides: {duckdb: {shema: x}}}]', 'unknown-key 1:42'],
    ['sources: [{name: a, freshness: {warn_after: {count: 1, period: hours}}}]', 'wrong-value 1:64'],
    ['sources: [{name: a, tables: [{name: t, external: {path: x}}]}]', 'wrong-value 1:50'],
    ['sources: [{name: a}, {name: b}, {name: a}]', 'duplicate-source 1:40'],
  ])('are reported: %s', (text, expected) => {
    const { diagnostics } = checkSources(yamlOf(text), 'duckdb')
    expect(diagnostics.map(({ code, span }) => `${code} ${span?.line}:${span?.column}`)).toEqual(expected.split('|'))
  })

  it('name both places of a table that is defined twice', () => {
    expect(duplicateSources(sourcesOf('sources: [{name: a, tables: [{name: t}, {name: t}]}]'))).toMatchObject([
      { code: 'duplicate-source-table', span: { column: 48 }, related: [{ span: { column: 37 } }] },
    ])
  })
})
