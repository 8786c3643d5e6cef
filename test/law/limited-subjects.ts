import {
  checkedKeys,
  isLive,
  naiveDeletes,
  naiveMirror,
  naiveRemember,
  naiveReplaceDates,
  naiveUpdate,
  onNewestDate,
} from './naive.js'
import type { Row } from './rows.js'
import { base, body, type Subject, source } from './subject.js'

const whole = { body, sees: 'all', from: 'state', lookback: 0 } as const
const pastRecord = { body, sees: 'recent', from: 'record', lookback: 2 } as const
const keyed = {
  options: { updatedAt: true, nullKeys: 'error' },
  check: checkedKeys,
  may: { versions: true, replace: true, repeat: true, group: false },
  timeType: 'integer',
} as const
const key = `${base}, unique_key='id', updated_at='t'`
const filtered = `${key}, delta={'watermark': 't'}, lookback=2`
const flagged = "deletes={'when': 'v = 1'}"
const remember = `${key}, strategy='scd3', history_columns={'v': 'extra'}`

/** A row that is there is written over where its `v` grows. */
const whereLarger = naiveUpdate((old, row) => (old.v !== null && row.v !== null && row.v > old.v ? row : undefined))

/** A row that is there takes over `v` alone. */
const onlyValue = naiveUpdate((old, row) => ({ ...old, v: row.v }))

/** The same of the rows that are not older. */
const onlyNewerValue = naiveUpdate((old, row) => {
  const isOlder = old.t !== null && (row.t === null || row.t < old.t)
  return isOlder ? undefined : { ...old, v: row.v }
})

const isNone = (rows: readonly Row[]) => rows.filter(isLive)

/** Merges that do less than all, or more. */
export const limitedSubjects: readonly Subject[] = [
  {
    ...keyed,
    ...whole,
    title: 'merge of the whole SELECT with flagged deletions',
    isEssential: true,
    config: `${key}, ${flagged}`,
    create: isNone,
    apply: naiveDeletes(false),
  },
  {
    ...keyed,
    ...pastRecord,
    title: 'merge past the watermark with flagged deletions',
    config: `${filtered}, ${flagged}`,
    create: isNone,
    apply: naiveDeletes(true),
    // A deletion is not remembered, so an older row that comes after it stands again.
    keepsOld: true,
  },
  {
    ...keyed,
    ...whole,
    title: 'merge that removes missing keys',
    config: `${key}, deletes={'missing': True}`,
    apply: naiveMirror,
  },
  {
    ...keyed,
    ...whole,
    title: 'merge without updated_at that removes missing and flagged keys',
    config: `${base}, unique_key='id', on_null_keys='match', deletes={'missing': True, 'when': 'v = 1'}`,
    options: { updatedAt: false, nullKeys: 'match' },
    may: { versions: false, replace: true, repeat: true, group: false },
    create: isNone,
    apply: (target, delta) => isNone(naiveMirror(target, delta)),
  },
  {
    ...keyed,
    ...whole,
    title: 'merge with update_when',
    config: `${key}, update_when='delta.v > target.v'`,
    apply: whereLarger,
    keepsOld: true,
  },
  {
    ...keyed,
    ...pastRecord,
    title: 'merge past the watermark with update_when',
    config: `${filtered}, update_when='delta.v > target.v'`,
    apply: whereLarger,
    keepsOld: true,
  },
  {
    ...keyed,
    ...whole,
    title: 'merge with update_columns',
    config: `${key}, update_columns=['v'], on_null_keys='match'`,
    options: { updatedAt: true, nullKeys: 'match' },
    apply: onlyValue,
    keepsOld: true,
  },
  {
    ...keyed,
    ...pastRecord,
    title: 'merge past the watermark with exclude_columns',
    config: `${filtered}, exclude_columns=['t']`,
    apply: onlyNewerValue,
    keepsOld: true,
  },
  {
    ...keyed,
    ...whole,
    title: 'scd3 of the whole SELECT',
    isEssential: true,
    config: remember,
    apply: naiveRemember(false),
    keepsOld: true,
  },
  {
    ...keyed,
    ...pastRecord,
    title: 'scd3 past the watermark',
    config: `${remember}, delta={'watermark': 't'}, lookback=2, on_null_keys='match'`,
    options: { updatedAt: true, nullKeys: 'match' },
    from: 'state',
    apply: naiveRemember(true),
    keepsOld: true,
  },
  {
    ...keyed,
    ...whole,
    title: 'snapshot_date',
    config: `${base}, strategy='snapshot_date', partition_by='t'`,
    body: `select id, v, (select max(t) from ${source}) as t from ${source}`,
    timeType: 'date',
    check: onNewestDate,
    apply: naiveReplaceDates,
    keepsOld: true,
  },
]
