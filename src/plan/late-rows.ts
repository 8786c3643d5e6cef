import type { Column, LateInput, Wins } from '../adapters/index.js'
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

function lateInput(context: NodeContext, late: LateContext): LateInput | undefined {
  const { dialect, node, target, state } = context
  const { updatedAt, eventTime, onNullKeys } = node.config.incremental ?? {}
  const name = updatedAt ?? eventTime
  const column = name === undefined ? undefined : findColumn(late.columns, name)
  const watermark = column && currentWatermark(node, target, column.name, state).value
  if (column === undefined || watermark === undefined) return undefined
  return {
    staging: late.staged,
    target,
    column: column.name,
    below: dialect.literal(watermark, column.type),
    key: late.key,
    nullSafe: onNullKeys === 'match',
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
