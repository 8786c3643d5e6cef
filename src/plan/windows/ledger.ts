import type { Window } from './calendar.js'

/** What is recorded of a relation's windows: those that are done. */
export interface Ledger {
  /** Apart from one another, in order. */
  readonly done: readonly Window[]
  /** Processed before they were over, and to be done again. */
  readonly open: readonly Window[]
}

/** A row of the state: windows that a run did, or the end of everything before (`clear`). */
export interface LedgerRow extends Window {
  readonly status: 'done' | 'open' | 'clear'
}

/** Rows in the order in which they were recorded. */
export function ledgerOf(rows: readonly LedgerRow[]): Ledger {
  const last = rows.findLastIndex(({ status }) => status === 'clear')
  const since = rows.slice(last + 1)
  const of = (status: LedgerRow['status']) => since.filter((row) => row.status === status)
  const done = merged(of('done'))
  return { done, open: merged(of('open')).filter((window) => !isDone({ done }, window)) }
}

/** Whether all of a window is done. */
export function isDone({ done }: Pick<Ledger, 'done'>, { from, to }: Window): boolean {
  return done.some((stretch) => stretch.from <= from && to <= stretch.to)
}

/** Stretches that touch become one. */
export function merged(windows: readonly Window[]): readonly Window[] {
  const result: Window[] = []
  for (const { from, to } of windows.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last !== undefined && from <= last.to)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, to) }
    else result.push({ from, to })
  }
  return result
}
