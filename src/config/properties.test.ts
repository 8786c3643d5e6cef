import { describe, expect, it } from 'vitest'
import { checkProperties } from './properties.js'
import type { TestConfig, YamlFile } from './types.js'
import { readYaml } from './yaml-file.js'

function yamlOf(text: string): YamlFile {
  const { yaml } = readYaml('models/m.yml', text)
  if (yaml === undefined) throw new Error('no YAML')
  return yaml
}

function propertiesOf(text: string) {
  const file = checkProperties(yamlOf(text))
  expect(file.diagnostics).toEqual([])
  return file
}

function faults(text: string): readonly string[] {
  return checkProperties(yamlOf(text)).diagnostics.map(({ code, span }) => `${code} ${span?.line}:${span?.column}`)
}

function testsOf(text: string): readonly TestConfig[] {
  return propertiesOf(`models:\n  - name: m\n    data_tests:\n${text.replace(/^/gm, '      ')}`).models[0]?.tests ?? []
}

describe('resources', () => {
  it('have descriptions, columns, tests and a place', () => {
    const { models, seeds, snapshots } = propertiesOf(`version: 2
models:
  - name: users
    description: People
    columns:
      - {name: id, description: The id, data_type: bigint, tags: [k], meta: {pii: true}, tests: [unique]}
seeds: [{name: s}]
snapshots: [{name: h}]
`)
    expect(models).toMatchObject([
      {
        name: 'users',
        description: 'People',
        span: { file: 'models/m.yml', line: 3, column: 11 },
        columns: [{ name: 'id', description: 'The id', dataType: 'bigint', tags: ['k'], meta: { pii: true } }],
      },
    ])
    expect(models[0]?.columns[0]?.tests).toMatchObject([{ test: 'unique', tags: ['k'], severity: 'error' }])
    expect([seeds[0]?.name, snapshots[0]?.name]).toEqual(['s', 'h'])
  })

  it('take configuration beside their name and under config as one layer', () => {
    const { models } = propertiesOf(
      'models:\n  - name: m\n    tags: a\n    meta: {x: 1}\n    config: {tags: [b], materialized: view}',
    )
    const config = models[0]?.config
    expect(config?.values).toEqual({ tags: ['a', 'b'], meta: { x: 1 }, materialized: 'view' })
    expect(config?.placeOf(['materialized'])).toMatchObject({ line: 5, column: 39 })
    expect(config?.placeOf(['meta', 'x'])).toMatchObject({ line: 4, column: 15 })
  })

  it('may be missing altogether', () => {
    expect(propertiesOf('').models).toEqual([])
    expect(propertiesOf('version: 2\nmodels:\n').models).toEqual([])
  })

  it.each([
    ['modles: []', 'unknown-key 1:1'],
    ['version: 1', 'wrong-value 1:10'],
    ['models: [{nam: x}]', 'missing-key 1:10|unknown-key 1:11'],
    ['models: {name: x}', 'wrong-value 1:9'],
    ['models: [{name: x, columns: [{name: id, test: [unique]}]}]', 'unknown-key 1:41'],
    ['models: [{name: x, config: {materialized: tabel}}]', 'wrong-value 1:43'],
    ['models: [{name: x, config: {delimiter: ";"}}]', 'unknown-key 1:29'],
    ['models: [{name: x, tags: 3}]', 'wrong-value 1:26'],
    ['models: [{name: x, config: {unique_key: a, primary_key: b}}]', 'contradictory-values 1:57'],
    ['models: [{name: x, schema: a, config: {schema: b}}]', 'contradictory-values 1:48'],
    ['seeds: [{name: x, config: {strategy: merge}}]', 'unknown-key 1:28'],
  ])('are checked: %s', (text, expected) => {
    expect(faults(text)).toEqual(expected.split('|'))
  })
})

describe('tests', () => {
  it("are read in all of dbt's forms", () => {
    const tests = testsOf(`- unique
- not_null: {severity: warn}
- accepted_values: {values: [a, b]}
- accepted_values:
    arguments: {values: [c]}
    config: {severity: WARN, where: x > 1, tags: t, enabled: false, store_failures: true, limit: 5, warn_if: ">1", error_if: ">2"}
- name: mine
  test_name: relationships
  to: ref('x')
  field: id
- dbt_utils.at_least_one:
    name: own
    description: why
`)
    expect(tests).toMatchObject([
      { test: 'unique', arguments: {}, severity: 'error', enabled: true, tags: [] },
      { test: 'not_null', arguments: {}, severity: 'warn' },
      { test: 'accepted_values', arguments: { values: ['a', 'b'] } },
      {
        test: 'accepted_values',
        arguments: { values: ['c'] },
        ...{ severity: 'warn', where: 'x > 1', tags: ['t'], enabled: false },
        ...{ storeFailures: true, limit: 5, warnIf: '>1', errorIf: '>2' },
      },
      { test: 'relationships', name: 'mine', arguments: { to: "ref('x')", field: 'id' } },
      { test: 'dbt_utils.at_least_one', name: 'own', description: 'why', arguments: {} },
    ])
    expect(tests.map(({ span }) => `${span.line}:${span.column}`)).toEqual([
      '4:9',
      '5:9',
      '6:9',
      '7:9',
      '11:20',
      '14:9',
    ])
  })

  it('inherit the tags of their model and column', () => {
    const { models } = propertiesOf(
      'models: [{name: m, tags: [core], columns: [{name: id, tags: k, tests: [unique: {tags: own}]}]}]',
    )
    expect(models[0]?.columns[0]?.tests[0]?.tags).toEqual(['core', 'k', 'own'])
  })

  it('may stand under tests and data_tests when both say the same', () => {
    expect(faults('models: [{name: m, tests: [a], data_tests: [a]}]')).toEqual([])
    const { diagnostics } = checkProperties(yamlOf('models: [{name: m, tests: [a], data_tests: [b]}]'))
    expect(diagnostics).toMatchObject([
      { code: 'tests-and-data-tests', span: { column: 32 }, related: [{ span: { column: 20 } }] },
    ])
  })

  it.each([
    ['- 3', 'wrong-value 4:9'],
    ['- not_null:\n  severity: warn', 'test-form 4:9'],
    ['- not_null: x', 'test-form 4:9'],
    ['- not_null: {severity: wran}', 'wrong-value 4:30'],
    ['- not_null: {config: {severty: warn}}', 'unknown-key 4:29'],
    ['- not_null: {arguments: 3}', 'wrong-value 4:31'],
    ['- {}', 'test-form 4:9'],
  ])('are checked: %j', (text, expected) => {
    expect(faults(`models:\n  - name: m\n    data_tests:\n${text.replace(/^/gm, '      ')}`)).toEqual([expected])
  })
})
