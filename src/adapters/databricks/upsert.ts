import { text } from '../../core/index.js'
import type { ApplyInput, Change, Column, Statement } from '../types.js'
import { comparedColumns, type KeptColumn, keptColumns, matching, updatedColumns } from '../upsert-columns.js'
import { comparable, equal, list, names, own, qualified, quote, relation } from './names.js'

type Upsert = Extract<Change, { kind: 'upsert' }>

const flag = own('deleted')

/** One MERGE that updates rows that match and differ, inserts the rest, and deletes what has to go. */
export function upsert(input: ApplyInput, change: Upsert): readonly Statement[] {
  const columns = names(input.deltaColumns)
  const { flagged, missing } = change.deletes
  const notFlagged = flagged === undefined ? '' : ` and not delta.${flag}`
  const set = updates(input, change)
  const conditions = [...wins(change), ...differences(comparedColumns(input, change))].join(' and ')
  const lines = [
    `merge into ${relation(input.target)} as target using ${source(input, change)} as delta on ${matching(equal(change.key, 'delta', 'target', change.nullSafe), change)}`,
    ...(flagged === undefined
      ? []
      : [`when matched and ${[`delta.${flag}`, ...wins(change)].join(' and ')} then delete`]),
    ...(set.length === 0 ? [] : [`when matched${notFlagged} and ${conditions} then update set ${set.join(', ')}`]),
    `when not matched${notFlagged} then insert (${list(columns)}) values (${list(columns, 'delta')})`,
    ...(missing ? ['when not matched by source then delete'] : []),
  ]
  return [{ sql: text(lines.join('\n')), note: 'update rows that differ, insert new ones', counts: 'written' }]
}

/** The staged rows; with deletions, each with whether it is one. */
export function source({ staging }: ApplyInput, { deletes }: Upsert): string {
  if (deletes.flagged === undefined) return relation(staging)
  return `(select delta.*, coalesce((${deletes.flagged}), false) as ${flag} from ${relation(staging)} as delta)`
}

function updates(input: ApplyInput, change: Upsert): readonly string[] {
  const updated = updatedColumns(input, change)
  if (updated.length === 0) return []
  const remembering = keptColumns(input, change).filter(({ remembers }) => remembers !== undefined)
  return [
    ...updated.map(({ name }) => `target.${quote(name)} = delta.${quote(name)}`),
    ...remembering.map((column) => `target.${quote(column.name)} = ${keptValue(column, input)}`),
  ]
}

/** A kept column's value from `target` and `delta`. */
export function keptValue({ remembers, ...column }: KeptColumn, { targetColumns }: ApplyInput): string {
  const of = targetColumns.find(({ name }) => name === remembers)
  if (of === undefined) return qualified(column.name, 'target')
  const same = `${comparable(of, 'target')} <=> ${comparable(of, 'delta')}`
  return `case when ${same} then ${qualified(column.name, 'target')} else ${qualified(of.name, 'target')} end`
}

/** What has to be true for the delta's row to stay. */
export function wins({ wins, updatedAt }: Upsert): readonly string[] {
  if (wins.by === 'condition') return [`coalesce((${wins.sql}), false)`]
  if (wins.by === 'delta' || updatedAt === undefined) return []
  // The newer row stays; NULL is the oldest, of equals the delta's.
  const [ours, theirs] = [qualified(updatedAt, 'delta'), qualified(updatedAt, 'target')]
  return [`coalesce(${ours} >= ${theirs}, ${theirs} is null)`]
}

export function differences(columns: readonly Column[]): readonly string[] {
  if (columns.length === 0) return []
  const differ = columns.map((column) => `not (${comparable(column, 'delta')} <=> ${comparable(column, 'target')})`)
  return [`(${differ.join(' or ')})`]
}
