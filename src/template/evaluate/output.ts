import type { Hole, SourceSpan, Sql, SqlPiece } from '../../core/index.js'
import { Rope } from '../types.js'

/** Where a template prints to. */
export interface Output {
  /** Text that stands in the template. */
  text(value: string, span: () => SourceSpan): void
  /** What an expression printed. */
  value(printed: string | Rope, span: () => SourceSpan): void
}

/** Collects what a macro or a set block prints: its text, in which holes may stand. */
export class TextOutput implements Output {
  #text = ''
  #parts: (string | Hole)[] | undefined

  text(value: string): void {
    this.#text += value
  }

  value(printed: string | Rope): void {
    if (typeof printed === 'string') this.#text += printed
    else for (const part of printed.parts) this.#add(part)
  }

  #add(part: string | Hole): void {
    if (typeof part === 'string') this.#text += part
    else {
      this.#parts ??= []
      if (this.#text !== '') this.#parts.push(this.#text)
      this.#parts.push(part)
      this.#text = ''
    }
  }

  /** Everything printed so far. */
  result(): string | Rope {
    if (this.#parts === undefined) return this.#text
    return new Rope(this.#text === '' ? this.#parts : [...this.#parts, this.#text])
  }
}

/** Collects what a template prints, each piece with its place. */
export class SqlOutput implements Output {
  readonly pieces: SqlPiece[] = []

  text(value: string, span: () => SourceSpan): void {
    this.pieces.push({ text: value, span: span(), verbatim: true })
  }

  value(printed: string | Rope, span: () => SourceSpan): void {
    for (const part of typeof printed === 'string' ? [printed] : printed.parts) {
      if (typeof part !== 'string') this.pieces.push({ hole: part })
      else if (part !== '') this.pieces.push({ text: part, span: span() })
    }
  }

  result(): Sql {
    return this.pieces
  }
}
