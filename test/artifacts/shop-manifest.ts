import type { Manifest } from '../../src/compile/index.js'
import type { ColumnProperties, ModelConfig } from '../../src/config/index.js'
import { text, type UniqueId, uniqueId } from '../../src/core/index.js'
import type { Dag } from '../../src/graph/index.js'
import type { ModelNode, Node, SeedNode, SourceNode, TestNode } from '../../src/parse/index.js'
import type { Template } from '../../src/template/index.js'

const span = { file: 'models/orders.ff.sql', line: 1, column: 1 }
const source = uniqueId('source', 'shop', 'raw', 'users')
const seed = uniqueId('seed', 'shop', 'raw_orders')
const orders = uniqueId('model', 'shop', 'orders')
const history = uniqueId('snapshot', 'shop', 'orders_history')
const notNull = uniqueId('test', 'shop', 'not_null_orders_id', 'cf6c17daed')
const singular = uniqueId('test', 'shop', 'no_future_orders')

const edges: readonly (readonly [parent: UniqueId, child: UniqueId])[] = [
  [source, orders],
  [seed, orders],
  [orders, history],
  [orders, notNull],
  [orders, singular],
]

/** A compiled project with a node of each kind. */
export function shopManifest(): Manifest {
  const nodes = new Map<UniqueId, Node>(allNodes().map((node) => [node.uniqueId, node]))
  const ids = [...nodes.keys()]
  const dag: Dag = {
    project: { projectName: 'shop', groups: [], nodes: [...nodes.values()], disabled: [], otherEngines: [] },
    nodes,
    parents: new Map(ids.map((id) => [id, edges.flatMap(([parent, child]) => (child === id ? [parent] : []))])),
    children: new Map(ids.map((id) => [id, edges.flatMap(([parent, child]) => (parent === id ? [child] : []))])),
    order: ids,
    resolveRef: () => undefined,
    resolveSource: () => undefined,
  }
  const compiled = [orders, history, notNull, singular].map(
    (id) =>
      [
        id,
        { uniqueId: id, full: text('select 1 as id'), preHooks: [], postHooks: [], renderAtExecution: false },
      ] as const,
  )
  const relations = [source, seed, orders, history].map(
    (id) => [id, { database: 'dev', schema: 'main', identifier: id.split('.').at(-1) ?? '' }] as const,
  )
  return { dag, relations: new Map(relations), compiled: new Map(compiled) }
}

function allNodes(): Node[] {
  return [sourceNode(), seedNode(), modelNode(), snapshotNode(), genericTest(), singularTest()]
}

function sourceNode(): SourceNode {
  return {
    ...base(source, 'users', 'sources.yml'),
    fqn: ['shop', 'raw', 'users'],
    resourceType: 'source',
    columns: [column('id')],
    source: {
      sourceName: 'raw',
      name: 'users',
      identifier: 'users_v2',
      tags: [],
      meta: {},
      columns: [],
      tests: [],
      loadedAtField: 'loaded_at',
      freshness: { warn_after: { count: 1, period: 'day' }, filter: 'id > 1' },
      external: { location: 's3://shop/users' },
      span,
    },
  }
}

function seedNode(): SeedNode {
  const path = 'seeds/raw_orders.csv'
  return {
    ...base(seed, 'raw_orders', path),
    resourceType: 'seed',
    config: config({}),
    columns: [],
    file: { path, name: 'raw_orders', format: 'csv', sizeBytes: 10, modifiedMs: 1 },
    delimiter: ';',
    sharedTypes: [],
    columnTypes: { id: 'integer' },
    metaColumns: false,
  }
}

function modelNode(): ModelNode {
  return {
    ...model(orders, 'orders'),
    resourceType: 'model',
    fqn: ['shop', 'marts', 'orders'],
    path: 'models/marts/orders.ff.sql',
    language: 'sql',
    refs: [{ name: 'raw_orders', span }],
    sources: [{ source: 'raw', table: 'users', span }],
    config: config({
      materialized: 'incremental',
      group: 'sales',
      access: 'public',
      preHook: [{ file: 'x', text: 'select 1', origin: () => ({ line: 1, column: 1 }) }],
      other: { contract: { enforced: true }, grants: { select: ['reader'] }, http: { url: 'x' } },
      incremental: {
        uniqueKey: ['id'],
        onSchemaChange: 'fail',
        onNullKeys: 'error',
        duplicateRows: 'drop',
        lateRows: 'merge',
        watermarkSource: 'checked',
        partitionBy: [],
        predicates: [],
        protected: false,
        remembers: [],
        history: {},
        fullRefresh: false,
        lookback: '3 days',
      },
    }),
  }
}

function snapshotNode(): ModelNode {
  return {
    ...model(history, 'orders_history'),
    resourceType: 'snapshot',
    language: 'typescript',
    config: config({
      materialized: 'snapshot',
      snapshot: { strategy: 'check', uniqueKey: ['id', 'day'], history: { check_cols: ['status'] } },
    }),
  }
}

function genericTest(): TestNode {
  const config = {
    test: 'not_null',
    arguments: {},
    severity: 'warn',
    where: 'id > 0',
    tags: ['nightly'],
    enabled: true,
    limit: 5,
    span,
  } as const
  return {
    ...base(notNull, 'not_null_orders_id', 'models/schema.yml'),
    resourceType: 'test',
    test: { kind: 'generic', config, attachedTo: orders, column: 'id', alias: 'not_null_orders_id' },
    severity: 'warn',
    enabled: true,
    refs: [{ name: 'orders', span }],
    sources: [],
  }
}

function singularTest(): TestNode {
  return {
    ...base(singular, 'no_future_orders', 'tests/no_future_orders.sql'),
    resourceType: 'test',
    test: { kind: 'singular', template: {} as Template, rawCode: 'select 1' },
    severity: 'error',
    enabled: true,
    refs: [],
    sources: [],
  }
}

function model(id: UniqueId, name: string) {
  return {
    ...base(id, name, `models/${name}.ff.sql`),
    placed: { config: config({}), placeOf: () => span },
    columns: [column('id'), { ...column('status'), description: 'open or done', dataType: 'text' }],
    refs: [],
    sources: [],
    constraints: [],
    watermarks: [],
    usesRunQuery: false,
    rawCode: 'select 1 as id',
    checksum: 'abc',
  }
}

function base(id: UniqueId, name: string, path: string) {
  const described = { tags: ['daily'], description: `about ${name}`, meta: { owner: 'ada' } }
  return { uniqueId: id, name, packageName: 'shop', fqn: ['shop', name], path, span, ...described }
}

function config(parts: Partial<ModelConfig>): ModelConfig {
  return {
    materialized: 'table',
    enabled: true,
    tags: ['daily'],
    engines: [],
    meta: { owner: 'ada' },
    preHook: [],
    postHook: [],
    other: {},
    ...parts,
  }
}

function column(name: string): ColumnProperties {
  return { name, tests: [], tags: [], meta: {} }
}
