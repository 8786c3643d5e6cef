import type { ManifestNode } from './manifest-nodes.js'

type ModelConfig = Extract<ManifestNode, { readonly resourceType: 'model' | 'snapshot' }>['config']
type TestNode = Extract<ManifestNode, { readonly resourceType: 'test' }>
type TestConfig = Extract<TestNode['test'], { readonly kind: 'generic' }>['config']
type Json = Readonly<Record<string, unknown>>

/** The config block of a model, snapshot or seed, with dbt's keys alone. */
export function modelConfig(config: ModelConfig, type: 'model' | 'snapshot' | 'seed'): Json {
  return {
    enabled: config.enabled,
    alias: config.alias ?? null,
    schema: config.schema ?? null,
    database: config.database ?? null,
    tags: config.tags,
    meta: config.meta,
    group: config.group ?? null,
    materialized: type === 'seed' ? 'seed' : config.materialized,
    ...incrementalConfig(config.incremental),
    ...(type === 'snapshot' ? snapshotConfig(config) : {}),
    'pre-hook': hooks(config.preHook),
    'post-hook': hooks(config.postHook),
    ...maps(config.other, ['persist_docs', 'quoting', 'grants']),
    ...contract(config.other.contract),
  }
}

/** The config block of a test. */
export function testConfig(node: TestNode, config: TestConfig | undefined): Json {
  return {
    enabled: node.enabled,
    tags: node.tags,
    meta: node.meta,
    materialized: 'test',
    severity: node.severity === 'warn' ? 'WARN' : 'ERROR',
    ...(config === undefined ? {} : testLimits(config)),
  }
}

function testLimits({ where, limit, storeFailures, warnIf, errorIf }: TestConfig): Json {
  if ((where ?? limit ?? storeFailures ?? warnIf ?? errorIf) === undefined) return {}
  return defined({ where, limit, store_failures: storeFailures, warn_if: warnIf, error_if: errorIf })
}

function incrementalConfig(config: ModelConfig['incremental']): Json {
  if (config === undefined) return {}
  const { uniqueKey } = config
  return defined({
    incremental_strategy: config.strategy ?? (uniqueKey.length > 0 ? 'merge' : 'append'),
    unique_key: keyOf(uniqueKey),
    on_schema_change: config.onSchemaChange,
    full_refresh: config.fullRefresh,
    event_time: config.eventTime,
    lookback: config.lookback,
    begin: config.begin,
    batch_size: config.batchSize,
    concurrent_batches: config.concurrentBatches,
  })
}

function snapshotConfig({ snapshot }: ModelConfig): Json {
  if (snapshot === undefined) return {}
  const { strategy, uniqueKey, updatedAt, history } = snapshot
  return defined({ unique_key: keyOf(uniqueKey), strategy, updated_at: updatedAt, check_cols: history.check_cols })
}

/** dbt writes a key of one column as a text. */
function keyOf(columns: readonly string[]): string | readonly string[] | undefined {
  return columns.length > 1 ? columns : columns[0]
}

function hooks(list: ModelConfig['preHook']): Json[] {
  return list.map((hook, index) => ({ sql: hook.text, transaction: true, index }))
}

function maps(other: Json, keys: readonly string[]): Json {
  return Object.fromEntries(keys.flatMap((key) => (isRecord(other[key]) ? [[key, other[key]]] : [])))
}

function contract(value: unknown): Json {
  if (!isRecord(value)) return {}
  return { contract: { enforced: value.enforced === true, alias_types: value.alias_types !== false } }
}

function defined(values: Json): Json {
  const filled: Record<string, unknown> = {}
  for (const key of Object.keys(values)) if (values[key] !== undefined) filled[key] = values[key]
  return filled
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
