import nunjucks from 'nunjucks/src/lexer.js'
import { templateDiagnostic } from '../diagnostics.js'
import { SyntaxFault } from './syntax-fault.js'

/** A token with its place; a string's value is its text as written, without the quotes. */
export interface Token {
  readonly type: string
  readonly value: string
  /** Offset of the first character, and of the one after the last. */
  readonly start: number
  readonly end: number
}

// nunjucks does not export the class itself.
const Tokenizer = Object.getPrototypeOf(nunjucks.lex('')).constructor as new (
  source: string,
) => ReturnType<typeof nunjucks.lex>

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Marks of one character that begin no longer one. */
const marks: ReadonlyMap<string, string> = new Map([
  ['(', 'left-paren'],
  [')', 'right-paren'],
  ['[', 'left-bracket'],
  [']', 'right-bracket'],
  ['{', 'left-curly'],
  [',', 'comma'],
  [':', 'colon'],
  ['~', 'tilde'],
  ['|', 'pipe'],
  ['.', 'operator'],
])

const number =
  /0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|\d+(?:_\d+)*(\.\d+(?:_\d+)*)?([eE][+-]?\d+(?:_\d+)*)?/y
const integer = /\d+/y
const name = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy

/**
 * nunjucks' lexer with Jinja2's rules where they differ: brackets balance before `}}` ends an expression, numbers and
 * names are Python's, strings keep their escapes, `+` is a whitespace mark, `#}` in text is text. Each token knows its
 * offsets.
 */
export class JinjaLexer extends Tokenizer {
  readonly #brackets: { readonly value: string; readonly start: number }[] = []
  /** The tag that is open. */
  tag: { readonly value: string; readonly start: number } | undefined
  /** The end of the last token. */
  lastEnd = 0
  #lastValue = ''

  override nextToken(): (Token & ReturnType<InstanceType<typeof Tokenizer>['nextToken']>) | null {
    const token = this.in_code ? this.#code() : this.#text()
    if (token !== null) {
      this.lastEnd = token.end
      this.#lastValue = token.value
    }
    // nunjucks' lines and columns are not kept: places come from the offsets.
    return token as (Token & ReturnType<InstanceType<typeof Tokenizer>['nextToken']>) | null
  }

