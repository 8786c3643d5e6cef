import { describe, expect, test } from 'vitest'
import { relationName } from '../../src/core/index.js'
import { buildManifest, buildRunResults, type NodeResult } from '../../src/report/index.js'
import { schemaFaults } from './schema-faults.js'
import { shopManifest } from './shop-manifest.js'

const meta = {
  generatedAt: new Date('2024-01-01T00:00:00Z'),
  invocationId: '7e0a2ad9-5e3a-4a0c-bb5e-0d3f7e0a2ad9',
  version: '0.1.0',
  now: '2024-01-01T00:00:00.000Z',
}

describe('manifest.json', () => {
  const manifest = buildManifest(shopManifest(), { ...meta, engine: 'duckdb', relationText: relationName })

  test("is valid against dbt's schema", () => {
    expect(schemaFaults('manifest-v12', manifest)).toEqual([])
  })

  test('has null only where the schema of every dbt release allows it', () => {
    expect(nullKeys(manifest)).toEqual([
      'alias',
      'data_type',
      'database',
      'group',
      'namespace',
      'package',
      'relation_name',
      'schema',
      'version',
    ])
  })

  test('shows a model with its code, its parents and its place', () => {
    expect(manifest.nodes['model.shop.orders']).toMatchObject({
      name: 'orders',
      path: 'marts/orders.ff.sql',
      original_file_path: 'models/marts/orders.ff.sql',
      fqn: ['shop', 'marts', 'orders'],
      relation_name: 'dev.main.orders',
      language: 'sql',
      compiled_code: 'select 1 as id',
      compiled_path: 'target/compiled/shop/models/marts/orders.sql',
      depends_on: { nodes: ['source.shop.raw.users', 'seed.shop.raw_orders'] },
      refs: [{ name: 'raw_orders', package: null }],
      sources: [['raw', 'users']],
      config: {
        materialized: 'incremental',
        incremental_strategy: 'merge',
        unique_key: 'id',
        contract: { enforced: true },
      },
      columns: { status: { description: 'open or done', data_type: 'text' } },
    })
    expect(manifest.nodes['snapshot.shop.orders_history']).toMatchObject({ language: 'typescript' })
  })

  test('says what a generic test tests', () => {
    expect(manifest.nodes['test.shop.not_null_orders_id.cf6c17daed']).toMatchObject({
      attached_node: 'model.shop.orders',
      column_name: 'id',
      test_metadata: { name: 'not_null', kwargs: { column_name: 'id' } },
      config: { severity: 'WARN', where: 'id > 0', limit: 5 },
    })
  })

  test('maps each node to its parents and children', () => {
    expect(manifest.parent_map['model.shop.orders']).toEqual(['source.shop.raw.users', 'seed.shop.raw_orders'])
    expect(manifest.child_map['source.shop.raw.users']).toEqual(['model.shop.orders'])
    expect(manifest.child_map['test.shop.no_future_orders']).toEqual([])
  })

  test("keeps fft's own facts in metadata.env", () => {
    expect(manifest.metadata).toMatchObject({
      env: { FFT_VERSION: '0.1.0', FFT_NOW: '2024-01-01T00:00:00.000Z' },
      project_name: 'shop',
      adapter_type: 'duckdb',
    })
  })
})

describe('run_results.json', () => {
  const [startedAt, completedAt] = [new Date(1000), new Date(3500)]
  const base = { name: 'orders', uniqueId: 'model.shop.orders', durationMs: 2500 }
  const results: NodeResult[] = [
    {
      ...base,
      status: 'success',
      startedAt,
      completedAt,
      message: '3 inserted, 1 updated',
      code: 'MERGE',
      rowsAffected: 4,
      compiledCode: 'select 1',
      relationName: '"main"."orders"',
    },
    { ...base, status: 'no-op', startedAt, completedAt, message: 'unchanged' },
    { ...base, status: 'skipped', durationMs: 0, message: 'parent orders failed' },
    { ...base, status: 'error', startedAt, completedAt, message: 'no' },
    ...(['pass', 'fail', 'warn'] as const).map((status) => ({ ...base, status, startedAt, completedAt, failures: 2 })),
  ]
  const artifact = buildRunResults(results, { ...meta, elapsedMs: 5000, args: { which: 'run', select: ['orders'] } })

  test("is valid against dbt's schema", () => {
    expect(schemaFaults('run-results-v6', artifact)).toEqual([])
  })

  test('tells how each node ended', () => {
    expect(artifact).toMatchObject({ elapsed_time: 5, args: { which: 'run' } })
    expect(artifact.results).toMatchObject([
      {
        unique_id: 'model.shop.orders',
        status: 'success',
        execution_time: 2.5,
        adapter_response: { _message: '3 inserted, 1 updated', code: 'MERGE', rows_affected: 4 },
        timing: [{ name: 'compile' }, { name: 'execute', completed_at: '1970-01-01T00:00:03.500Z' }],
      },
      { status: 'no-op', adapter_response: { _message: 'unchanged' } },
      { status: 'skipped', adapter_response: {}, timing: [], message: 'parent orders failed' },
      { status: 'error' },
      { status: 'pass' },
      { status: 'fail', failures: 2 },
      { status: 'warn' },
    ])
  })

  test('has every key that the first release of the schema asks for', () => {
    const required = ['message', 'failures', 'compiled', 'compiled_code', 'relation_name']
    for (const result of artifact.results as object[])
      expect(Object.keys(result)).toEqual(expect.arrayContaining(required))
  })
})

function nullKeys(value: unknown): string[] {
  const found = new Set<string>()
  JSON.stringify(value, (key, item) => {
    if (item === null) found.add(key)
    return item
  })
  return [...found].sort()
}
