import {
  type BatchSize,
  type Window,
  windowCeiling,
  windowEnd,
  windowName,
  windowStart,
  windowsBetween,
} from './calendar.js'
import { isDone, type Ledger } from './ledger.js'

/** `--start` and `--end`, each may be missing. */
export interface AskedRange {
  readonly start?: number
  readonly end?: number
}

export interface WindowsInput {
  readonly size: BatchSize
  /** The first window begins here. */
  readonly begin: number
  readonly now: number
  /** How many of the last windows that are over are done again. */
  readonly lookback: number
  readonly ledger: Ledger
  readonly asked: AskedRange
}

export type Why = 'missing' | 'open' | 'lookback' | 'asked'

export interface ChosenWindow extends Window {
  readonly why: Why
}

/** All windows from the first one to the one that `now` is in. */
export function allWindows({
  size,
  begin,
  now,
  asked,
}: Pick<WindowsInput, 'size' | 'begin' | 'now' | 'asked'>): readonly Window[] {
  const bounds = bounded({ size, begin, now, asked })
  return windowsBetween(size, bounds)
}

function bounded({ size, begin, now, asked }: Pick<WindowsInput, 'size' | 'begin' | 'now' | 'asked'>): Window {
  const last = windowEnd(size, now)
  return {
    from: asked.start === undefined ? begin : Math.max(begin, windowStart(size, asked.start)),
    to: asked.end === undefined ? last : Math.min(last, windowCeiling(size, asked.end)),
  }
}

/** The windows that a run does, in order: those that are missing, not over yet, looked back at, or asked for. */
export function chooseWindows(input: WindowsInput): readonly ChosenWindow[] {
  const { size, now, lookback, ledger, asked } = input
  const again = lookbackFrom(size, now, lookback)
  return allWindows(input).flatMap((window): ChosenWindow[] => {
    if (asked.start !== undefined) return [{ ...window, why: 'asked' }]
    if (!isDone(ledger, window)) return [{ ...window, why: isOpen(ledger, window) ? 'open' : 'missing' }]
    return lookback > 0 && window.from >= again ? [{ ...window, why: 'lookback' }] : []
  })
}

function lookbackFrom(size: BatchSize, now: number, lookback: number): number {
  let from = windowStart(size, now)
  for (let n = 0; n < lookback; n++) from = windowStart(size, from - 1)
  return from
}

function isOpen({ open }: Ledger, window: Window): boolean {
  return open.some(({ from, to }) => from <= window.from && window.to <= to)
}

/** Windows one after the other become one stretch. */
export function stretches(windows: readonly ChosenWindow[]): readonly (readonly [ChosenWindow, ...ChosenWindow[]])[] {
  const result: [ChosenWindow, ...ChosenWindow[]][] = []
  for (const window of windows) {
    const last = result.at(-1)
    if (last?.at(-1)?.to === window.from) last.push(window)
    else result.push([window])
  }
  return result
}

const words: readonly (readonly [Why, string])[] = [
  ['missing', 'missing'],
  ['open', 'not over when it was done last'],
  ['lookback', 'looked back at'],
  ['asked', 'asked for'],
]

/** `2 windows are missing (2024-01-02 … 2024-01-03), 1 …`. */
export function describeWindows(size: BatchSize, windows: readonly ChosenWindow[]): string {
  if (windows.length === 0) return 'no window is missing'
  return words
    .flatMap(([why, word]) => {
      const chosen = windows.filter((window) => window.why === why)
      const [first, last] = [chosen[0], chosen.at(-1)]
      if (first === undefined || last === undefined) return []
      const named =
        chosen.length === 1 ? windowName(size, first) : `${windowName(size, first)} … ${windowName(size, last)}`
      return [`${chosen.length} ${size}${chosen.length === 1 ? '' : 's'} ${word} (${named})`]
    })
    .join(', ')
}
