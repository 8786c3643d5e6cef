import { countCodePoints, LineIndex, type Position, type SourceSpan } from '../core/index.js'
import { type Token, tokenizeTypeScript } from './typescript-tokens.js'

/** A TypeScript file with its tokens and places, each made when first asked for. */
export class SourceFile {
  /** Path from the project folder, forward slashes. */
  readonly path: string
  readonly text: string
  #lines: LineIndex | undefined
  #tokens: readonly Token[] | undefined

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
  }

  get tokens(): readonly Token[] {
    this.#tokens ??= tokenizeTypeScript(this.text)
    return this.#tokens
  }

  positionAt(offset: number): Position {
    this.#lines ??= new LineIndex(this.text)
    return this.#lines.positionAt(offset)
  }

  /** The span from an offset; its length ends with the first line. */
  span(start: number, end: number): SourceSpan {
    const firstLine = this.text.slice(start, end).split(/\r?\n/, 1)[0] ?? ''
    return { file: this.path, ...this.positionAt(start), length: Math.max(1, countCodePoints(firstLine)) }
  }

  /** The place of a 1-based line and a 0-based column in UTF-16 units, as parsers and stacks give it. */
  spanAtLine(line: number, column: number): SourceSpan {
    this.#lines ??= new LineIndex(this.text)
    const start = this.#lines.offsetOfLine(line)
    return { file: this.path, ...this.#lines.positionAt(Math.min(start + column, this.text.length)) }
  }
}
