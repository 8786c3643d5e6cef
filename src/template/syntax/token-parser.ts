import nunjucksLexer from 'nunjucks/src/lexer.js'
import nunjucks from 'nunjucks/src/parser.js'
import { templateDiagnostic } from '../diagnostics.js'
import type { At } from '../tree.js'
import type { JinjaLexer, Token } from './lexer.js'
import { SyntaxFault } from './syntax-fault.js'

/** nunjucks' parser with typed tokens, places and faults: what the grammar above it is written in. */
export class TokenParser extends nunjucks.Parser {
  readonly lexer: JinjaLexer
  /** The place of an offset. */
  readonly at: (offset: number) => At

  constructor(lexer: JinjaLexer, at: (offset: number) => At) {
    super(lexer)
    this.lexer = lexer
    this.at = at
  }

  /** The next token, which stays; null at the end of the file. */
  peek(): Token | null {
    return (this.peeked as Token | null | undefined) ?? (this.peekToken() as Token | null)
  }

  /** Takes the next token; the end of the file inside a tag is a fault. */
  take(): Token {
    const token = this.nextToken() as Token | null
    if (token === null) throw this.unexpected(null)
    return token
  }

  /** The offset at which the next token starts. */
  offset(): number {
    return this.peek()?.start ?? this.lexer.len
  }

  /** Whether the next token is this name. */
  isName(name: string): boolean {
    const token = this.peek()
    return token !== null && token.value === name && token.type === nunjucksLexer.TOKEN_SYMBOL
  }

  /** Whether the next token is this punctuation. */
  isMark(mark: string): boolean {
    const token = this.peek()
    return token !== null && token.value === mark && isPunctuation(token)
  }

  /** Takes the next token if it is this name. */
  skipName(name: string): boolean {
    const found = this.isName(name)
    if (found) this.nextToken()
    return found
  }

  /** Takes the next token if it is this punctuation. */
  skipMark(mark: string): boolean {
    const found = this.isMark(mark)
    if (found) this.nextToken()
    return found
  }

  /** Takes this punctuation, or fails. */
  expectMark(mark: string): Token {
    if (!this.isMark(mark)) throw this.unexpected(this.peek(), `'${mark}'`)
    return this.take()
  }

  /** Takes this name, or fails. */
  expectName(name: string): void {
    if (!this.skipName(name)) throw this.unexpected(this.peek(), `'${name}'`)
  }

  /** Takes any name, or fails. */
  expectAnyName(what: string): Token {
    const token = this.peek()
    if (token === null || token.type !== nunjucksLexer.TOKEN_SYMBOL) throw this.unexpected(token, what)
    return this.take()
  }

  /** The fault of a token that cannot stand where it does. */
  unexpected(token: Token | null, expected?: string): SyntaxFault {
    if (token === null) return this.#endOfFile()
    const tail = expected === undefined ? '' : `, expected ${expected}`
    return this.fault(`unexpected ${describe(token)}${tail}`, token, hintFor(token, expected))
  }

  /** A fault of the syntax at a token. */
  fault(message: string, token: Pick<Token, 'start' | 'end'>, hint?: string): SyntaxFault {
    const place = { offset: token.start, length: token.end - token.start }
    return new SyntaxFault(templateDiagnostic('template-syntax', { message, hint }), place)
  }

  #endOfFile(): SyntaxFault {
    const open = this.lexer.tag?.value ?? '{{'
    return new SyntaxFault(
      templateDiagnostic('unclosed-expression', { open, close: open === '{{' ? '}}' : '%}' }),
      { offset: this.lexer.tag?.start ?? 0, length: 2 },
      { offset: this.lexer.len, message: 'the template ends here' },
    )
  }
}

function hintFor({ value }: Token, expected: string | undefined): string | undefined {
  if (expected === 'an expression') return 'a name, a value or a call is missing here'
  if (expected !== "'%}'") return undefined
  return value === '=' ? 'compare with ==' : value === 'if' ? 'write {% elif … %}' : undefined
}

function isPunctuation(token: Token): boolean {
  return token.type !== nunjucksLexer.TOKEN_STRING && token.type !== nunjucksLexer.TOKEN_SYMBOL
}

function describe(token: Token): string {
  if (token.type === nunjucksLexer.TOKEN_STRING) return 'string'
  return `'${token.value}'`
}
