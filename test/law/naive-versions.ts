/** A row of the source: `t` is its updated_at, in seconds. */
export interface SourceRow {
  readonly id: number
  readonly v: number
  readonly t: number
}

export interface VersionRow {
  readonly id: number
  readonly v: number
  readonly from: number
  readonly to: number | undefined
  readonly deleted: boolean
}

export interface VersionOptions {
  /** Whether `updated_at` says since when a row is valid. */
  readonly timed: boolean
  /** Whether only another `v` is another version. */
  readonly check: boolean
  readonly deletions: 'ignore' | 'close' | 'new_record'
}

/** One run of a history over arrays: `before` with the rows that the source has now. */
export function naiveVersions(
  before: readonly VersionRow[],
  source: readonly SourceRow[],
  now: number,
  options: VersionOptions,
): readonly VersionRow[] {
  const ids = [...new Set([...before, ...source].map(({ id }) => id))]
  return ids.flatMap((id) => {
    const own = before.filter((row) => row.id === id)
    const given = source.filter((row) => row.id === id).map(({ v, t }) => ({ v, at: options.timed ? t : now }))
    return versionsOf(id, own, given, { ...options, now })
  })
}

interface Event {
  readonly v: number
  readonly at: number
  readonly deleted: boolean
}

function versionsOf(
  id: number,
  own: readonly VersionRow[],
  given: readonly Omit<Event, 'deleted'>[],
  { now, check, deletions }: VersionOptions & { readonly now: number },
): readonly VersionRow[] {
  const ends = own.flatMap(({ to }) => (to !== undefined && !own.some(({ from }) => from === to) ? [to] : []))
  const isKnown = ({ v, at }: Omit<Event, 'deleted'>) =>
    own.some(
      (row) =>
        row.v === v &&
        !row.deleted &&
        (check ? row.from <= at && (row.to ?? Number.POSITIVE_INFINITY) > at : row.from === at),
    )
  const fresh = given.filter((row) => !isKnown(row)).map((row) => ({ ...row, deleted: false }))
  const kept = own.filter(({ from }) => !fresh.some(({ at }) => at === from))
  const events = [...kept.map(({ v, from, deleted }) => ({ v, at: from, deleted })), ...fresh]
  const last = layOut(id, events, ends, check).find(({ to }) => to === undefined)
  const isLive = last !== undefined && !last.deleted
  if (deletions === 'ignore' || (given.length > 0 && isLive)) return layOut(id, events, ends, check)
  const [newest] = [...given].sort((a, b) => b.at - a.at)
  if (newest !== undefined) events.push({ v: newest.v, at: now, deleted: false })
  else if (isLive && last.from < now && deletions === 'close') ends.push(now)
  else if (isLive && last.from < now) events.push({ v: last.v, at: now, deleted: true })
  return layOut(id, events, ends, check)
}

function layOut(id: number, events: readonly Event[], ends: readonly number[], check: boolean): readonly VersionRow[] {
  const sorted = [...events].sort((a, b) => a.at - b.at)
  const isRepeat = (index: number) => {
    const [one, other] = [sorted[index - 1], sorted[index]]
    if (!check || one === undefined || other === undefined || one.deleted || other.deleted) return false
    return one.v === other.v && !ends.some((end) => end > one.at && end <= other.at)
  }
  const kept = sorted.filter((_, index) => !isRepeat(index))
  return kept.map(({ v, at, deleted }, index) => {
    const next = [...ends.filter((end) => end > at), ...kept.slice(index + 1, index + 2).map((each) => each.at)]
    return { id, v, from: at, to: next.length === 0 ? undefined : Math.min(...next), deleted }
  })
}
