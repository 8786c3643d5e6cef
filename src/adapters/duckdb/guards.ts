import { equal, names, qualified, sameName } from '../names.js'
import type { ApplyInput, Change } from '../types.js'
import { comparedColumns, type KeptColumn } from '../upsert-columns.js'

type Upsert = Extract<Change, { kind: 'upsert' }>

/** A kept column's value from `target` and `delta`. */
export function keptValue({ name, remembers }: KeptColumn): string {
  if (remembers === undefined) return qualified(name, 'target')
  const [before, now] = [qualified(remembers, 'target'), qualified(remembers, 'delta')]
  return `case when ${before} is distinct from ${now} then ${before} else ${qualified(name, 'target')} end`
}

/** Whether a delta row would change nothing: it is equal in what an update takes over, or loses. */
export function stays(input: ApplyInput, change: Upsert): string {
  const same = sameValues(input, change, [])
  const guard = loses(change)
  return guard === 'false' ? same : `(${guard} or ${same})`
}

/** Whether a delta row loses against the target's row of its key; never NULL. */
export function loses({ wins, updatedAt }: Upsert): string {
  if (wins.by === 'condition') return `(not coalesce((${wins.sql}), false))`
  if (wins.by === 'delta' || updatedAt === undefined) return 'false'
  const [ours, theirs] = [qualified(updatedAt, 'delta'), qualified(updatedAt, 'target')]
  return `coalesce(${theirs} > ${ours}, ${theirs} is not null and ${ours} is null)`
}

/** Delta and target agree in all columns that an update takes over, but for those. */
export function sameValues(input: ApplyInput, change: Upsert, but: readonly string[]): string {
  const compared = names(comparedColumns(input, change)).filter((name) => !but.some((other) => sameName(other, name)))
  return compared.length === 0 ? 'true' : `(${equal(compared, 'delta', 'target', true)})`
}
