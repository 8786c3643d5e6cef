import type { Manifest } from '../compile/index.js'
import { displaySql } from '../core/index.js'
import type { ManifestMeta } from './build-manifest.js'
import { modelConfig, testConfig } from './manifest-config.js'
import { sqlPath } from './sql-path.js'

/** Any node of the compiled project. */
export type ManifestNode = NonNullable<ReturnType<Manifest['dag']['nodes']['get']>>
type Of<Type extends ManifestNode['resourceType']> = Extract<ManifestNode, { readonly resourceType: Type }>
type Json = Readonly<Record<string, unknown>>

/** What the nodes' entries are made with. */
export interface NodeMeta extends ManifestMeta {
  /** Ids of the macros that a template's text names. */
  readonly macroIds: (code: string) => readonly string[]
}

/** A model, seed, snapshot or test as dbt's manifest shows it. */
export function manifestNode(node: Exclude<ManifestNode, Of<'source'>>, manifest: Manifest, meta: NodeMeta): Json {
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

function modelNode(node: Of<'model' | 'snapshot'>, manifest: Manifest, meta: NodeMeta): Json {
  const isModel = node.resourceType === 'model'
  const { database, schema, alias, relation_name } = placeOf(node, manifest, meta)
  // Spelt out, as spreads are slow and there are many models.
  return {
    name: node.name,
    resource_type: node.resourceType,
    package_name: node.packageName,
    path: shortPath(node),
    original_file_path: node.path,
    unique_id: node.uniqueId,
    fqn: node.fqn,
    database,
    schema,
    alias,
    relation_name,
    tags: node.tags,
    description: node.description,
    columns: columnsOf(node.columns),
    meta: node.meta,
    checksum: { name: 'sha256', checksum: node.checksum },
    config: modelConfig(node.config, node.resourceType),
    group: node.config.group ?? null,
    docs: docsOf(node.config.other.docs),
    unrendered_config: {},
    created_at: seconds(meta),
    raw_code: node.rawCode,
    language: node.language,
    refs: node.refs.map(refOf),
    sources: node.sources.map((call) => [call.source, call.table]),
    metrics: [],
    depends_on: { macros: meta.macroIds(node.rawCode), nodes: manifest.dag.parents.get(node.uniqueId) ?? [] },
    ...compiledCode(node, manifest, meta),
    // Only models have these in dbt's schema.
    ...(isModel
      ? {
          access: accessOf(node.config.access),
          constraints: node.constraints.map(modelConstraint),
          ...contractOf(node.config),
        }
      : {}),
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
    docs: docsOf(node.config.other.docs),
    unrendered_config: {},
    created_at: seconds(meta),
    raw_code: '',
    depends_on: { macros: [] },
  }
}

function testNode(node: Of<'test'>, manifest: Manifest, meta: ManifestMeta): Json {
  const { test } = node
  const generic = test.kind === 'generic' ? test : undefined
  // Spelt out, as spreads are slow and there are more tests than anything else.
  return {
    name: node.name,
    resource_type: node.resourceType,
    package_name: node.packageName,
    path: generic === undefined ? shortPath(node) : `${node.name}.sql`,
    original_file_path: node.path,
    unique_id: node.uniqueId,
    fqn: node.fqn,
    database: null,
    schema: 'dbt_test__audit',
    alias: generic?.alias ?? node.name,
    relation_name: null,
    tags: node.tags,
    description: node.description,
    columns: {},
    meta: node.meta,
    checksum: { name: 'none', checksum: '' },
    config: testConfig(node, generic?.config),
    docs: { show: true },
    unrendered_config: {},
    created_at: seconds(meta),
    raw_code: test.kind === 'generic' ? `{{ test_${test.config.test}(**_dbt_generic_test_kwargs) }}` : test.rawCode,
    language: 'sql',
    refs: node.refs.map(refOf),
    sources: node.sources.map((call) => [call.source, call.table]),
    metrics: [],
    depends_on: { macros: [], nodes: manifest.dag.parents.get(node.uniqueId) ?? [] },
    ...compiledCode(node, manifest, meta),
    ...(generic === undefined ? {} : genericTest(generic)),
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
  return {
    name: node.name,
    resource_type: node.resourceType,
    package_name: node.packageName,
    path: shortPath(node),
    original_file_path: node.path,
    unique_id: node.uniqueId,
    fqn: node.fqn,
  }
}

/** The folders of the fqn and the file's name. */
function shortPath({ path, fqn }: ManifestNode): string {
  const file = path.slice(path.lastIndexOf('/') + 1)
  return fqn.length < 3 ? file : `${fqn.slice(1, -1).join('/')}/${file}`
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

function described(node: Of<'seed' | 'source'>): Json {
  return { tags: node.tags, description: node.description, columns: columnsOf(node.columns) }
}

type Columns = Of<'model' | 'snapshot'>['columns']

function columnsOf(columns: Columns): Json {
  return Object.fromEntries(columns.map((column) => [column.name, columnOf(column)]))
}

function columnOf({ name, description, dataType, quote, constraints, tags, meta }: Columns[number]): Json {
  return {
    name,
    description: description ?? '',
    data_type: dataType ?? null,
    ...(quote === undefined ? {} : { quote }),
    tags,
    meta,
    constraints: (constraints ?? []).map(columnConstraint),
  }
}

/** dbt writes a model's contract beside its configuration as well. */
function contractOf({ other }: Of<'model' | 'snapshot'>['config']): Json {
  const { contract } = other
  if (!isRecord(contract)) return {}
  return {
    contract: { enforced: contract.enforced === true, alias_types: contract.alias_types !== false },
  }
}

type Constraint = Of<'model' | 'snapshot'>['constraints'][number]

function columnConstraint({ type, name, expression, to, toColumns }: Constraint): Json {
  return {
    type,
    name: name ?? null,
    expression: expression ?? null,
    warn_unenforced: true,
    warn_unsupported: true,
    to: to ?? null,
    to_columns: toColumns ?? [],
  }
}

function modelConstraint(constraint: Constraint): Json {
  return { ...columnConstraint(constraint), columns: constraint.columns }
}

function docsOf(docs: unknown): Json {
  if (!isRecord(docs)) return { show: true }
  const color = typeof docs.node_color === 'string' ? { node_color: docs.node_color } : {}
  return { show: docs.show !== false, ...color }
}

function refOf(ref: Of<'model' | 'snapshot'>['refs'][number]): Json {
  return { name: ref.name, package: ref.package ?? null, version: null }
}

function compiledCode(node: Of<'model' | 'snapshot' | 'test'>, manifest: Manifest, meta: ManifestMeta): Json {
  const sql = manifest.compiled.get(node.uniqueId)?.full
  if (sql === undefined) return { compiled: false }
  return {
    compiled: true,
    compiled_code: displaySql(sql),
    compiled_path: `${meta.targetPath ?? 'target'}/${sqlPath('compiled', node)}`,
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
