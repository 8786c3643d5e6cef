import { cdcConfig } from './cdc-config.js'
import { defined } from './defined.js'
import { type HistoryPreset, historyConfig } from './history-config.js'
import type { MergedConfig } from './merged-config.js'
import { placedText } from './merged-config.js'
import type { ModelKey } from './model-keys.js'
import { type DeltaConfig, type IncrementalConfig, type SnapshotConfig, strategies } from './types.js'

/** The incremental part of a configuration, defaults filled in. */
export function incrementalConfig(merged: MergedConfig): IncrementalConfig {
  const lookback = merged.value('lookback')
  return defined({
    strategy: strategies.find((each) => each === merged.value('strategy')),
    uniqueKey: merged.list('unique_key') ?? [],
    updatedAt: merged.text('updated_at'),
    eventTime: merged.text('event_time'),
    delta: delta(merged),
    onSchemaChange: choice(merged, 'on_schema_change', schemaChangeModes) ?? 'fail',
    onDuplicateKeys: choice(merged, 'on_duplicate_keys', ['error', 'latest', 'any']),
    duplicateRows: choice(merged, 'duplicate_rows', ['drop', 'quarantine']) ?? 'drop',
    onNullKeys: choice(merged, 'on_null_keys', ['error', 'match', 'drop']) ?? 'error',
    lookback: typeof lookback === 'number' || typeof lookback === 'string' ? lookback : undefined,
    lateRows: choice(merged, 'late_rows', ['merge', 'quarantine', 'ignore', 'fail']) ?? 'merge',
    watermarkSource: choice(merged, 'watermark_source', ['checked', 'state']) ?? 'checked',
    partitionBy: merged.list('partition_by') ?? [],
    begin: merged.text('begin'),
    batchSize: merged.text('batch_size'),
    concurrentBatches: merged.flag('concurrent_batches'),
    predicates: merged.list('predicates') ?? [],
    updateColumns: merged.list('update_columns'),
    excludeColumns: merged.list('exclude_columns'),
    updateWhen: merged.text('update_when'),
    fullRefresh: merged.flag('full_refresh'),
    deletes: deletes(merged),
    remembers: Object.entries(merged.map('history_columns') ?? {}).map(([column, previous]) => ({
      column,
      previous: String(previous),
    })),
    cdc: cdcConfig(merged),
    protected: merged.flag('protected') ?? false,
    history: history(merged),
    versions: versions(merged),
  })
}

function versions(merged: MergedConfig): IncrementalConfig['versions'] {
  return merged.value('strategy') === 'scd2' ? historyConfig(merged, 'default') : undefined
}

/** A snapshot is a model that keeps the versions of its rows, by other names. */
export function snapshotAsIncremental(merged: MergedConfig, preset: HistoryPreset): IncrementalConfig {
  return { ...incrementalConfig(merged), strategy: 'scd2', versions: historyConfig(merged, preset) }
}

/** The snapshot part of a configuration. */
export function snapshotConfig(merged: MergedConfig): SnapshotConfig {
  return defined({
    strategy: choice(merged, 'strategy', ['timestamp', 'check']),
    uniqueKey: merged.list('unique_key') ?? [],
    updatedAt: merged.text('updated_at'),
    history: history(merged),
  })
}

const schemaChangeModes = ['fail', 'ignore', 'append_new_columns', 'sync_all_columns'] as const

function choice<const Options extends readonly string[]>(
  merged: MergedConfig,
  key: ModelKey,
  options: Options,
): Options[number] | undefined {
  return options.find((each) => each === merged.value(key))
}

function delta(merged: MergedConfig): DeltaConfig | undefined {
  const entry = merged.strongest('delta')
  const value = merged.map('delta')
  if (entry === undefined || value === undefined) return undefined
  const { sql, watermark } = value
  if (typeof watermark === 'string') return { kind: 'watermark', column: watermark }
  if (typeof sql !== 'string') return undefined
  return { kind: 'sql', text: placedText(entry, sql, entry.spelling === 'delta' ? ['sql'] : []) }
}

function deletes(merged: MergedConfig): IncrementalConfig['deletes'] {
  const value = merged.map('deletes')
  if (value === undefined) return undefined
  const { when, missing, allow_empty: allowEmpty } = value
  return defined({
    when: typeof when === 'string' ? when : undefined,
    missing: typeof missing === 'boolean' ? missing : undefined,
    allowEmpty: typeof allowEmpty === 'boolean' ? allowEmpty : undefined,
  })
}

const historyKeys = ['check_cols', 'hard_deletes', 'invalidate_hard_deletes', 'history_names', 'views'] as const

function history(merged: MergedConfig): Readonly<Record<string, unknown>> {
  return defined(Object.fromEntries(historyKeys.map((key) => [key, merged.value(key)])))
}
