/** A change event; `lsn` is its sequence. */
export interface SourceEvent {
  readonly id: number
  readonly op: 'c' | 'u' | 'd' | 'r'
  readonly lsn: number
  readonly v: number | null
}

/** The last event of each key: changes come after what was only read, then by sequence. */
export function naiveEvents(events: readonly SourceEvent[]): readonly SourceEvent[] {
  const ids = [...new Set(events.map(({ id }) => id))]
  return ids.flatMap((id) =>
    events
      .filter((event) => event.id === id)
      .sort(laterFirst)
      .slice(0, 1),
  )
}

function laterFirst(a: SourceEvent, b: SourceEvent): number {
  return Number(a.op === 'r') - Number(b.op === 'r') || b.lsn - a.lsn
}
