import { countLate } from '../late-written.js'
import { list, names, qualified, quote, relation } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { comparedColumns, type KeptColumn, keptColumns, matching, updatedColumns } from '../upsert-columns.js'
import { beforeJoin, insertDelta, keyColumns, lockWriters, statement } from './changes.js'
import { differs, joined } from './comparison.js'

type Upsert = Extract<Change, { kind: 'upsert' }>

/** Takes away what has to go; then updates rows that differ and inserts the rest. */
export function upsert(input: ApplyInput, change: Upsert): readonly Statement[] {
  if (!usesIndex(input, change)) return upsertByJoin(input, change)
  // A flagged key is not a missing one.
  return [...removeMissing(input, change), ...removeFlagged(input, change), ...upsertByIndex(input, change)]
}

/** A unique index lets NULL keys stand twice, so it does not tell which row to update. */
function usesIndex(input: ApplyInput, { key, nullSafe, wins, remembers }: Upsert): boolean {
  const isPlain = !nullSafe && wins.by !== 'condition' && remembers.length === 0
  return isPlain && input.uniqueKeys.some((columns) => sameSet(columns, [...new Set(key)]))
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name))
}

function matchOf(input: ApplyInput, change: Upsert): string {
  return matching(joined(keyColumns(input, change.key), 'delta', 'target', change.nullSafe), change)
}

/** Flagged rows go out of the delta, and with them the rows of their keys that do not win against them. */
function removeFlagged(input: ApplyInput, change: Upsert): readonly Statement[] {
  const { flagged } = change.deletes
  if (flagged === undefined) return []
  const [target, staging, gone] = [relation(input.target), relation(input.staging), relation(input.scratch('gone'))]
  const condition = `coalesce((${flagged}), false)`
  const guard = loses(change, 'delta')
  const and = guard === undefined ? '' : ` and not ${guard}`
  return [
    statement(
      [
        `create temp table ${gone} on commit drop as select * from ${staging} as delta where ${condition}`,
        takeOut(staging, flagged),
      ],
      'take deletions out of the delta',
    ),
    statement(
      [
        lockWriters(input),
        `delete from ${target} as target using ${gone} as delta where ${matchOf(input, change)}${and}`,
      ],
      'delete the rows of deleted keys',
      'deleted',
    ),
  ]
}

function removeMissing(input: ApplyInput, change: Upsert): readonly Statement[] {
  if (!change.deletes.missing) return []
  const sql = `delete from ${relation(input.target)} as target where not exists (select 1 from ${relation(input.staging)} as delta where ${matchOf(input, change)})`
  return [statement([...beforeJoin(input, change.key), sql], 'delete rows whose key is gone', 'deleted')]
}

function upsertByIndex(input: ApplyInput, change: Upsert): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const columns = list(names(input.deltaColumns))
  const updated = updatedColumns(input, change)
  const set = updated.map(({ name }) => `${quote(name)} = excluded.${quote(name)}`).join(', ')
  const stays = unchanged(input, change, 'excluded')
  const action = updated.length === 0 ? 'do nothing' : `do update set ${set} where not coalesce(${stays}, false)`
  const write = `insert into ${target} as target (${columns}) select ${columns} from ${staging} on conflict (${list([...new Set(change.key)])}) ${action}`
  // A row that was inserted has never been locked or changed by anybody.
  const isLate = input.late && `, target.${quote(input.late.column)} < ${input.late.below} as is_late`
  const returned = `with written as (${write} returning target.xmax <> 0 as is_update${isLate ?? ''})`
  const late = isLate === undefined ? '' : ', count(*) filter (where is_late) as late'
  const told = `select count(*) as rows_affected, count(*) filter (where is_update) as updated${late} from written`
  return [statement(`${returned}\n${told}`, 'insert the delta, update rows that differ', 'written')]
}

