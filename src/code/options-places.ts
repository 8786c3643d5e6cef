import type { PlacedText, ValuePath } from '../config/index.js'
import type { SourceSpan } from '../core/index.js'
import type { SourceFile } from './source-file.js'
import { decodeStringToken } from './string-token.js'
import type { Token } from './typescript-tokens.js'

/** Where the options of a `model({…}, …)` call stand in their file. */
export interface OptionsPlaces {
  /** The word `model` of the call; the file's first character when it was not found. */
  readonly call: SourceSpan
  placeOf(path: ValuePath, which?: 'key' | 'value'): SourceSpan
  textAt(path: ValuePath): PlacedText | undefined
}

interface Literal {
  readonly start: number
  readonly end: number
  /** Set when the value is nothing but one string literal. */
  readonly string?: Token
  readonly entries: ReadonlyMap<string | number, Entry>
}

interface Entry {
  readonly key: { readonly start: number; readonly end: number }
  readonly value: Literal
}

/** Finds the options literal of the file's `model` call and the places inside it. */
export function optionsPlaces(file: SourceFile): OptionsPlaces {
  const call = findModelCall(file.tokens)
  const word = file.tokens[call ?? 0]
  const callSpan = call === undefined || word === undefined ? file.span(0, 0) : file.span(word.start, word.end)
  const opening = call === undefined ? undefined : openingOfCall(file.tokens, call + 1)
  const literal = opening === undefined ? undefined : readArgument(file.tokens, opening + 1)
  return {
    call: callSpan,
    placeOf: (path, which = 'value') => {
      const found = literal === undefined ? undefined : find(literal, path, which)
      return found === undefined ? callSpan : file.span(found.start, found.end)
    },
    textAt: (path) => {
      const token = literal === undefined ? undefined : valueAt(literal, path)?.string
      const decoded = token === undefined ? undefined : decodeStringToken(token)
      if (decoded === undefined) return undefined
      return { file: file.path, text: decoded.text, origin: (offset) => file.positionAt(decoded.offsetOf(offset)) }
    },
  }
}

function find(root: Literal, path: ValuePath, which: 'key' | 'value'): { start: number; end: number } | undefined {
  let place: { start: number; end: number } | undefined
  let literal: Literal = root
  for (const [index, key] of path.entries()) {
    const entry = literal.entries.get(key)
    if (entry === undefined) return place
    const last = index === path.length - 1
    place = last && which === 'key' ? entry.key : entry.value
    literal = entry.value
  }
  return place ?? root
}

function valueAt(root: Literal, path: ValuePath): Literal | undefined {
  return path.reduce<Literal | undefined>((literal, key) => literal?.entries.get(key)?.value, root)
}

/** The index of the word `model` (or its local name) of the call that the file exports. */
function findModelCall(tokens: readonly Token[]): number | undefined {
  const local = localNameOfModel(tokens)
  const calls = tokens.flatMap((token, index) =>
    token.kind === 'name' && token.text === local && isUse(tokens[index - 1]) && openingOfCall(tokens, index + 1)
      ? [index]
      : [],
  )
  return calls.find((index) => tokens[index - 1]?.text === 'default') ?? calls[0]
}

/** The index of a call's opening bracket, type arguments in front of it skipped; undefined when it is no call. */
function openingOfCall(tokens: readonly Token[], start: number): number | undefined {
  let index = start
  if (tokens[index]?.text === '<') {
    let depth = 0
    for (; index < tokens.length; index++) {
      if (tokens[index]?.text === '<') depth++
      if (tokens[index]?.text === '>' && --depth === 0) break
    }
    index++
  }
  return tokens[index]?.text === '(' ? index : undefined
}

function isUse(before: Token | undefined): boolean {
  return before?.text !== 'function'
}

function localNameOfModel(tokens: readonly Token[]): string {
  const renamed = tokens.findIndex((token, index) => token.text === 'model' && tokens[index + 1]?.text === 'as')
  return (renamed === -1 ? undefined : tokens[renamed + 2]?.text) ?? 'model'
}