  #text(): Token | null {
    if (this.index >= this.len) return null
    const start = this.index
    const next = this.#nextTag(start)
    if (next > start) {
      this.index = next
      return { type: nunjucks.TOKEN_DATA, value: this.str.slice(start, next), start, end: next }
    }
    return this.str[start + 1] === '#' ? this.#comment(start) : this.#tagStart(start)
  }

  #nextTag(from: number): number {
    for (let i = this.str.indexOf('{', from); i !== -1; i = this.str.indexOf('{', i + 1)) {
      const next = this.str.charCodeAt(i + 1)
      if (next === 0x7b || next === 0x25 || next === 0x23) return i
    }
    return this.len
  }

  #comment(start: number): Token {
    const close = this.str.indexOf('#}', start + 2)
    if (close === -1) {
      throw new SyntaxFault(
        templateDiagnostic('unclosed-comment', undefined),
        { offset: start, length: 2 },
        { offset: this.len, message: 'the template ends here' },
      )
    }
    this.index = close + 2
    return { type: nunjucks.TOKEN_COMMENT, value: this.str.slice(start, this.index), start, end: this.index }
  }

  #tagStart(start: number): Token {
    const isBlock = this.str[start + 1] === '%'
    this.in_code = true
    this.index = start + (this.str[start + 2] === '-' ? 3 : 2)
    const value = this.str.slice(start, this.index)
    if (this.str[this.index] === '+') this.index++
    this.#brackets.length = 0
    this.tag = { value: value.slice(0, 2), start }
    const type = isBlock ? nunjucks.TOKEN_BLOCK_START : nunjucks.TOKEN_VARIABLE_START
    return { type, value, start, end: this.index }
  }

  #code(): Token | null {
    this.#skipSpace()
    const start = this.index
    if (start >= this.len) return null
    const code = this.str.charCodeAt(start)
    if (code === 0x27 || code === 0x22) return this.#string(start)
    if (code >= 0x30 && code <= 0x39) return this.#number(start)
    const word = code < 0x80 ? this.#plainName(start) : this.#match(name, start)
    if (word !== undefined) return this.#token(nunjucks.TOKEN_SYMBOL, word, start)
    return this.#simpleMark(start) ?? this.#punctuation(start)
  }

  /** The marks that most tags are made of, without the detour by nunjucks' lexer. */
  #simpleMark(start: number): Token | undefined {
    const char = this.str[start] ?? ''
    const type = marks.get(char)
    if (type !== undefined) {
      this.#balance(char, start)
      return this.#token(type, char, start)
    }
    const next = this.str[start + 1]
    if (char === '=' && next !== '=') return this.#token('operator', char, start)
    const isEnd = (char === '%' || char === '}') && next === '}' && this.#brackets.length === 0
    return isEnd ? this.#tagEnd(char, start) : undefined
  }

  /** A name of ASCII letters alone, as nearly all are; undefined when there is none, or when other letters follow. */
  #plainName(start: number): string | undefined {
    if (!isNameStart(this.str.charCodeAt(start))) return undefined
    let i = start + 1
    while (isNamePart(this.str.charCodeAt(i))) i++
    return this.str.charCodeAt(i) >= 0x80 ? this.#match(name, start) : this.str.slice(start, i)
  }

  #skipSpace(): void {
    let i = this.index
    while (isSpace(this.str.charCodeAt(i))) i++
    this.index = i
  }

  #string(start: number): Token {
    const quote = this.str[start] ?? ''
    let i = start + 1
    while (i < this.len && this.str[i] !== quote) i += this.str[i] === '\\' ? 2 : 1
    if (i >= this.len) {
      throw new SyntaxFault(
        templateDiagnostic('unclosed-string', { quote }),
        { offset: start },
        { offset: this.len, message: 'the template ends here' },
      )
    }
    this.index = i + 1
    return { type: nunjucks.TOKEN_STRING, value: this.str.slice(start + 1, i), start, end: this.index }
  }

  #number(start: number): Token {
    // `row.0.1` is two lookups, not the lookup of a float.
    if (this.#lastValue === '.') return this.#token(nunjucks.TOKEN_INT, this.#match(integer, start) ?? '', start)
    const text = this.#match(number, start) ?? ''
    const isFloat = !/^0[xXbBoO]/.test(text) && /[.eE]/.test(text)
    return this.#token(isFloat ? nunjucks.TOKEN_FLOAT : nunjucks.TOKEN_INT, text, start)
  }

  #punctuation(start: number): Token {
    const open = this.#brackets.at(-1)
    const char = this.str[start] ?? ''
    if (char === '}' && open?.value === '{') {
      this.#brackets.pop()
      return this.#token('right-curly', '}', start)
    }
    if (char === '+' && this.str.startsWith('%}', start + 1)) this.index++
    if (!'()[]{}%*-+/,:|.<>=!~'.includes(char)) throw unexpectedCharacter(this.str, start)
    const token = super.nextToken()
    if (token === null) throw new Error('punctuation starts here: this is a bug in fft')
    this.#balance(token.value, start)
    return { type: token.type, value: token.value, start, end: this.index }
  }

  #tagEnd(char: string, start: number): Token {
    this.in_code = false
    const type = char === '%' ? nunjucks.TOKEN_BLOCK_END : nunjucks.TOKEN_VARIABLE_END
    return this.#token(type, `${char}}`, start)
  }

  #balance(value: string, start: number): void {
    if (value in closers) this.#brackets.push({ value, start })
    else if (value === ')' || value === ']' || value === '}' || value.endsWith('%}') || value.endsWith('}}')) {
      const open = this.#brackets.pop()
      const close = open === undefined ? undefined : closers[open.value]
      if (open !== undefined && close !== undefined && close !== value) {
        throw new SyntaxFault(
          templateDiagnostic('unclosed-bracket', { open: open.value, close, found: `'${value}'` }),
          { offset: open.start },
          { offset: start, message: `'${value}' stands here` },
        )
      }
    }
  }

  #match(pattern: RegExp, start: number): string | undefined {
    pattern.lastIndex = start
    return pattern.exec(this.str)?.[0]
  }

  #token(type: string, value: string, start: number): Token {
    this.index = start + value.length
    return { type, value, start, end: this.index }
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || (code >= 0x09 && code <= 0x0d) || code === 0xa0
}

function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || (code >= 0x30 && code <= 0x39)
}

const characterHints: Readonly<Record<string, string>> = {
  '#': 'comments are written {# … #}, outside of tags and expressions',
  '&': "write 'and'",
}

function unexpectedCharacter(text: string, start: number): SyntaxFault {
  const char = String.fromCodePoint(text.codePointAt(start) ?? 0)
  const hint = characterHints[char]
  return new SyntaxFault(templateDiagnostic('template-syntax', { message: `unexpected character '${char}'`, hint }), {
    offset: start,
  })
}
