/** A place in one of the user's files. Lines and columns are 1-based; columns count code points. */
export interface SourceSpan {
  /** Path from the project folder, forward slashes. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** How many code points the thing at fault takes on its line; for the underline. At least 1. */
  readonly length?: number | undefined
}

/** A 1-based position without a file; columns count code points. */
export interface Position {
  readonly line: number
  readonly column: number
}

/**
 * Finds positions in a text by offset (UTF-16 units). CRLF counts as one line end.
 * Building costs one pass; each lookup is a binary search.
 */
export class LineIndex {
  readonly #text: string
  readonly #starts: number[] = [0]

  constructor(text: string) {
    this.#text = text
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) this.#starts.push(i + 1)
  }

  positionAt(offset: number): Position {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const start = this.#starts[low] ?? 0
    return { line: low + 1, column: countCodePoints(this.#text.slice(start, offset)) + 1 }
  }

  /** The offset of a 1-based line's first character, or the text's length past its end. */
  offsetOfLine(line: number): number {
    return this.#starts[line - 1] ?? this.#text.length
  }
}

export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
