import type { Column, WindowFilter } from '../../adapters/index.js'
import type { Relation } from '../../core/index.js'
import { findColumn, isMissing, resolveColumns } from '../columns.js'
import type { NodeContext } from '../node-context.js'
import type { Refusal, Step } from '../types.js'
import type { Stretch } from './stretch.js'

/** The stretch in the column's own type. */
export function windowFilter(
  { dialect, node }: NodeContext,
  stretch: Stretch,
  columns: readonly Column[],
): WindowFilter | Refusal {
  const span = node.placed.placeOf('event_time')
  const found = resolveColumns(columns, [{ name: stretch.settings.column, key: 'event_time', span }])
  if (isMissing(found)) return found
  const [column] = found
  const [from, to] = [stretch.from, stretch.to].map((ms) => column && dialect.instant(ms, column.type))
  if (column !== undefined && from !== undefined && to !== undefined) return { column: column.name, from, to }
  return {
    code: 'event-time-type',
    message: `event_time '${column?.name}' is ${column?.type}, which windows of one ${stretch.settings.size} cannot be told apart by`,
    hint: 'give a timestamp, or a date where windows are days or longer',
    span,
  }
}

export function isFilter(filter: WindowFilter | Refusal): filter is WindowFilter {
  return 'from' in filter
}

/** Every row has a time, or it would be in no window. */
export function timeCheck(context: NodeContext, rows: Relation, columns: readonly Column[]): readonly Step[] {
  const { dialect, node, stretch } = context
  const column = stretch && findColumn(columns, stretch.settings.column)
  if (column === undefined) return []
  return [
    {
      kind: 'expect',
      sql: dialect.rowChecks.failing(rows, `delta.${dialect.quote(column.name)} is not null`),
      note: `see that no row lacks ${column.name}`,
      otherwise: {
        code: 'null-event-time',
        message: `rows without event_time: ${column.name} is NULL, so they are in no window`,
        hint: 'filter them out, or give them a time',
        span: node.placed.placeOf('event_time'),
      },
    },
  ]
}

/** Keys are those of a window: the expression that tells the window of a row. */
export function windowBucket({ dialect, stretch }: NodeContext, columns: readonly Column[]): string | undefined {
  const column = stretch && findColumn(columns, stretch.settings.column)
  return column && dialect.dateTrunc(dialect.quote(column.name), stretch.settings.size)
}
