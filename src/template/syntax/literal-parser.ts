import nunjucks from 'nunjucks/src/lexer.js'
import type { ConstantLiteral, Expression, NumberLiteral, StringLiteral } from '../tree.js'
import type { Token } from './lexer.js'
import { unescapeString } from './string-literal.js'
import { TokenParser } from './token-parser.js'

const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])
/** Words that join expressions and so start none. */
export const joining: ReadonlySet<string> = new Set(['and', 'or', 'if', 'else', 'in', 'is', 'not'])
/** Python's literals as Jinja2 reads them: the operands of expressions. */
export abstract class LiteralParser extends TokenParser {
  /** An expression; `a if b else c` unless `withCondition` is false. */
  abstract parseExpression(withCondition?: boolean): Expression

  /** An expression, or several with commas between: a tuple. */
  abstract parseTuple(withCondition?: boolean): Expression

  /** A literal, a name or something in brackets. */
  parseOperand(): Expression {
    const token = this.take()
    switch (token.type) {
      case nunjucks.TOKEN_SYMBOL:
        return this.#name(token)
      case nunjucks.TOKEN_STRING:
        return this.#string(token)
      case nunjucks.TOKEN_INT:
        return { ...integer(token.value), at: this.at(token.start) }
      case nunjucks.TOKEN_FLOAT:
        return { k: 'float', at: this.at(token.start), v: token.value.replaceAll('_', '') }
      case 'left-paren':
        return this.#parenthesized(token)
      case 'left-bracket':
        return { k: 'list', at: this.at(token.start), items: this.#items(']') }
      case 'left-curly':
        return this.#dict(token)
      default:
        throw this.unexpected(token, 'an expression')
    }
  }

  #name(token: Token): Expression {
    const at = this.at(token.start)
    const constant = constants.get(token.value)
    if (constant !== undefined) return { k: 'const', at, v: constant } satisfies ConstantLiteral
    if (joining.has(token.value)) throw this.unexpected(token, 'an expression')
    return { k: 'name', at, v: token.value }
  }

  #string(first: Token): StringLiteral {
    const jumps: number[] = []
    let value = this.#stringPart(first, 0, jumps)
    while (this.peek()?.type === nunjucks.TOKEN_STRING) {
      const token = this.take()
      jumps.push(value.length, this.at(token.start + 1))
      value += this.#stringPart(token, value.length, jumps)
    }
    const at = this.at(first.start)
    return jumps.length === 0 ? { k: 'str', at, v: value } : { k: 'str', at, v: value, jumps }
  }

  #stringPart(token: Token, offset: number, jumps: number[]): string {
    return unescapeString(token.value, (inValue, inRaw) => {
      jumps.push(offset + inValue, this.at(token.start + 1 + inRaw))
    })
  }

  #parenthesized(open: Token): Expression {
    if (this.skipMark(')')) return { k: 'tuple', at: this.at(open.start), items: [] }
    const inner = this.parseTuple()
    this.expectMark(')')
    return inner
  }

  #items(close: string): Expression[] {
    const items: Expression[] = []
    while (!this.skipMark(close)) {
      if (items.length > 0) this.expectComma(close)
      if (this.skipMark(close)) break
      items.push(this.parseExpression())
    }
    return items
  }

  /** Takes the comma between two items of something that `close` ends, or fails. */
  expectComma(close: string): void {
    if (!this.skipMark(',')) throw this.unexpected(this.peek(), `',' or '${close}'`)
  }

  #dict(open: Token): Expression {
    const entries: [Expression, Expression][] = []
    while (!this.skipMark('}')) {
      if (entries.length > 0) this.expectComma('}')
      if (this.skipMark('}')) break
      const key = this.parseExpression()
      this.expectMark(':')
      entries.push([key, this.parseExpression()])
    }
    return { k: 'dict', at: this.at(open.start), entries }
  }
}

/** An integer literal as the tree keeps it, without its place. */
export function integer(text: string): Pick<NumberLiteral, 'k' | 'v'> {
  const digits = text.replaceAll('_', '')
  const value = Number(digits)
  return Number.isSafeInteger(value) ? { k: 'int', v: value } : { k: 'bigint', v: String(BigInt(digits)) }
}