function upsertByJoin(input: ApplyInput, change: Upsert): readonly Statement[] {
  const kept = keptColumns(input, change)
  const [target, staging, pairs] = [relation(input.target), relation(input.staging), relation(input.scratch('pairs'))]
  const { flagged, missing } = change.deletes
  const deletes = flagged !== undefined || missing
  const found = [
    'target.ctid as target_row',
    `delta.${flagged === undefined ? 'ctid' : '__fft_row'} as delta_row`,
    `coalesce(${unchanged(input, change, 'delta')}, false) as stays`,
    ...(deletes ? [`${fate(change)} as fate`] : []),
    ...kept.map((column, index) => `${keptValue(column, input)} as kept_${index}`),
  ].join(', ')
  const pair = `create temp table ${pairs} on commit drop as select ${found} from ${deltaRows(staging, flagged)} ${missing ? 'right ' : ''}join ${target} as target on ${matchOf(input, change)}`
  const of = (column: string, condition: string) =>
    `ctid = any(array(select ${column} from ${pairs} where ${condition}))`
  const lives = deletes ? " and fate = 'lives'" : ''
  return [
    statement([...beforeJoin(input, change.key), pair], 'find the rows of the keys'),
    statement(`delete from ${staging} where ${of('delta_row', `stays${lives}`)}`, leftOut[change.wins.by], 'unchanged'),
    ...(deletes
      ? [
          statement(
            `delete from ${target} where ${of('target_row', "fate = 'goes'")}`,
            'delete rows that go',
            'deleted',
          ),
        ]
      : []),
    ...(flagged === undefined ? [] : [statement(takeOut(staging, flagged), 'take deletions out of the delta')]),
    ...countLate(input, input.staging),
    statement(
      `delete from ${target} where ${of('target_row', `not stays${lives}`)}`,
      'delete the rows to update',
      'updated',
    ),
    kept.length === 0 ? insertDelta(input) : insertKept(input, kept, pairs),
  ]
}

/** What becomes of a target row by the delta's row of its key: whether it goes, or stays though that is flagged. */
function fate(change: Upsert): string {
  const { flagged, missing } = change.deletes
  const loser = loses(change, 'delta')
  const isLost = loser === undefined ? '' : `when delta.__fft_gone and ${loser} then 'stays' `
  const cases = [
    ...(missing ? [`when delta.${flagged === undefined ? 'ctid' : '__fft_row'} is null then 'goes'`] : []),
    ...(flagged === undefined ? [] : [`${isLost}when delta.__fft_gone then 'goes'`]),
  ]
  return `case ${cases.join(' ')} else 'lives' end`
}

/** The delta's rows to be joined; with whether they are flagged, which a condition without an alias may tell. */
function deltaRows(staging: string, flagged: string | undefined): string {
  if (flagged === undefined) return `${staging} as delta`
  return `(select delta.*, delta.ctid as __fft_row, coalesce((${flagged}), false) as __fft_gone from ${staging} as delta) as delta`
}

function takeOut(staging: string, flagged: string): string {
  return `delete from ${staging} as delta where coalesce((${flagged}), false)`
}

const leftOut = {
  delta: 'leave out rows that are equal',
  newest: 'leave out rows that are equal or older',
  condition: 'leave out rows that are equal or lose',
} as const

/** A kept column's value from `target` and `delta`. */
function keptValue({ remembers, ...column }: KeptColumn, { targetColumns }: ApplyInput): string {
  const of = targetColumns.find(({ name }) => name === remembers)
  if (of === undefined) return qualified(column.name, 'target')
  const changed = differs([of], 'target', 'delta')
  return `case when ${changed} then ${qualified(of.name, 'target')} else ${qualified(column.name, 'target')} end`
}

function insertKept(input: ApplyInput, kept: readonly KeptColumn[], pairs: string): Statement {
  const taken = names(input.deltaColumns).filter((name) => !kept.some((column) => column.name === name))
  const filled = kept.map(({ name, inDelta }, index) =>
    inDelta
      ? `case when pairs.delta_row is null then ${qualified(name, 'delta')} else pairs.kept_${index} end`
      : `pairs.kept_${index}`,
  )
  const values = [...taken.map((name) => qualified(name, 'delta')), ...filled].join(', ')
  const sql = `insert into ${relation(input.target)} (${list([...taken, ...names(kept)])}) select ${values} from ${relation(input.staging)} as delta left join ${pairs} as pairs on pairs.delta_row = delta.ctid`
  return statement(sql, 'insert the delta with the columns that an update leaves alone', 'written')
}

/** Whether a delta row would change nothing: it is equal in what an update takes over, or loses. */
function unchanged(input: ApplyInput, change: Upsert, delta: string): string {
  const same = `not (${differs(comparedColumns(input, change), delta, 'target')})`
  const guard = loses(change, delta)
  return guard === undefined ? same : `(${guard} or ${same})`
}

/** Whether a delta row loses against the target's row of its key; undefined: never. */
function loses({ wins, updatedAt }: Upsert, delta: string): string | undefined {
  if (wins.by === 'condition') return `(not coalesce((${wins.sql}), false))`
  if (wins.by === 'delta' || updatedAt === undefined) return undefined
  const [ours, theirs] = [qualified(updatedAt, delta), qualified(updatedAt, 'target')]
  return `coalesce(${theirs} > ${ours}, ${theirs} is not null and ${ours} is null)`
}
