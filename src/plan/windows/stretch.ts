import type { IntervalRecord } from '../../adapters/index.js'
import type { IncrementalConfig } from '../../config/index.js'
import { instantText, parseInstant } from '../../core/index.js'
import { type BatchSize, batchSizes, type Window, windowName, windowStart } from './calendar.js'

/** What a `time_range` model says of its windows; `checkStrategy` has seen that all of it is there and right. */
export interface WindowSettings {
  readonly column: string
  readonly size: BatchSize
  /** The first window begins here. */
  readonly begin: number
  readonly lookback: number
}

/** Undefined for a model without windows, or with wrong settings. */
export function windowSettings(config: IncrementalConfig): WindowSettings | undefined {
  const { eventTime, batchSize, begin, lookback } = config
  const size = batchSizes.find((known) => known === batchSize)
  const first = begin === undefined ? undefined : parseInstant(begin)
  if (eventTime === undefined || size === undefined || first === undefined) return undefined
  return { column: eventTime, size, begin: first, lookback: typeof lookback === 'number' ? lookback : 0 }
}

/** One or several windows, one after the other, that are processed at once. */
export interface Stretch extends Window {
  readonly settings: WindowSettings
  /** The start of the window that is not over. */
  readonly openFrom: number
  /** Its windows one by one, where a build may not do them at once. */
  readonly parts?: readonly Stretch[]
}

/** What is recorded of a stretch: the windows that are over, and the one that is not. */
export function stretchRecords({ from, to, openFrom }: Stretch): readonly IntervalRecord[] {
  const record = (start: number, end: number, status: IntervalRecord['status']) =>
    start < end ? [{ from: instantText(start), to: instantText(end), status }] : []
  return [...record(from, Math.min(to, openFrom), 'done'), ...record(Math.max(from, openFrom), to, 'open')]
}

/** `batch.id`: the digits of the first window's name. */
export function batchId({ from, settings }: Stretch): string {
  const digits = windowName(settings.size, { from, to: from }).replaceAll(/[-:]/g, '').replace(' ', 'T')
  return settings.size === 'hour' && !digits.includes('T') ? `${digits}T0000` : digits
}

/** The start of the window that an instant is in. */
export function openWindowStart({ size }: Pick<WindowSettings, 'size'>, now: number): number {
  return windowStart(size, now)
}
