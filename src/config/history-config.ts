import type { MergedConfig } from './merged-config.js'
import type { SnapshotConfig } from './types.js'

/** How the columns are called that a history has beside those of its SELECT; undefined: it has none. */
export interface HistoryNames {
  readonly validFrom: string
  readonly validTo: string
  readonly isCurrent?: string
  readonly updatedAt?: string
  readonly isDeleted: string
  readonly scdId?: string
}

/** What a model with versions of its rows says of them. */
export interface HistoryConfig {
  /** Columns whose change alone makes a new version (`all`: every one but the key); undefined: each `updated_at` does. */
  readonly compared?: 'all' | readonly string[]
  /** What becomes of keys that the SELECT no longer has. */
  readonly deletions: 'ignore' | 'close' | 'new_record'
  readonly names: HistoryNames
  /** Whether `<model>__current` and `<model>__history` are kept beside it. */
  readonly views: boolean
}

const presets = {
  default: { validFrom: 'valid_from', validTo: 'valid_to', isCurrent: 'is_current', isDeleted: 'is_deleted' },
  upstream: {
    validFrom: '_ff_valid_from',
    validTo: '_ff_valid_to',
    isCurrent: '_ff_is_current',
    updatedAt: '_ff_updated_at',
    isDeleted: 'is_deleted',
  },
  dbt: {
    validFrom: 'dbt_valid_from',
    validTo: 'dbt_valid_to',
    updatedAt: 'dbt_updated_at',
    isDeleted: 'dbt_is_deleted',
    scdId: 'dbt_scd_id',
  },
} as const satisfies Readonly<Record<string, HistoryNames>>

export type HistoryPreset = keyof typeof presets

/** Keys of a map of `history_names`, also as dbt spells them in `snapshot_meta_column_names`. */
export const historyNameKeys: Readonly<Record<string, keyof HistoryNames>> = {
  valid_from: 'validFrom',
  valid_to: 'validTo',
  is_current: 'isCurrent',
  updated_at: 'updatedAt',
  is_deleted: 'isDeleted',
  scd_id: 'scdId',
  dbt_valid_from: 'validFrom',
  dbt_valid_to: 'validTo',
  dbt_updated_at: 'updatedAt',
  dbt_is_deleted: 'isDeleted',
  dbt_scd_id: 'scdId',
}

/** The configuration of a history; `preset`: the names that it has unless it says others. */
export function historyConfig(merged: MergedConfig, preset: HistoryPreset): HistoryConfig {
  const checked = merged.list('check_cols')
  const byTime = merged.value('strategy') === 'timestamp'
  const isAll = checked?.length === 1 && checked[0]?.toLowerCase() === 'all'
  const closes = merged.flag('invalidate_hard_deletes') === true ? 'close' : undefined
  const deletions = merged.value('hard_deletes') ?? closes
  const compared: HistoryConfig['compared'] = byTime || checked === undefined ? undefined : isAll ? 'all' : checked
  return {
    ...(compared === undefined ? {} : { compared }),
    deletions: deletions === 'close' || deletions === 'new_record' ? deletions : 'ignore',
    names: namesOf(merged, preset),
    views: merged.flag('views') ?? false,
  }
}

/** The strategy that a snapshot says, or that what it says comes to. */
export function snapshotStrategy({ strategy, history }: Pick<SnapshotConfig, 'strategy' | 'history'>) {
  return strategy ?? (history.check_cols === undefined ? 'timestamp' : 'check')
}

function namesOf(merged: MergedConfig, preset: HistoryPreset): HistoryNames {
  const said = merged.value('history_names')
  if (said === 'default' || said === 'upstream' || said === 'dbt') return presets[said]
  const own = Object.entries(merged.map('history_names') ?? {}).flatMap(([key, name]) => {
    const known = historyNameKeys[key]
    return known === undefined ? [] : [[known, String(name)] as const]
  })
  return { ...presets[preset], ...Object.fromEntries(own) }
}
