import { instantText, monthStart, yearStart } from '../../core/index.js'

/** Lengths of windows; each begins where the calendar says, in UTC, weeks on Monday. */
export const batchSizes = ['hour', 'day', 'week', 'month', 'year'] as const
export type BatchSize = (typeof batchSizes)[number]

/** A half-open time: `from` belongs to it, `to` does not. Milliseconds since 1970, UTC. */
export interface Window {
  readonly from: number
  readonly to: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
// 1970-01-01 was a Thursday.
const firstMondayMs = 4 * dayMs

/** The start of the window that an instant is in. */
export function windowStart(size: BatchSize, instant: number): number {
  switch (size) {
    case 'hour':
      return Math.floor(instant / hourMs) * hourMs
    case 'day':
      return Math.floor(instant / dayMs) * dayMs
    case 'week':
      return Math.floor((instant - firstMondayMs) / (7 * dayMs)) * 7 * dayMs + firstMondayMs
    case 'month':
      return monthStart(instant)
    case 'year':
      return yearStart(instant)
  }
}

/** The end of the window that an instant is in. */
export function windowEnd(size: BatchSize, instant: number): number {
  const start = windowStart(size, instant)
  switch (size) {
    case 'hour':
      return start + hourMs
    case 'day':
      return start + dayMs
    case 'week':
      return start + 7 * dayMs
    case 'month':
      return monthStart(start, 1)
    case 'year':
      return yearStart(start, 1)
  }
}

/** The first instant from which on windows begin that is not before this one: an end, rounded outwards. */
export function windowCeiling(size: BatchSize, instant: number): number {
  const start = windowStart(size, instant)
  return start === instant ? instant : windowEnd(size, instant)
}

/** The windows of a stretch of time; the first one begins where it begins. */
export function windowsBetween(size: BatchSize, { from, to }: Window): readonly Window[] {
  const windows: Window[] = []
  for (let at = from; at < to; ) {
    const end = Math.min(windowEnd(size, at), to)
    windows.push({ from: at, to: end })
    at = end
  }
  return windows
}

/** Takes the trailing parts away that say nothing: `2024-01-31`, `2024-01-31 05:00`. */
export function showInstant(instant: number): string {
  return instantText(instant).replace(/ 00:00:00$|(?<= \d\d:\d\d):00$/, '')
}

/** The name of a window: `2024-01-31`, `2024-01-31 05:00`, `2024-01`, `2024`. */
export function windowName(size: BatchSize, { from }: Window): string {
  const shown = showInstant(from)
  if (size === 'month' && shown.endsWith('-01') && shown.length === 10) return shown.slice(0, 7)
  return size === 'year' && shown.endsWith('-01-01') ? shown.slice(0, 4) : shown
}
