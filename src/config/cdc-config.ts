import { defined } from './defined.js'
import type { MergedConfig } from './merged-config.js'

/** What a model of change events says of them. */
export interface CdcConfig {
  /** Columns say what an event is, or one column has it as JSON text. */
  readonly format: 'raw' | 'debezium' | 'maxwell'
  /** The column with the operation; `raw` alone. */
  readonly op?: string
  /** What orders the events, as a tuple: columns, or of JSON the paths of numbers; empty: the format's own. */
  readonly sequence: readonly string[]
  /** The column with the time of the event; `raw` alone. */
  readonly ts?: string
  /** The column with the JSON text. */
  readonly column?: string
  readonly onBadEvent: 'dead_letter' | 'fail'
}

/** The `cdc` part of a configuration. */
export function cdcConfig(merged: MergedConfig): CdcConfig | undefined {
  const value = merged.map('cdc')
  if (value === undefined) return undefined
  const { op, sequence, ts, column } = value
  const format: CdcConfig['format'] =
    (['debezium', 'maxwell'] as const).find((each) => each === value['format']) ?? 'raw'
  const onBadEvent: CdcConfig['onBadEvent'] = value['on_bad_event'] === 'fail' ? 'fail' : 'dead_letter'
  const text = (given: unknown) => (typeof given === 'string' ? given : undefined)
  return defined({
    format,
    op: text(op),
    sequence: (Array.isArray(sequence) ? sequence : sequence === undefined ? [] : [sequence]).map(String),
    ts: text(ts),
    column: text(column),
    onBadEvent,
  })
}
