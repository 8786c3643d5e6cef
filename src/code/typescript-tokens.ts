/** A token of a TypeScript source; `end` is past its last character (UTF-16 offsets). */
export interface Token {
  readonly kind: 'name' | 'string' | 'template' | 'number' | 'regex' | 'punctuation'
  readonly text: string
  readonly start: number
  readonly end: number
}

/**
 * Splits TypeScript into tokens: enough to find a literal and its places without a compiler. Never fails: what it does
 * not understand is punctuation.
 */
export function tokenizeTypeScript(source: string): readonly Token[] {
  const tokens: Token[] = []
  let position = 0
  while (position < source.length) {
    const afterBlank = skipBlank(source, position)
    if (afterBlank > position) {
      position = afterBlank
      continue
    }
    const token = readToken(source, position, tokens.at(-1))
    tokens.push(token)
    position = token.end
  }
  return tokens
}

const blank = /(?:[\s\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y
const name = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy
const number = /\.?\d(?:[eE][+-]?|[\w.])*/y
const string = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y
const regex = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y

function skipBlank(source: string, position: number): number {
  return position + matchLength(blank, source, position)
}

function readToken(source: string, start: number, before: Token | undefined): Token {
  const make = (kind: Token['kind'], length: number): Token => {
    const end = Math.min(start + length, source.length)
    return { kind, text: source.slice(start, end), start, end }
  }
  const first = source[start]
  if (first === '`') return make('template', templateEnd(source, start) - start)
  const candidates = [
    ['string', string],
    ['name', name],
    ['number', number],
  ] as const
  for (const [kind, pattern] of candidates) {
    const length = matchLength(pattern, source, start)
    if (length > 0) return make(kind, length)
  }
  if (first === '/' && mayStartRegex(before)) {
    const length = matchLength(regex, source, start)
    if (length > 0) return make('regex', length)
  }
  if (source.startsWith('=>', start)) return make('punctuation', 2)
  return source.startsWith('...', start) ? make('punctuation', 3) : make('punctuation', 1)
}

function matchLength(pattern: RegExp, source: string, position: number): number {
  pattern.lastIndex = position
  return pattern.exec(source)?.[0].length ?? 0
}

const wordsBeforeRegex = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else'])

function mayStartRegex(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'name') return wordsBeforeRegex.has(before.text)
  return before.kind === 'punctuation' && !')]}'.includes(before.text)
}

function templateEnd(source: string, start: number): number {
  let position = start + 1
  while (position < source.length) {
    if (source[position] === '\\') position += 2
    else if (source[position] === '`') return position + 1
    else if (source.startsWith('${', position)) position = substitutionEnd(source, position + 2)
    else position++
  }
  return source.length
}

function substitutionEnd(source: string, start: number): number {
  let depth = 1
  let before: Token | undefined
  let position = skipBlank(source, start)
  while (position < source.length) {
    const token = readToken(source, position, before)
    if (token.text === '{') depth++
    if (token.text === '}' && --depth === 0) return token.end
    before = token
    position = skipBlank(source, token.end)
  }
  return source.length
}
