import { LineIndex, type Position, type SourceSpan } from '../core/index.js'
import type { At } from './tree.js'
import type { TemplateSource } from './types.js'

const columns = 1_000_000

/** The place in a file as the tree keeps it. */
export function packPlace(position: Position): At {
  return position.line * columns + position.column
}

/** A place of the tree as a position. */
export function placeOf(at: At): Position {
  return { line: Math.floor(at / columns), column: at % columns }
}

/** Whether the second place is the one behind this character at the first, as counting in a text expects it. */
export function followsAt(first: At, character: string, second: At): boolean {
  if (character === '\n') return second === (Math.floor(first / columns) + 1) * columns + 1
  // The second half of a surrogate pair takes no column of its own.
  return second === first + (/[\udc00-\udfff]/.test(character) ? 0 : 1)
}

/** A place of the tree as a span of a file; `length` in code points. */
export function spanAt(file: string, at: At, length?: number): SourceSpan {
  return { file, ...placeOf(at), ...(length === undefined ? {} : { length }) }
}

/** Gives the place of each offset in a template's text. */
export function placesIn(source: TemplateSource, text: string): (offset: number) => At {
  const { origin } = source
  if (origin !== undefined) return (offset) => packPlace(origin(offset))
  // Columns count code points: only text beyond the BMP needs counting.
  if (/[\ud800-\udbff]/.test(text)) {
    const index = new LineIndex(text)
    return (offset) => packPlace(index.positionAt(offset))
  }
  return placesInPlainText(text)
}

function placesInPlainText(text: string): (offset: number) => At {
  const starts = [0]
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  let line = 0
  return (offset) => {
    // Offsets come nearly in order, so the last line is a good place to start from.
    while (line > 0 && (starts[line] ?? 0) > offset) line--
    while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= offset) line++
    return (line + 1) * columns + offset - (starts[line] ?? 0) + 1
  }
}
