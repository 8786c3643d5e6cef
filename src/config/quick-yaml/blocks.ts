import { readBlockScalar } from './block-scalar.js'
import type { Line } from './lines.js'
import { type Found, readInline, readKey } from './scalars.js'

/** Reads maps and lists by their indentation. Gives undefined at the first thing that it does not know. */
export class BlockReader {
  readonly #lines: readonly Line[]
  #at = 0
  /** The line at hand, without the dash of a list's item in front of it. */
  #indent = 0
  #content = ''

  constructor(lines: readonly Line[]) {
    this.#lines = lines
  }

  /** The whole text: a map or list that starts in the first column. */
  read(): Found {
    this.#moveTo(0)
    if (this.#isAtEnd) return { value: null }
    const found = this.#indent === 0 ? this.#block(0) : undefined
    return this.#isAtEnd ? found : undefined
  }

  get #isAtEnd(): boolean {
    return this.#at >= this.#lines.length
  }

  /** To the first line from there on that is neither blank nor a comment. */
  #moveTo(index: number): void {
    this.#at = index
    let line = this.#lines[this.#at]
    while (line !== undefined && (line.content === '' || line.isComment)) line = this.#lines[++this.#at]
    this.#indent = line?.indent ?? -1
    this.#content = line?.content ?? ''
  }

  #block(indent: number): Found {
    return this.#isItem() ? this.#list(indent) : this.#map(indent)
  }

  #isItem(): boolean {
    return this.#content === '-' || this.#content.startsWith('- ')
  }

  #list(indent: number): Found {
    const items: unknown[] = []
    while (this.#indent === indent && this.#isItem()) {
      const item = this.#item(indent)
      if (item === undefined) return undefined
      items.push(item.value)
    }
    return this.#indent > indent ? undefined : { value: items }
  }

  #item(indent: number): Found {
    const rest = this.#content.slice(1).trimStart()
    if (rest === '' || rest.startsWith('#')) return this.#below(indent)
    if (rest === '-' || rest.startsWith('- ')) return undefined
    if (readKey(rest) === undefined) return this.#value(rest, indent)
    // The item is a map whose first key stands behind the dash.
    this.#indent = indent + this.#content.length - rest.length
    this.#content = rest
    return this.#map(this.#indent)
  }

  #map(indent: number): Found {
    const map: Record<string, unknown> = {}
    while (this.#indent === indent && !this.#isItem()) {
      const found = readKey(this.#content)
      if (found === undefined || Object.hasOwn(map, found.key)) return undefined
      const rest = this.#content.slice(found.end)
      const value = rest === '' || rest.startsWith('#') ? this.#below(indent, true) : this.#value(rest, indent)
      if (value === undefined) return undefined
      map[found.key] = value.value
    }
    return this.#indent > indent ? undefined : { value: map }
  }

  /** The block on the lines below; a map's list may stand in the same column as its key. */
  #below(indent: number, isOfKey = false): Found {
    this.#moveTo(this.#at + 1)
    if (this.#indent > indent) return this.#block(this.#indent)
    return isOfKey && this.#indent === indent && this.#isItem() ? this.#list(indent) : { value: null }
  }

  /** A value on the line at hand. */
  #value(text: string, indent: number): Found {
    const scalar = readBlockScalar(text, this.#lines, this.#at + 1, indent)
    if (scalar !== undefined) {
      this.#moveTo(scalar.end)
      return scalar
    }
    const found = readInline(text)
    this.#moveTo(this.#at + 1)
    // A deeper line goes on with the value, or is a fault.
    return this.#indent > indent ? undefined : found
  }
}
