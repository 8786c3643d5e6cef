import type { Column } from '../../adapters/index.js'
import type { Relation } from '../../core/index.js'
import { type NodeContext, scratch } from '../node-context.js'
import { steps } from '../steps.js'
import type { CodeBatch, CodeBatches, Refusal, Step } from '../types.js'
import { type Window, windowsBetween } from './calendar.js'
import { batchId, type Stretch } from './stretch.js'
import { isFilter, windowFilter } from './window-rows.js'

/** The step that calls the function of a `.ff.ts` model. */
export function runCode(context: NodeContext, into: Relation, as: 'staging' | 'aside'): Step {
  const { node, stretch } = context
  const step = { kind: 'run_code', into, as, note: `run ${node.path}` } as const
  return stretch === undefined ? step : { ...step, batches: codeBatches(context, stretch) }
}

/** What the function of a `.ff.ts` model is told of a stretch of windows. */
function codeBatches(context: NodeContext, stretch: Stretch): CodeBatches {
  const windows = windowsBetween(stretch.settings.size, stretch)
  const alone = (windows.length === 0 ? [stretch] : windows).map((window) => batchOf(stretch, window))
  const whole = { ...batchOf(stretch, stretch), ...(alone.length > 1 ? { id: undefined } : {}) }
  return { together: stretch.parts === undefined ? whole : undefined, alone, part: scratch(context)('part') }
}

function batchOf({ settings, openFrom }: Stretch, { from, to }: Window): CodeBatch {
  return { from, to, id: batchId({ from, to, settings, openFrom }) }
}

/** Whatever a function gives: rows of other windows are taken out, those without a time stay to be refused. */
export function dropOutside(
  context: NodeContext,
  rows: Relation,
  columns: readonly Column[],
): readonly Step[] | Refusal {
  const { node, stretch, dialect } = context
  if (node.language !== 'typescript' || stretch === undefined) return []
  const window = windowFilter(context, stretch, columns)
  if (!isFilter(window)) return window
  const column = `delta.${dialect.quote(window.column)}`
  const outside = `${column} < ${window.from} or ${column} >= ${window.to}`
  return steps('check', { ...dialect.dropRows(rows, outside), note: 'leave out rows of other windows' })
}
