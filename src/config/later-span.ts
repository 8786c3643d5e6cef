import type { SourceSpan } from '../core/index.js'

/**
 * A place that is looked up when it is looked at: most are only kept for errors that do not come, and finding one costs
 * a reading of the whole file with places.
 */
export class LaterSpan implements SourceSpan {
  readonly file: string
  readonly #find: () => SourceSpan
  #found: SourceSpan | undefined

  constructor(file: string, find: () => SourceSpan) {
    this.file = file
    this.#find = find
  }

  get line(): number {
    return this.toJSON().line
  }

  get column(): number {
    return this.toJSON().column
  }

  get length(): number | undefined {
    return this.toJSON().length
  }

  /** The place as plain data. */
  toJSON(): SourceSpan {
    this.#found ??= this.#find()
    return this.#found
  }
}
