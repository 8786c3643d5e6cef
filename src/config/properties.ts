import * as v from 'valibot'
import type { Diagnostic } from '../core/index.js'
import { check } from './check.js'
import { checkLayers } from './check-layer.js'
import { columnSchema, readColumns } from './columns.js'
import { metaReading } from './config-entries.js'
import { constraintSchema, readConstraints } from './constraints.js'
import { testsOf, testsSchema } from './data-tests.js'
import { defined } from './defined.js'
import { layerOf } from './layer.js'
import { canonicalKey, configEntries, configSchema } from './model-keys.js'
import { sourceListSchema } from './sources-schema.js'
import type { ConfigLayer, GroupProperties, ResourceProperties, ValuePath, YamlFile } from './types.js'
import { anything, fields, filledText, key, list, map, needed, text } from './values.js'

/** A properties YAML's models, seeds and snapshots; its sources are read by `checkSources`. */
export interface PropertiesFile {
  readonly models: readonly ResourceProperties[]
  readonly seeds: readonly ResourceProperties[]
  readonly snapshots: readonly ResourceProperties[]
  readonly groups: readonly GroupProperties[]
  readonly diagnostics: readonly Diagnostic[]
}

const resourceKeys = ['model', 'seed', 'snapshot'] as const

function resourceSchema(resource: (typeof resourceKeys)[number]) {
  return fields({
    ...configEntries(resource),
    name: needed(`The ${resource}'s name.`, filledText),
    columns: key('Columns with descriptions and tests.', list(columnSchema, 'a list of columns')),
    tests: key('The same as `data_tests`.', testsSchema),
    data_tests: key('Data tests of the whole relation.', testsSchema),
    constraints: key('Constraints of the relation, for contracts.', list(constraintSchema)),
    config: key('Configuration, as in `config(…)`.', configSchema(resource)),
  })
}

const groupSchema = fields({
  name: needed("The group's name.", filledText),
  owner: key('Who owns it: `{name, email}`.', map),
  description: key('What it is for.', text),
  config: key('`meta` of the group.', map),
})

/** A snapshot may be told here alone. */
const snapshotSchema = fields({
  ...resourceSchema('snapshot').entries,
  relation: key("What a snapshot without a block is of: `ref('x')` or `source('a', 'b')`.", filledText),
})

/** Schema of a properties YAML beside models, seeds or snapshots. */
export const propertiesSchema = fields({
  version: key('2.', v.literal(2, '2')),
  models: key('Descriptions, columns, tests and configuration of models.', list(resourceSchema('model'))),
  seeds: key('The same of seeds.', list(resourceSchema('seed'))),
  snapshots: key('The same of snapshots.', list(snapshotSchema)),
  sources: key('Sources, as in `sources.yml`.', sourceListSchema),
  exposures: key("dbt's exposures; passed over.", anything),
  macros: key("dbt's descriptions of macros; passed over.", anything),
  groups: key('Groups of models, which private ones are kept to.', list(groupSchema)),
  analyses: key("dbt's analyses; passed over.", anything),
  unit_tests: key('Unit tests of models.', anything),
})

/**
 * Checks a properties YAML. Reports 'unknown-key', 'wrong-value', 'missing-key', 'test-form', 'tests-and-data-tests',
 * 'contradictory-values', 'two-deltas'.
 */
export function checkProperties(yaml: YamlFile): PropertiesFile {
  const nothing = { models: [], seeds: [], snapshots: [], groups: [] }
  if (yaml.value === null) return { ...nothing, diagnostics: [] }
  const { value, diagnostics } = check(propertiesSchema, yaml.value, yaml)
  if (value === undefined) return { ...nothing, diagnostics }
  const read = (resource: (typeof resourceKeys)[number]) =>
    (value[`${resource}s`] ?? []).map((item, index) => readResource(yaml, item, [`${resource}s`, index], resource))
  const [models, seeds, snapshots] = [read('model'), read('seed'), read('snapshot')]
  return {
    models: models.map((each) => each.properties),
    seeds: seeds.map((each) => each.properties),
    snapshots: snapshots.map((each) => each.properties),
    groups: (value.groups ?? []).map(({ name, owner, description }, index) =>
      defined({ name, description, owner: owner ?? {}, span: yaml.placeOf(['groups', index, 'name']) }),
    ),
    diagnostics: [...models, ...seeds, ...snapshots].flatMap((each) => each.diagnostics),
  }
}

type Resource = v.InferOutput<ReturnType<typeof resourceSchema>>

function readResource(
  yaml: YamlFile,
  item: Resource,
  path: ValuePath,
  resource: (typeof resourceKeys)[number],
): { readonly properties: ResourceProperties; readonly diagnostics: readonly Diagnostic[] } {
  const layers = [shorthandLayer(yaml, path), layerOf(yaml, [...path, 'config'], 'properties')] as const
  const isConfigured = layers.some(({ values }) => Object.keys(values).length > 0)
  const configFaults = isConfigured ? checkLayers(layers, resource, metaReading(layers)).diagnostics : []
  const tags = layers.flatMap(({ values }) => tagsIn(values.tags))
  const columns = readColumns(yaml, item.columns ?? [], path, tags)
  const { tests, diagnostics } = testsOf(item, path, yaml, tags)
  const description = layers.map(({ values }) => values.description).find((each) => typeof each === 'string')
  const properties: ResourceProperties = defined({
    name: item.name,
    description,
    columns: columns.columns,
    constraints: readConstraints(item.constraints),
    relation: resource === 'snapshot' ? yaml.textAt([...path, 'relation']) : undefined,
    tests,
    config: joined(layers, path, yaml),
    span: yaml.placeOf([...path, 'name']),
  })
  return { properties, diagnostics: [...configFaults, ...columns.diagnostics, ...diagnostics] }
}

/** Configuration keys that stand beside `name`, not under `config`. */
function shorthandLayer(yaml: YamlFile, path: ValuePath): ConfigLayer {
  const layer = layerOf(yaml, path, 'properties')
  const known = Object.entries(layer.values).filter(([each]) => canonicalKey(each) !== undefined)
  return { ...layer, values: Object.fromEntries(known) }
}

/** Both ways of configuring as one layer: `config` wins, tags add up. */
function joined(
  [shorthand, config]: readonly [ConfigLayer, ConfigLayer],
  path: ValuePath,
  yaml: YamlFile,
): ConfigLayer | undefined {
  const values = { ...shorthand.values, ...config.values }
  if (Object.keys(values).length === 0) return undefined
  const tags = [...tagsIn(shorthand.values.tags), ...tagsIn(config.values.tags)]
  const full = (below: ValuePath) => [
    ...path,
    ...(Object.hasOwn(config.values, below[0] ?? '') ? ['config'] : []),
    ...below,
  ]
  return {
    origin: 'properties',
    values: tags.length === 0 ? values : { ...values, tags },
    placeOf: (below, which) => yaml.placeOf(full(below), which),
    textAt: (below) => yaml.textAt(full(below)),
  }
}

function tagsIn(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : []
}
