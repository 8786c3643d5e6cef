import type { Scalar } from 'yaml'

/**
 * For each offset of a string scalar's text, and its end, the offset in the file where that character stands. Line
 * folding, indentation and escapes are followed.
 */
export function scalarOffsets(source: string, node: Scalar, text: string): readonly number[] {
  const [start, end] = node.range ?? [0, 0]
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return blockOffsets(source, start, end, text)
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'
  const unitLength = quoted ? (node.type === 'QUOTE_DOUBLE' ? escapedLength : doubledLength) : plainLength
  return align({ source, text, start: quoted ? start + 1 : start, end, indent: 0, unitLength })
}

function blockOffsets(source: string, start: number, end: number, text: string): readonly number[] {
  const body = source.indexOf('\n', start) + 1
  const header = source.slice(start, body)
  // Leading blank lines may be shorter than the indentation, so the first line with text decides.
  const first = /^( *)[^ \r\n]/m.exec(source.slice(body, end))
  const declared = /[1-9]/.exec(header.split('#')[0] ?? '')
  const indent =
    declared === null || first === null ? (first?.[1]?.length ?? 0) : firstIndent(source, start, declared[0])
  return align({ source, text, start: skipIndent(source, body, indent), end, indent, unitLength: plainLength })
}

/** The indentation of a block whose header declares it (`|2`) counts from its parent's line. */
function firstIndent(source: string, start: number, declared: string): number {
  const line = source.lastIndexOf('\n', start) + 1
  const parent = /^[ ]*/.exec(source.slice(line))?.[0].length ?? 0
  return parent + Number(declared)
}

interface Alignment {
  readonly source: string
  readonly text: string
  readonly start: number
  readonly end: number
  readonly indent: number
  /** How many characters of the source stand for one of the text at this offset. */
  readonly unitLength: (source: string, at: number) => number
}

function align(alignment: Alignment): readonly number[] {
  const offsets: number[] = []
  let at = alignment.start
  for (const unit of alignment.text.split('')) {
    at = startOf(unit, at, alignment)
    offsets.push(Math.min(at, alignment.end))
    at = endOf(unit, at, alignment)
  }
  offsets.push(Math.min(at, alignment.end))
  return offsets
}

/** Where the character of the text starts: what is no space is behind the spaces that folding swallowed. */
function startOf(unit: string, at: number, { source, end }: Alignment): number {
  if (!isSpace(unit)) return skipSpaces(source, at, end)
  return unit === '\n' && source.startsWith('\r\n', at) ? at + 1 : at
}

function endOf(unit: string, at: number, { source, end, indent, unitLength }: Alignment): number {
  // A folded line end is a space in the text, and more than one character of the source.
  const isFolded = isSpace(unit) && isSpace(source[at]) && source[at] !== unit
  if (isFolded) return unit === ' ' ? skipSpaces(source, at, end) : at
  const next = at + unitLength(source, at)
  return unit === '\n' ? skipIndent(source, next, indent) : next
}

function isSpace(unit: string | undefined): boolean {
  return unit === ' ' || unit === '\n' || unit === '\t' || unit === '\r'
}

function skipSpaces(source: string, from: number, end: number): number {
  let at = from
  // A backslash before a line end joins the lines in a double-quoted string.
  while (at < end && (isSpace(source[at]) || (source[at] === '\\' && /[\r\n]/.test(source[at + 1] ?? '')))) at++
  return at
}

function skipIndent(source: string, from: number, indent: number): number {
  let at = from
  while (at < from + indent && source[at] === ' ') at++
  return at
}

function plainLength(): number {
  return 1
}

function doubledLength(source: string, at: number): number {
  return source.startsWith("''", at) ? 2 : 1
}

const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 }

function escapedLength(source: string, at: number): number {
  return source[at] === '\\' ? (escapeLengths[source[at + 1] ?? ''] ?? 2) : 1
}
