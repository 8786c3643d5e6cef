import { type FftEvent, hasFailed, type NodeRef, type NodeStatus } from '../core/index.js'
import { formatDuration } from './format-duration.js'
import type { Paint } from './style.js'
import { displayWidth, padEnd, truncate } from './width.js'

type Finished = Extract<FftEvent, { type: 'node_finished' }>

/** Widths of the columns that names decide; they grow with what was seen, so that lines stay aligned. */
export interface NodeColumns {
  kind: number
  name: number
}

/** The word that people read for a status. */
export const statusWords: Readonly<Record<NodeStatus, string>> = {
  success: 'ok',
  'partial success': 'PARTIAL',
  'no-op': 'unchanged',
  pass: 'pass',
  warn: 'warn',
  fail: 'FAIL',
  error: 'ERROR',
  skipped: 'skipped',
}

const statusWidth = 9

/** Makes room for a node. */
export function widen(columns: NodeColumns, node: Pick<NodeRef, 'kind' | 'name' | 'relation'>): void {
  columns.kind = Math.min(28, Math.max(columns.kind, displayWidth(node.kind)))
  columns.name = Math.min(44, Math.max(columns.name, displayWidth(node.relation ?? node.name)))
}

/** ` 3/12  ok         0.31s  incremental merge  main.orders   4 rows · 3 inserted, 1 updated` */
export function finishedLine(event: Finished, columns: NodeColumns, paint: Paint): string {
  const { node, index, total, status } = event
  const count = `${String(index).padStart(String(total).length)}/${total}`
  const word = padEnd(statusWords[status], statusWidth)
  const time = formatDuration(event.durationMs).padStart(7)
  const name = padEnd(nodeName(node), columns.name)
  const isQuiet = status === 'no-op' || status === 'skipped'
  return [
    paint.dim(count),
    statusPaint(status, paint)(word),
    paint.dim(time),
    paint.dim(padEnd(node.kind, columns.kind)),
    isQuiet ? paint.dim(name) : name,
    ...outcome(event, paint),
  ]
    .join('  ')
    .trimEnd()
}

/** A line of what runs now; `mark` turns. */
export function runningLine(node: NodeRef, elapsedMs: number, columns: NodeColumns, mark: string): string {
  return `${mark}  ${formatDuration(elapsedMs).padStart(7)}  ${padEnd(node.kind, columns.kind)}  ${nodeName(node)}`
}

/** What a line calls a node: its relation, else its name. */
export function nodeName(node: NodeRef): string {
  return node.relation ?? node.name
}

export function statusPaint(status: NodeStatus, paint: Paint): (text: string) => string {
  if (status === 'success' || status === 'pass') return paint.green
  if (hasFailed(status)) return paint.red
  return status === 'warn' ? paint.yellow : paint.dim
}

/** Rows and detail, or why it failed. */
function outcome({ status, rowsAffected, detail, failure }: Finished, paint: Paint): string[] {
  const rows = rowsAffected === undefined ? undefined : `${rowsAffected} ${rowsAffected === 1 ? 'row' : 'rows'}`
  const said = detail?.replace(/^skipped: /, '') ?? failure?.message.split('\n')[0]
  const parts = [rows, said === statusWords[status] ? undefined : said].filter((part) => part !== undefined)
  const text = truncate(parts.join(' · '), 120)
  if (text === '') return []
  return [hasFailed(status) ? paint.red(text) : paint.dim(text)]
}
