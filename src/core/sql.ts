import { countCodePoints, type SourceSpan } from './span.js'

/** What only a later stage knows: it stands in compiled SQL until the plan fills it. */
export type Hole =
  | { readonly kind: 'watermark'; readonly column: string; readonly span: SourceSpan }
  | { readonly kind: 'batch'; readonly part: 'start' | 'end' | 'id'; readonly span: SourceSpan }
  /** The staging relation of the node's delta. */
  | { readonly kind: 'delta'; readonly span: SourceSpan }

/**
 * A piece of SQL text and where it comes from. `verbatim` text stands letter for letter in the user's file from
 * `span` on, so a position inside it can be counted; other text was computed by the expression at `span`. Text without
 * a span was written by fft.
 */
export type SqlPiece =
  | { readonly text: string; readonly span?: SourceSpan; readonly verbatim?: boolean }
  | { readonly hole: Hole }

/** SQL as a list of pieces, so that an engine's error can be shown at the user's line. */
export type Sql = readonly SqlPiece[]

export function text(value: string): Sql {
  return [{ text: value }]
}

/** Joins strings (fft's own text) and SQL into one list of pieces. */
export function concat(...parts: readonly (string | Sql)[]): Sql {
  return parts.flatMap((part) => (typeof part === 'string' ? [{ text: part }] : part))
}

/** The text to send. Throws when a hole is left: the plan has to fill all of them first. */
export function sqlText(sql: Sql): string {
  return sql
    .map((piece) => {
      if ('hole' in piece) throw new Error(`a ${piece.hole.kind} is not filled: this is a bug in fft`)
      return piece.text
    })
    .join('')
}

/** The text for people: holes are shown as `<watermark of updated_at>`. */
export function displaySql(sql: Sql): string {
  return sql.map((piece) => ('hole' in piece ? displayHole(piece.hole) : piece.text)).join('')
}

function displayHole(hole: Hole): string {
  if (hole.kind === 'watermark') return `<watermark of ${hole.column}>`
  return hole.kind === 'batch' ? `<batch ${hole.part}>` : '<delta>'
}

export function holesOf(sql: Sql): readonly Hole[] {
  return sql.flatMap((piece) => ('hole' in piece ? [piece.hole] : []))
}

/** Replaces every hole by what `fill` gives for it; the filled text keeps the hole's place. */
export function fillHoles(sql: Sql, fill: (hole: Hole) => string): Sql {
  return sql.map((piece) => ('hole' in piece ? { text: fill(piece.hole), span: piece.hole.span } : piece))
}

/**
 * The user's place of an offset (UTF-16 units) in `sqlText(sql)`, or the nearest place before it; undefined when
 * nothing before it comes from the user.
 */
export function spanAtOffset(sql: Sql, offset: number): SourceSpan | undefined {
  let start = 0
  let nearest: SourceSpan | undefined
  for (const piece of sql) {
    if ('hole' in piece) continue
    const end = start + piece.text.length
    if (offset >= start && offset < end && piece.span !== undefined) return spanWithin(piece, offset - start)
    if (end <= offset) nearest = spanWithin(piece, piece.text.length) ?? nearest
    start = end
  }
  return nearest
}

function spanWithin(piece: Exclude<SqlPiece, { hole: Hole }>, offset: number): SourceSpan | undefined {
  if (piece.span === undefined || !piece.verbatim) return piece.span
  return advance(piece.span, piece.text.slice(0, offset))
}

/** The span that many characters further on in its file. */
export function advance(span: SourceSpan, passed: string): SourceSpan {
  const lineEnd = passed.lastIndexOf('\n')
  if (lineEnd === -1) return { file: span.file, line: span.line, column: span.column + countCodePoints(passed) }
  const lines = passed.split('\n').length - 1
  return { file: span.file, line: span.line + lines, column: countCodePoints(passed.slice(lineEnd + 1)) + 1 }
}

/** Stands for a hole where SQL is scanned as text: one character, so that offsets and neighbours stay right. */
const holeMark = '\ufffc'

/** The part of the SQL between two offsets of `markedText`, places kept. */
export function sliceSql(sql: Sql, from: number, to: number): Sql {
  const pieces: SqlPiece[] = []
  let start = 0
  for (const piece of sql) {
    if ('hole' in piece) {
      if (start >= from && start < to) pieces.push(piece)
      start += holeMark.length
      continue
    }
    const end = start + piece.text.length
    if (end > from && start < to) pieces.push(slicePiece(piece, Math.max(0, from - start), Math.min(end, to) - start))
    start = end
  }
  return pieces
}

function slicePiece(piece: Exclude<SqlPiece, { hole: Hole }>, from: number, to: number): SqlPiece {
  const text = piece.text.slice(from, to)
  if (piece.span === undefined || !piece.verbatim || from === 0) return { ...piece, text }
  return { text, span: advance(piece.span, piece.text.slice(0, from)), verbatim: true }
}

/** The text with one mark for each hole; offsets in it are the offsets of `sliceSql`. */
export function markedText(sql: Sql): string {
  return sql.map((piece) => ('hole' in piece ? holeMark : piece.text)).join('')
}
