import { paintOf } from './style.js'
import { displayWidth, padEnd, padStart, truncate } from './width.js'

export interface TableStyle {
  readonly color?: boolean
  /** Cells of the terminal; longer lines lose the tail of their widest columns. Default: no limit. */
  readonly columns?: number
  /** Put before each line. */
  readonly indent?: string
}

export type TableCell = string | null

/**
 * A table for people: names, a rule, rows; numbers to the right, NULL for null, line breaks shown as `⏎`. Each line
 * ends with a line break.
 */
export function formatTable(
  columns: readonly string[],
  rows: readonly (readonly TableCell[])[],
  { color = false, columns: limit, indent = '' }: TableStyle = {},
): string {
  const paint = paintOf(color)
  const cells = rows.map((row) => columns.map((_, index) => display(row[index])))
  const numeric = columns.map((_, index) => isNumeric(rows.map((row) => row[index] ?? null)))
  const widths = columnWidths(columns, cells, limit === undefined ? undefined : limit - indent.length)
  const line = (parts: readonly string[], look: (part: string, index: number) => string): string => {
    const padded = parts.map((part, index) => {
      const pad = numeric[index] === true ? padStart : padEnd
      return look(pad(truncate(part, widths[index] ?? 0), widths[index] ?? 0), index)
    })
    return `${indent}${padded.join('  ')}`.trimEnd()
  }
  const names = line(columns.map(display), (part) => paint.bold(part))
  const rule = line(
    widths.map((width) => '─'.repeat(width)),
    (part) => paint.dim(part),
  )
  const body = cells.map((row, at) => line(row, (part, index) => (rows[at]?.[index] == null ? paint.dim(part) : part)))
  return [names, rule, ...body].map((text) => `${text}\n`).join('')
}

function display(cell: TableCell | undefined): string {
  return cell == null ? 'NULL' : cell.replaceAll(/\r?\n|\r/g, '⏎').replaceAll('\t', ' ')
}

function isNumeric(values: readonly TableCell[]): boolean {
  const present = values.filter((value) => value !== null)
  return present.length > 0 && present.every((value) => /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value))
}

/** Widths of the columns; over the limit the widest column gives way, down to 8 cells each. */
function columnWidths(columns: readonly string[], cells: readonly (readonly string[])[], limit = Infinity): number[] {
  const widths = columns.map((name, index) =>
    Math.max(1, displayWidth(display(name)), ...cells.map((row) => displayWidth(row[index] ?? ''))),
  )
  const total = () => widths.reduce((sum, width) => sum + width + 2, -2)
  while (total() > limit) {
    const widest = Math.max(...widths)
    if (widest <= 8) break
    widths[widths.indexOf(widest)] = Math.max(8, widest - Math.max(1, total() - limit))
  }
  return widths
}
