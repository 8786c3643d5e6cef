import type { ModelOptions } from './api.js'

const configKeys = [
  'materialized',
  'tags',
  'engines',
  'enabled',
  'alias',
  'schema',
  'database',
  'description',
  'docs',
  'group',
  'access',
  'meta',
  'pre_hook',
  'post_hook',
  'pre-hook',
  'post-hook',
  'grants',
  'contract',
  'persist_docs',
  'quoting',
  'storage',
  'indexes',
  'on_error',
  'http',
  'incremental',
  'unique_key',
  'primary_key',
  'updated_at',
  'updated_at_column',
  'strategy',
  'incremental_strategy',
  'delta',
  'delta_sql',
  'delta_config',
  'on_schema_change',
  'on_duplicate_keys',
  'duplicate_rows',
  'on_null_keys',
  'lookback',
  'late_rows',
  'watermark_source',
  'partition_by',
  'event_time',
  'begin',
  'batch_size',
  'concurrent_batches',
  'predicates',
  'incremental_predicates',
  'update_columns',
  'merge_update_columns',
  'exclude_columns',
  'merge_exclude_columns',
  'update_when',
  'full_refresh',
  'deletes',
  'cdc',
  'protected',
  'snapshot',
  'check_cols',
  'hard_deletes',
  'invalidate_hard_deletes',
  'history_names',
  'snapshot_meta_column_names',
  'history_columns',
  'views',
] as const

/** Options that only a `.ff.ts` file has; they never reach the model's configuration. */
export const codeOnlyKeys = ['name', 'deps', 'only', 'columns'] as const

/** Every option of `model()`. */
export const optionKeys: readonly string[] = [...codeOnlyKeys, ...configKeys] satisfies readonly (keyof ModelOptions)[]

type Listed = (typeof configKeys)[number] | (typeof codeOnlyKeys)[number]
type Missing = Exclude<keyof ModelOptions, Listed>
// Fails to compile when `ModelOptions` has a key that the list lacks.
const complete: [Missing] extends [never] ? true : Missing = true
void complete
