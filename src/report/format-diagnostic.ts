import { countCodePoints, type Diagnostic, type Failure, type Severity, type SourceSpan } from '../core/index.js'
import { formatTable } from './format-table.js'
import { type Paint, paintOf } from './style.js'
import { displayWidth } from './width.js'

/** Reads a file of the project by its path from the project folder; undefined when there is none. */
export type ReadSource = (file: string) => string | undefined

export interface DiagnosticStyle {
  readonly color: boolean
  /** Cells of the terminal, for the source line; default 120. */
  readonly columns?: number
}

/**
 * A diagnostic as people read it: place, severity and code, message; the line with the fault underlined; the other
 * places; the hint. Ends with a line break.
 */
export function formatDiagnostic(diagnostic: Diagnostic, readSource: ReadSource, style: DiagnosticStyle): string {
  const paint = paintOf(style.color)
  const { span, severity, code, hint } = diagnostic
  const place = span === undefined ? '' : `${paint.bold(placeText(span))} `
  const tag = (severity === 'error' ? paint.red : paint.yellow)(`${severity}[${code}]`)
  const [first = '', ...rest] = diagnostic.message.split('\n')
  return [
    `${place}${tag}: ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...(span === undefined ? [] : frame(span, readSource, { ...style, indent: '  ' })),
    ...(diagnostic.related ?? []).flatMap((related) => [
      `  ${paint.bold(placeText(related.span))} ${related.message}`,
      ...frame(related.span, readSource, { ...style, indent: '    ' }),
    ]),
    ...(hint === undefined ? [] : hintLines(hint, paint)),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

/** A failure of a node or a command, in the shape of a diagnostic, with its sample rows as a table. */
export function formatFailure(
  failure: Failure,
  readSource: ReadSource,
  style: DiagnosticStyle & { readonly severity?: Severity },
): string {
  const { hint, rows, statement: _, ...rest } = failure
  const head = formatDiagnostic({ ...rest, severity: style.severity ?? 'error' }, readSource, style)
  const table = rows === undefined || rows.rows.length === 0 ? '' : formatRows(rows, style)
  const tail = hint === undefined ? [] : hintLines(hint, paintOf(style.color))
  return head + table + tail.map((line) => `${line}\n`).join('')
}

/** `file:line:column`. */
export function placeText(span: SourceSpan): string {
  return `${span.file}:${span.line}:${span.column}`
}

function formatRows(rows: NonNullable<Failure['rows']>, style: DiagnosticStyle): string {
  return formatTable(rows.columns, rows.rows, { color: style.color, columns: style.columns ?? 120, indent: '  ' })
}

function hintLines(hint: string, paint: Paint): string[] {
  const [first = '', ...rest] = hint.split('\n')
  return [`  ${paint.cyan('hint:')} ${first}`, ...rest.map((line) => `        ${line}`)]
}

interface FrameStyle extends DiagnosticStyle {
  readonly indent: string
}

/** The line of the span and the underline; nothing when the file or the line is not there. */
function frame(span: SourceSpan, readSource: ReadSource, style: FrameStyle): string[] {
  const line = readSource(span.file)?.split(/\r\n|\n|\r/)[span.line - 1]
  if (line === undefined) return []
  const paint = paintOf(style.color)
  const gutter = String(span.line)
  const room = Math.max(40, (style.columns ?? 120) - style.indent.length - gutter.length - 3)
  const { shown, before, marked } = window([...line.replaceAll('\t', ' ')], span, room)
  const caret = '^'.repeat(Math.max(1, displayWidth(marked)))
  return [
    `${style.indent}${paint.dim(`${gutter} |`)} ${shown}`.trimEnd(),
    `${style.indent}${' '.repeat(gutter.length)} ${paint.dim('|')} ${' '.repeat(displayWidth(before))}${paint.red(caret)}`,
  ]
}

/** The part of a line that is shown: all of it, or what stands around the fault. */
function window(line: readonly string[], span: SourceSpan, room: number) {
  const start = Math.min(span.column - 1, line.length)
  const end = Math.min(start + Math.max(1, span.length ?? 1), line.length)
  if (countCodePoints(line.join('')) <= room) return cut(line, 0, start, end)
  const from = Math.max(0, Math.min(start - Math.floor(room / 3), line.length - room + 1))
  const to = Math.min(line.length, from + room - 2)
  const visible = [...(from > 0 ? ['…'] : []), ...line.slice(from, to), ...(to < line.length ? ['…'] : [])]
  const shift = from > 0 ? 1 - from : 0
  return cut(visible, 0, start + shift, Math.min(end, to) + shift)
}

function cut(line: readonly string[], from: number, start: number, end: number) {
  return {
    shown: line.slice(from).join(''),
    before: line.slice(from, start).join(''),
    marked: line.slice(start, end).join(''),
  }
}
