import type { Row } from './rows.js'

// The strategies again, as slow and plain as possible, over arrays: what the engine does is compared with these.

/** What a naive strategy refuses, by the code of the product. */
export class Refused extends Error {
  readonly code: 'duplicate-key' | 'null-key' | 'empty-delta' | 'not-one-date'

  constructor(code: Refused['code']) {
    super(code)
    this.code = code
  }
}

export interface NaiveOptions {
  /** Whether the model has `updated_at`. */
  readonly updatedAt: boolean
  readonly nullKeys: 'error' | 'match' | 'drop'
}

const same = (a: Row, b: Row) => a.id === b.id && a.v === b.v && a.t === b.t && a.extra === b.extra
const time = (row: Row) => row.t ?? Number.NEGATIVE_INFINITY

/** One row a key: equal rows collapse, the newest stays, a tie or (without `updated_at`) any second row is refused. */
export function checkedKeys(rows: readonly Row[], options: NaiveOptions): readonly Row[] {
  const kept = withoutNullKeys(rows, options)
  const distinct = kept.filter((row, index) => kept.findIndex((other) => same(row, other)) === index)
  return distinct.filter((row) => {
    const rivals = distinct.filter((other) => other !== row && other.id === row.id)
    if (rivals.length === 0) return true
    if (!options.updatedAt) throw new Refused('duplicate-key')
    const newest = Math.max(time(row), ...rivals.map(time))
    const best = [row, ...rivals].filter((rival) => time(rival) === newest)
    if (best.length > 1) throw new Refused('duplicate-key')
    return best[0] === row
  })
}

export function withoutNullKeys(rows: readonly Row[], { nullKeys }: NaiveOptions): readonly Row[] {
  if (nullKeys === 'match' || rows.every((row) => row.id !== null)) return rows
  if (nullKeys === 'error') throw new Refused('null-key')
  return rows.filter((row) => row.id !== null)
}

/** Rows of the delta replace those with their key; against a filtered delta the newer row stays. */
export function naiveMerge(target: readonly Row[], delta: readonly Row[], newestWins: boolean): readonly Row[] {
  const loses = (row: Row) => newestWins && target.some((old) => old.id === row.id && time(old) > time(row))
  const winners = delta.filter((row) => !loses(row))
  return [...target.filter((old) => !winners.some((row) => row.id === old.id)), ...winners]
}

/** What an update does to a row that is there; undefined: nothing. */
export type Update = (old: Row, row: Row) => Row | undefined

/** Rows of the delta update the row of their key, or are put in as they are. */
export function naiveUpdate(update: Update): (target: readonly Row[], delta: readonly Row[]) => readonly Row[] {
  return (target, delta) => {
    const updated = target.map((old) => {
      const row = delta.find((other) => other.id === old.id)
      return row === undefined ? old : (update(old, row) ?? old)
    })
    return [...updated, ...delta.filter((row) => !target.some((old) => old.id === row.id))]
  }
}

/** A row that is flagged is none. */
export const isLive = (row: Row) => row.v !== 1

/** Flagged rows take the row of their key away unless it is newer (against a filtered delta), the others are merged. */
export function naiveDeletes(newestWins: boolean): (target: readonly Row[], delta: readonly Row[]) => readonly Row[] {
  return (target, delta) => {
    const flagged = delta.filter((row) => !isLive(row))
    const goes = (old: Row) => flagged.some((row) => row.id === old.id && !(newestWins && time(old) > time(row)))
    return naiveMerge(
      target.filter((old) => !goes(old)),
      delta.filter(isLive),
      newestWins,
    )
  }
}

/** The table is what the SELECT is, which may not be nothing when the table is not. */
export function naiveMirror(target: readonly Row[], delta: readonly Row[]): readonly Row[] {
  if (delta.length === 0 && target.length > 0) throw new Refused('empty-delta')
  return delta
}

/** `extra` is what `v` was before it last changed. */
export function naiveRemember(newestWins: boolean): (target: readonly Row[], delta: readonly Row[]) => readonly Row[] {
  return naiveUpdate((old, row) => {
    if (newestWins && time(old) > time(row)) return undefined
    const changed = old.v === null ? null : String(old.v)
    return { ...row, extra: old.v === row.v ? old.extra : changed }
  })
}

/** The rows as they are on the newest date among them. */
export function onNewestDate(rows: readonly Row[]): readonly Row[] {
  const t = newest(rows)
  if (t === undefined) throw new Refused('not-one-date')
  return rows.map((row) => ({ ...row, t }))
}

/** All rows of a date in the delta are replaced by the delta's. */
export function naiveReplaceDates(target: readonly Row[], delta: readonly Row[]): readonly Row[] {
  return [...target.filter((old) => !delta.some((row) => row.t === old.t)), ...delta]
}

/** All rows of a key in the delta are replaced by the delta's. */
export function naiveReplaceKeys(target: readonly Row[], delta: readonly Row[]): readonly Row[] {
  return [...target.filter((old) => !delta.some((row) => row.id === old.id)), ...delta]
}

/** Rows of the delta that are not there, as a multiset: a row that is there once is left out once. */
export function naiveAppend(target: readonly Row[], delta: readonly Row[]): readonly Row[] {
  const there = [...target]
  const added = delta.filter((row) => {
    const found = there.findIndex((old) => same(row, old))
    if (found !== -1) there.splice(found, 1)
    return found === -1
  })
  return [...target, ...added]
}

/** Rows of the delta whose key is not there. */
export function naiveAppendByKey(target: readonly Row[], delta: readonly Row[]): readonly Row[] {
  return [...target, ...delta.filter((row) => !target.some((old) => old.id === row.id))]
}

/** A table of windows of a day, and the days that are done. `at`: hours since the beginning. */
export interface NaiveDays<R extends { readonly at: number }> {
  readonly rows: readonly R[]
  readonly done: ReadonlySet<number>
}

/** A run at an hour replaces the days that are not done, the one that is not over, and those that it looks back at. */
export function naiveDays<R extends { readonly at: number }>(
  { rows, done }: NaiveDays<R>,
  source: readonly R[],
  { hours, lookback }: { readonly hours: number; readonly lookback: number },
): NaiveDays<R> {
  const today = Math.floor(hours / 24)
  const day = ({ at }: R) => Math.floor(at / 24)
  const isRedone = (row: R) => day(row) <= today && (!done.has(day(row)) || day(row) >= today - lookback)
  const kept = rows.filter((row) => !isRedone(row))
  return {
    rows: [...kept, ...source.filter(isRedone)],
    done: new Set(Array.from({ length: today }, (_, over) => over)),
  }
}

/** The newest `t` of some rows; undefined without one. */
export function newest(rows: readonly Row[]): number | undefined {
  const times = rows.flatMap((row) => (row.t === null ? [] : [row.t]))
  return times.length === 0 ? undefined : Math.max(...times)
}
