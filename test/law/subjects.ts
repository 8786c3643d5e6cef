import {
  checkedKeys,
  type NaiveOptions,
  naiveAppend,
  naiveAppendByKey,
  naiveMerge,
  naiveReplaceKeys,
  withoutNullKeys,
} from './naive.js'
import type { Row, TimeType } from './rows.js'

/** A strategy with one way to find its delta: as a model, and as plain functions over arrays. */
export interface Subject {
  readonly title: string
  readonly config: string
  readonly body: string
  readonly timeType: TimeType
  /**
   * Which rows of the source the delta sees: all; those from the watermark less `lookback` on, or without `t`; all rows
   * of the keys that have such a row.
   */
  readonly sees: 'all' | 'recent' | 'recent keys'
  readonly lookback: number
  /** `max(t)` of the table or the recorded watermark. */
  readonly from: 'table' | 'state'
  /** What a lawful history may hold: several versions of a key, rows that are replaced, equal rows, rows without `t`. */
  readonly may: {
    readonly versions: boolean
    readonly replace: boolean
    readonly repeat: boolean
    readonly group: boolean
  }
  readonly options: NaiveOptions
  readonly check: (rows: readonly Row[], options: NaiveOptions) => readonly Row[]
  readonly apply: (target: readonly Row[], delta: readonly Row[]) => readonly Row[]
  /** Whether it stands for its strategy where statements are slow. */
  readonly isEssential?: boolean
}

const source = "{{ source('raw', 'src') }}"
const body = `select * from ${source}`
const recent = `${body}\n{% if is_incremental() %}where t >= (select max(t) from {{ this }}) or t is null or (select max(t) from {{ this }}) is null{% endif %}`
const recentKeys = `${body}\n{% if is_incremental() %}where id in (select id from ${source} where t >= (select max(t) from {{ this }}) or t is null or (select max(t) from {{ this }}) is null){% endif %}`

const base = "materialized='incremental', on_schema_change='append_new_columns'"
const merge = {
  options: { updatedAt: true, nullKeys: 'error' },
  check: checkedKeys,
  may: { versions: true, replace: true, repeat: true, group: false },
} as const
const mergeFiltered = {
  ...merge,
  apply: (target: readonly Row[], delta: readonly Row[]) => naiveMerge(target, delta, true),
}
const mergeWhole = {
  ...merge,
  apply: (target: readonly Row[], delta: readonly Row[]) => naiveMerge(target, delta, false),
}
const replaceKeys = {
  options: { updatedAt: false, nullKeys: 'error' },
  check: withoutNullKeys,
  apply: naiveReplaceKeys,
  may: { versions: false, replace: false, repeat: false, group: true },
} as const
const append = {
  options: { updatedAt: true, nullKeys: 'match' },
  check: (rows: readonly Row[]) => rows,
  apply: naiveAppend,
  may: { versions: true, replace: false, repeat: true, group: false },
} as const

export const subjects: readonly Subject[] = [
  {
    ...mergeWhole,
    title: 'merge of the whole SELECT',
    isEssential: true,
    config: `${base}, unique_key='id', updated_at='t'`,
    body,
    timeType: 'integer',
    sees: 'all',
    from: 'state',
    lookback: 0,
  },
  {
    ...mergeWhole,
    title: 'merge without updated_at',
    config: `${base}, unique_key='id', on_null_keys='match'`,
    body,
    timeType: 'integer',
    sees: 'all',
    from: 'state',
    lookback: 0,
    options: { updatedAt: false, nullKeys: 'match' },
    may: { versions: false, replace: true, repeat: true, group: false },
  },
  {
    ...mergeFiltered,
    title: 'merge of the body with is_incremental()',
    config: `${base}, unique_key='id', updated_at='t', on_null_keys='drop'`,
    body: recent,
    timeType: 'timestamp',
    sees: 'recent',
    from: 'table',
    lookback: 0,
    options: { updatedAt: true, nullKeys: 'drop' },
  },
  {
    ...mergeFiltered,
    title: 'merge of the rows past the watermark',
    isEssential: true,
    config: `${base}, unique_key='id', updated_at='t', delta={'watermark': 't'}, on_null_keys='match'`,
    body,
    timeType: 'timestamp',
    sees: 'recent',
    from: 'state',
    lookback: 0,
    options: { updatedAt: true, nullKeys: 'match' },
  },
  {
    ...mergeFiltered,
    title: 'merge of the rows past the watermark with a lookback',
    config: `${base}, unique_key='id', updated_at='t', delta={'watermark': 't'}, lookback='2 days'`,
    body,
    timeType: 'date',
    sees: 'recent',
    from: 'state',
    lookback: 2,
  },
  {
    ...mergeFiltered,
    title: "merge of a delta of its own with watermark('t')",
    config: `${base}, unique_key='id', updated_at='t', lookback=3, delta={'sql': "${body} where t >= {{ watermark('t') }} or t is null;"}`,
    body,
    timeType: 'integer',
    sees: 'recent',
    from: 'state',
    lookback: 3,
  },
  {
    ...replaceKeys,
    title: 'delete+insert of the whole SELECT',
    config: `${base}, strategy='delete+insert', unique_key='id'`,
    body,
    timeType: 'integer',
    sees: 'all',
    from: 'state',
    lookback: 0,
  },
  {
    ...replaceKeys,
    title: 'delete+insert of the keys with new rows',
    isEssential: true,
    config: `${base}, strategy='delete+insert', unique_key='id', updated_at='t'`,
    body: recentKeys,
    timeType: 'timestamp',
    sees: 'recent keys',
    from: 'table',
    lookback: 0,
  },
  {
    ...append,
    title: 'append past the watermark',
    isEssential: true,
    config: `${base}, strategy='append', updated_at='t'`,
    body,
    timeType: 'timestamp',
    sees: 'recent',
    from: 'state',
    lookback: 0,
  },
  {
    ...append,
    title: 'append past the watermark with a lookback',
    config: `${base}, updated_at='t', lookback=2`,
    body,
    timeType: 'integer',
    sees: 'recent',
    from: 'state',
    lookback: 2,
  },
  {
    ...append,
    title: 'append of the body with is_incremental()',
    config: `${base}, strategy='append', updated_at='t'`,
    body: recent,
    timeType: 'date',
    sees: 'recent',
    from: 'table',
    lookback: 0,
  },
  {
    ...append,
    title: 'append by key',
    config: `${base}, strategy='append', unique_key='id', updated_at='t'`,
    body,
    timeType: 'integer',
    sees: 'recent',
    from: 'state',
    lookback: 0,
    options: { updatedAt: true, nullKeys: 'error' },
    check: checkedKeys,
    apply: naiveAppendByKey,
    may: { versions: false, replace: false, repeat: true, group: false },
  },
]