function readArgument(tokens: readonly Token[], start: number): Literal | undefined {
  const token = tokens[start]
  if (token?.kind !== 'name') return readValue(tokens, start)?.literal
  const declared = tokens.findIndex((each, index) => each.text === token.text && isDeclaration(tokens[index - 1]))
  const assigned = declared === -1 ? -1 : tokens.findIndex((each, index) => index > declared && each.text === '=')
  return assigned === -1 ? undefined : readValue(tokens, assigned + 1)?.literal
}

function isDeclaration(before: Token | undefined): boolean {
  return before?.text === 'const' || before?.text === 'let' || before?.text === 'var'
}

const openers = '([{'
const closers = ')]}'

/** Reads one value up to the comma or bracket that ends it; `next` is that token's index. */
function readValue(tokens: readonly Token[], index: number): { literal: Literal; next: number } | undefined {
  const first = tokens[index]
  if (first === undefined) return undefined
  const entries = new Map<string | number, Entry>()
  const after = readLiteral(tokens, index, entries)
  const end = skipValue(tokens, after)
  const { start } = first
  if (after === index || !isWholeValue(tokens[after])) {
    return { literal: { start, end: (tokens[end - 1] ?? first).end, entries: new Map() }, next: end }
  }
  const string = first.kind === 'punctuation' ? {} : { string: first }
  return { literal: { start, end: (tokens[after - 1] ?? first).end, entries, ...string }, next: end }
}

/** Reads an object, a list or a string; gives the index behind it, or the same index for anything else. */
function readLiteral(tokens: readonly Token[], index: number, entries: Map<string | number, Entry>): number {
  const first = tokens[index]
  if (first?.text === '{') return readObject(tokens, index + 1, entries)
  if (first?.text === '[') return readArray(tokens, index + 1, entries)
  return first?.kind === 'string' || first?.kind === 'template' ? index + 1 : index
}

function isWholeValue(after: Token | undefined): boolean {
  return after === undefined || endsValue(after) || isTypeTail(after)
}

function endsValue(token: Token): boolean {
  return token.kind === 'punctuation' && (token.text === ',' || token.text === ';' || closers.includes(token.text))
}

function isTypeTail(token: Token): boolean {
  return token.kind === 'name' && (token.text === 'as' || token.text === 'satisfies')
}

function skipValue(tokens: readonly Token[], start: number): number {
  let depth = 0
  let index = start
  for (let token = tokens[index]; token !== undefined; token = tokens[++index]) {
    if (depth === 0 && endsValue(token)) return index
    if (token.kind !== 'punctuation') continue
    if (openers.includes(token.text)) depth++
    else if (closers.includes(token.text)) depth--
  }
  return index
}

function readArray(tokens: readonly Token[], start: number, entries: Map<string | number, Entry>): number {
  let index = start
  for (let position = 0; index < tokens.length && tokens[index]?.text !== ']'; position++) {
    const value = readValue(tokens, index)
    if (value === undefined) break
    entries.set(position, { key: value.literal, value: value.literal })
    index = value.next
    if (tokens[index]?.text === ',') index++
    else break
  }
  return index + 1
}

function readObject(tokens: readonly Token[], start: number, entries: Map<string | number, Entry>): number {
  let index = start
  while (index < tokens.length && tokens[index]?.text !== '}') {
    index = readProperty(tokens, index, entries)
    if (tokens[index]?.text === ',') index++
    else break
  }
  return index + 1
}

function readProperty(tokens: readonly Token[], start: number, entries: Map<string | number, Entry>): number {
  const isComputed = tokens[start]?.text === '['
  const token = tokens[isComputed ? start + 1 : start]
  const afterKey = start + (isComputed ? 3 : 1)
  const key = token === undefined ? undefined : keyOf(token, isComputed)
  if (token === undefined || key === undefined) return skipValue(tokens, start)
  if (tokens[afterKey]?.text !== ':') {
    const shorthand = { start: token.start, end: token.end, entries: new Map() }
    entries.set(key, { key: token, value: shorthand })
    return skipValue(tokens, afterKey)
  }
  const value = readValue(tokens, afterKey + 1)
  if (value === undefined) return afterKey + 1
  entries.set(key, { key: token, value: value.literal })
  return value.next
}

function keyOf(token: Token, isComputed: boolean): string | undefined {
  if (token.kind === 'string') return decodeStringToken(token)?.text
  return !isComputed && (token.kind === 'name' || token.kind === 'number') ? token.text : undefined
}
