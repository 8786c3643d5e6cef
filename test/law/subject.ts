import type { NaiveOptions } from './naive.js'
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
  /** `max(t)` of the table; the recorded watermark if it is not ahead of that; or the recorded one in any case. */
  readonly from: 'table' | 'state' | 'record'
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
  /** What a first run makes of checked rows, when that is not those rows. */
  readonly create?: (rows: readonly Row[]) => readonly Row[]
  /** Whether the table holds what a full refresh could not bring back, so that there is no law but the plain functions. */
  readonly keepsOld?: boolean
  /** Whether it stands for its strategy where statements are slow. */
  readonly isEssential?: boolean
}

/** The source in a template. */
export const source = "{{ source('raw', 'src') }}"
/** All of it. */
export const body = `select * from ${source}`
/** The rows past the table's newest one. */
export const recent = `${body}\n{% if is_incremental() %}where t >= (select max(t) from {{ this }}) or t is null or (select max(t) from {{ this }}) is null{% endif %}`
/** The rows of the keys that have such a row. */
export const recentKeys = `${body}\n{% if is_incremental() %}where id in (select id from ${source} where t >= (select max(t) from {{ this }}) or t is null or (select max(t) from {{ this }}) is null){% endif %}`

/** The configuration that all subjects share. */
export const base = "materialized='incremental', on_schema_change='append_new_columns'"
