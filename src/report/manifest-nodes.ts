import type { Manifest } from '../compile/index.js'
import { displaySql } from '../core/index.js'
import type { ManifestMeta } from './build-manifest.js'
import { modelConfig, testConfig } from './manifest-config.js'
import { sqlPath } from './sql-path.js'

/** Any node of the compiled project. */
export type ManifestNode = NonNullable<ReturnType<Manifest['dag']['nodes']['get']>>
type Of<Type extends ManifestNode['resourceType']> = Extract<ManifestNode, { readonly resourceType: Type }>
type Json = Readonly<Record<string, unknown>>

/** A model, seed, snapshot or test as dbt's manifest shows it. */
export function manifestNode(node: Exclude<ManifestNode, Of<'source'>>, manifest: Manifest, meta: ManifestMeta): Json {
  if (node.resourceType === 'test') return testNode(node, manifest, meta)
  return node.resourceType === 'seed' ? seedNode(node, manifest, meta) : modelNode(node, manifest, meta)
}

/** A source's table as dbt's manifest shows it. */
export function manifestSource(node: Of<'source'>, manifest: Manifest, meta: ManifestMeta): Json {
  const { source } = node
  const { relation_name, alias: _, ...place } = placeOf(node, manifest, meta)
  return {
    ...identity(node),
    ...place,
    path: node.path,
    source_name: source.sourceName,
    source_description: '',
    loader: '',
    identifier: source.identifier,
    relation_name,
    quoting: {},
    ...(source.loadedAtField === undefined ? {} : { loaded_at_field: source.loadedAtField }),
    ...freshness(source.freshness),
    ...(source.external === undefined ? {} : { external: source.external }),
    ...described(node),
    meta: node.meta,
    source_meta: {},
    config: { enabled: true },
    unrendered_config: {},
    created_at: seconds(meta),
  }
}

function modelNode(node: Of<'model' | 'snapshot'>, manifest: Manifest, meta: ManifestMeta): Json {
  const isModel = node.resourceType === 'model'
  return {
    ...identity(node),
    ...placeOf(node, manifest, meta),
    ...described(node),
    meta: node.meta,
    checksum: { name: 'sha256', checksum: node.checksum },
    config: modelConfig(node.config, node.resourceType),
    group: node.config.group ?? null,
    docs: { show: true },
    unrendered_config: {},
    created_at: seconds(meta),
    raw_code: node.rawCode,
    language: node.language,
    ...links(node, manifest),
    ...compiledCode(node, manifest, meta),
    // Only models have these in dbt's schema.
    ...(isModel ? { access: accessOf(node.config.access), constraints: [] } : {}),
  }
}

function seedNode(node: Of<'seed'>, manifest: Manifest, meta: ManifestMeta): Json {
  const { sizeBytes, modifiedMs } = node.file
  return {
    ...identity(node),
    ...placeOf(node, manifest, meta),
    ...described(node),
    meta: node.meta,
    // As dbt does for big seeds: the file is not read for it.
    checksum: { name: 'size', checksum: `${sizeBytes}-${Math.round(modifiedMs)}` },
    config: {
      ...modelConfig(node.config, 'seed'),
      column_types: node.columnTypes,
      ...(node.delimiter === undefined ? {} : { delimiter: node.delimiter }),
    },
    group: node.config.group ?? null,
    docs: { show: true },
    unrendered_config: {},
    created_at: seconds(meta),
    raw_code: '',
    depends_on: { macros: [] },
  }
}

function testNode(node: Of<'test'>, manifest: Manifest, meta: ManifestMeta): Json {
  const { test } = node
  const isGeneric = test.kind === 'generic'
  return {
    ...identity(node),
    ...(isGeneric ? { path: `${node.name}.sql` } : {}),
    database: null,
    schema: 'dbt_test__audit',
    alias: isGeneric ? test.alias : node.name,
    relation_name: null,
    ...described(node),
    columns: {},
    meta: node.meta,
    checksum: { name: 'none', checksum: '' },
    config: testConfig(node, isGeneric ? test.config : undefined),
    docs: { show: true },
    unrendered_config: {},
    created_at: seconds(meta),
    raw_code: isGeneric ? `{{ test_${test.config.test}(**_dbt_generic_test_kwargs) }}` : test.rawCode,
    language: 'sql',
    ...links(node, manifest),
    ...compiledCode(node, manifest, meta),
    ...(isGeneric ? genericTest(test) : {}),
  }
}

function genericTest(test: Extract<Of<'test'>['test'], { kind: 'generic' }>): Json {
  const column = test.column === undefined ? {} : { column_name: test.column }
  return {
    ...column,
    attached_node: test.attachedTo,
    test_metadata: { name: test.config.test, kwargs: { ...test.config.arguments, ...column }, namespace: null },
  }
}

function identity(node: ManifestNode): Json {
  const file = node.path.split('/').at(-1) ?? node.path
  return {
    name: node.name,
    resource_type: node.resourceType,
    package_name: node.packageName,
    path: [...node.fqn.slice(1, -1), file].join('/'),
    original_file_path: node.path,
    unique_id: node.uniqueId,
    fqn: node.fqn,
  }
}

function placeOf(node: ManifestNode, manifest: Manifest, meta: ManifestMeta) {
  const relation = manifest.relations.get(node.uniqueId)
  return {
    database: relation?.database ?? null,
    schema: relation?.schema ?? '',
    alias: relation?.identifier ?? node.name,
    relation_name: relation === undefined ? null : meta.relationText(relation),
  }
}

function described(node: ManifestNode): Json {
  const columns = node.resourceType === 'test' ? [] : node.columns
  return {
    tags: node.tags,
    description: node.description,
    columns: Object.fromEntries(
      columns.map(({ name, description = '', dataType = null, tags, meta }) => [
        name,
        { name, description, data_type: dataType, tags, meta, constraints: [] },
      ]),
    ),
  }
}

function links(node: Of<'model' | 'snapshot' | 'test'>, manifest: Manifest): Json {
  return {
    refs: node.refs.map((ref) => ({ name: ref.name, package: ref.package ?? null, version: null })),
    sources: node.sources.map((call) => [call.source, call.table]),
    metrics: [],
    depends_on: { macros: [], nodes: manifest.dag.parents.get(node.uniqueId) ?? [] },
  }
}

function compiledCode(node: Of<'model' | 'snapshot' | 'test'>, manifest: Manifest, meta: ManifestMeta): Json {
  const sql = manifest.compiled.get(node.uniqueId)?.full
  if (sql === undefined) return { compiled: false }
  return {
    compiled: true,
    compiled_code: displaySql(sql),
    compiled_path: `${meta.targetPath ?? 'target'}/${sqlPath('compiled', node.packageName, node.path)}`,
    extra_ctes_injected: true,
    extra_ctes: [],
  }
}

function freshness(value: unknown): Json {
  if (!isRecord(value)) return {}
  return { freshness: { ...limit('warn_after', value), ...limit('error_after', value), ...filter(value) } }
}

function limit(key: string, value: Json): Json {
  const given = value[key]
  return isRecord(given) ? { [key]: { count: given.count ?? null, period: given.period ?? null } } : {}
}

function filter(value: Json): Json {
  return typeof value.filter === 'string' ? { filter: value.filter } : {}
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function accessOf(access: string | undefined): string {
  return access === 'private' || access === 'public' ? access : 'protected'
}

function seconds(meta: ManifestMeta): number {
  return meta.generatedAt.getTime() / 1000
}
