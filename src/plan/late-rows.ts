import type { Change, Column, LateInput, LateMark, Wins } from '../adapters/index.js'
import { relationName } from '../core/index.js'
import { findColumn } from './columns.js'
import type { NodeContext } from './node-context.js'
import { steps } from './steps.js'
import type { Step } from './types.js'
import { currentWatermark } from './watermarks.js'

/** What late rows are told by; columns are spelt as the target spells them. */
export interface LateContext {
  readonly staged: LateInput['staging']
  readonly key: readonly Column[]
  /** Columns that a row that is there takes over. */
  readonly compared: readonly Column[]
  readonly wins: Wins
  readonly flagged: string | undefined
  readonly columns: readonly Column[]
  /** All columns of the delta. */
  readonly rows: readonly Column[]
}

/**
 * Rows below the watermark before the run that are new or changed: counted, and by `late_rows` set aside, left out or
 * refused. They are looked for only when rows are below the watermark at all.
 */
export function lateSteps(context: NodeContext, late: LateContext): readonly Step[] {
  const { dialect, node } = context
  const config = node.config.incremental
  const input = config && lateInput(context, late)
  if (config === undefined || input === undefined) return []
  if (config.lateRows === 'merge') return steps('check', dialect.lateRows.count(input))
  const cases = { true: treated(context, config.lateRows, input), false: [] }
  return [{ kind: 'choose', ...dialect.lateRows.some(input), usual: 'false', cases }]
}

/** Late rows that applying the change counts, where they are only counted; undefined: `lateSteps` looks for them. */
export function lateInChange(context: NodeContext, change: Change, columns: readonly Column[]): LateMark | undefined {
  const isCounted = context.node.config.incremental?.lateRows === 'merge'
  if (!isCounted || change.kind !== 'upsert' || !context.dialect.lateRows.inUpsert(change)) return undefined
  return lateMark(context, columns)
}

function lateMark({ dialect, node, target, state }: NodeContext, columns: readonly Column[]): LateMark | undefined {
  const { updatedAt, eventTime } = node.config.incremental ?? {}
  const name = updatedAt ?? eventTime
  const column = name === undefined ? undefined : findColumn(columns, name)
  const watermark = column && currentWatermark(node, target, column.name, state).value
  if (column === undefined || watermark === undefined) return undefined
  return { column: column.name, below: dialect.literal(watermark, column.type) }
}

function lateInput(context: NodeContext, late: LateContext): LateInput | undefined {
  const mark = lateMark(context, late.columns)
  if (mark === undefined) return undefined
  return {
    ...mark,
    staging: late.staged,
    target: context.target,
    key: late.key,
    nullSafe: context.node.config.incremental?.onNullKeys === 'match',
    columns: late.rows.map((each) => each.name),
    compared: late.compared,
    wins: late.wins,
    ...(late.flagged === undefined ? {} : { flagged: late.flagged }),
  }
}

function treated(context: NodeContext, mode: 'ignore' | 'quarantine' | 'fail', input: LateInput): readonly Step[] {
  const { dialect, node, stateSchema, target, runId, now } = context
  const { lateRows } = dialect
  const { onlyIf: _, ...counted } = lateRows.count(input)
  const count = steps('check', counted)
  switch (mode) {
    case 'ignore':
      return [...count, ...steps('check', withoutCount(lateRows.remove(input)))]
    case 'quarantine': {
      const reason = `late: ${input.column} is before the watermark`
      const note = { relation: relationName(target), model: node.name, runId, reason, notedAt: now }
      const into = { ...stateSchema, identifier: 'late_rows' }
      return [
        ...count,
        ...steps('record', lateRows.note(input, into, note)),
        ...steps('check', withoutCount(lateRows.remove(input))),
      ]
    }
    case 'fail':
      return [
        {
          kind: 'expect',
          sql: lateRows.rows(input),
          note: 'show late rows',
          otherwise: {
            code: 'late-rows',
            message: `rows came late: their ${input.column} is before the watermark, and they are new or changed`,
            hint: "look at them, then take them with late_rows='merge', set them aside with 'quarantine', or leave them out with 'ignore'",
            span: node.placed.placeOf('late_rows'),
          },
        },
      ]
  }
}

/** Late rows are counted as such, not as rows that were dropped. */
function withoutCount({ counts: _, ...statement }: ReturnType<NodeContext['dialect']['lateRows']['remove']>) {
  return statement
}
