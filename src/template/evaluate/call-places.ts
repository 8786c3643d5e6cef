import { LineIndex, type Position, type SourceSpan } from '../../core/index.js'
import { placeOf, spanAt } from '../places.js'
import type { Arguments, At, Expression, StringLiteral } from '../tree.js'
import type { CallPlaces, TemplateSource } from '../types.js'
import { spanLength } from './describe.js'

type Path = readonly (string | number)[]

/** What is called, and where it stands. */
export interface CallSite {
  readonly at: At
  readonly length: number | undefined
  readonly given: Arguments
}

/** The places of a call in its file, and nothing of the rendering that makes the call. */
export class SitePlaces implements CallPlaces {
  readonly #file: string
  readonly #site: CallSite

  constructor(file: string, site: CallSite) {
    this.#file = file
    this.#site = site
  }

  get span(): SourceSpan {
    return this.#span(this.#site)
  }

  placeOf(path: Path, which: 'key' | 'value' = 'value'): SourceSpan {
    const { key, value } = this.#find(path)
    if (which === 'key' && key !== undefined) return this.#span(key)
    if (value !== undefined) return this.#span({ at: value.at, length: spanLength(value) })
    return this.span
  }

  literal(path: Path): TemplateSource | undefined {
    const { value, isExact } = this.#find(path)
    if (!isExact || value?.k !== 'str') return undefined
    return { file: this.#file, text: value.v, origin: originOf(value) }
  }

  #span({ at, length }: { readonly at: At; readonly length: number | undefined }): SourceSpan {
    return spanAt(this.#file, at, length)
  }

  /** The deepest part of the path that stands in the call as a literal, and the key or keyword in front of it. */
  #find(path: Path): Found {
    const [first, ...rest] = path
    if (first === undefined) return { isExact: false }
    let found: Found = typeof first === 'number' ? this.#positional(first) : this.#named(first)
    for (const step of rest) {
      if (!found.isExact) break
      found = deeper(found, step)
    }
    return found
  }

  #positional(index: number): Found {
    const value = this.#site.given.args[index]
    return value === undefined ? { isExact: false } : { value, isExact: true }
  }

  #named(name: string): Found {
    const found = this.#site.given.kwargs?.find(([key]) => key === name)
    if (found === undefined) return { isExact: false }
    return { key: { at: found[2], length: name.length }, value: found[1], isExact: true }
  }
}

interface Found {
  readonly key?: { readonly at: At; readonly length: number | undefined }
  readonly value?: Expression
  /** Whether `value` is what the path names, and not something around it. */
  readonly isExact: boolean
}

function deeper(found: Found, step: string | number): Found {
  const { value } = found
  if (value?.k === 'dict') {
    const entry = value.entries.find(([key]) => (key.k === 'str' || key.k === 'int') && key.v === step)
    if (entry !== undefined) {
      return { key: { at: entry[0].at, length: spanLength(entry[0]) }, value: entry[1], isExact: true }
    }
  }
  if ((value?.k === 'list' || value?.k === 'tuple') && typeof step === 'number') {
    const item = value.items[step]
    if (item !== undefined) return { value: item, isExact: true }
  }
  return value === undefined ? { isExact: false } : { value, isExact: false }
}

/** The place in the file of an offset in a literal's value. */
function originOf({ at, v, jumps = [] }: StringLiteral): (offset: number) => Position {
  const start = placeOf(at)
  const parts = [{ offset: 0, place: { line: start.line, column: start.column + 1 } }]
  for (let i = 0; i < jumps.length; i += 2) parts.push({ offset: jumps[i] ?? 0, place: placeOf(jumps[i + 1] ?? at) })
  const index = new LineIndex(v)
  return (offset) => {
    const part = parts.findLast((candidate) => candidate.offset <= offset) ?? parts[0]
    if (part === undefined) return start
    const [from, to] = [index.positionAt(part.offset), index.positionAt(offset)]
    if (from.line === to.line) return { line: part.place.line, column: part.place.column + to.column - from.column }
    return { line: part.place.line + to.line - from.line, column: to.column }
  }
}
