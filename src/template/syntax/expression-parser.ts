import nunjucks from 'nunjucks/src/lexer.js'
import type { Arguments, BinaryOperator, CompareOperator, Expression } from '../tree.js'
import type { Token } from './lexer.js'
import { integer, joining, LiteralParser } from './literal-parser.js'

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
const products: ReadonlySet<string> = new Set(['*', '/', '//', '%'])
const sums: ReadonlySet<string> = new Set(['+', '-'])
const testArgument: ReadonlySet<string> = new Set([
  'string',
  'symbol',
  'int',
  'float',
  'left-paren',
  'left-bracket',
  'left-curly',
])
const maxDepth = 150

/** What ends an expression whatever its operators. */
const endings: ReadonlySet<string> = new Set([
  'comma',
  'colon',
  'right-paren',
  'right-bracket',
  'right-curly',
  'variable-end',
  'block-end',
])

/** An operand that was read already, and where it starts. */
interface First {
  readonly node: Expression
  readonly start: number
}

interface Stars {
  star?: Expression
  starKw?: Expression
}

/** Jinja2's expressions, by its rules of precedence. */
export class ExpressionParser extends LiteralParser {
  #depth = 0

  /** An expression; `a if b else c` unless `withCondition` is false. */
  parseExpression(withCondition = true): Expression {
    const token = this.peek()
    if (++this.#depth > maxDepth && token !== null) {
      throw this.fault(`the expression is nested more than ${maxDepth} deep`, token)
    }
    const result = withCondition ? this.#conditional() : this.parseOr()
    this.#depth--
    return result
  }

  /** An expression, or several with commas between: a tuple. */
  parseTuple(withCondition = true): Expression {
    const start = this.offset()
    const first = this.parseExpression(withCondition)
    if (!this.isMark(',')) return first
    const items = [first]
    while (this.skipMark(',') && !this.#endsTuple()) items.push(this.parseExpression(withCondition))
    return { k: 'tuple', at: this.at(start), items }
  }

  #endsTuple(): boolean {
    const type = this.peek()?.type
    return (
      type === undefined ||
      type === nunjucks.TOKEN_BLOCK_END ||
      type === nunjucks.TOKEN_VARIABLE_END ||
      type === 'right-paren' ||
      this.isMark('=') ||
      this.isName('recursive')
    )
  }

  #conditional(): Expression {
    const start = this.offset()
    // Most expressions are one operand: what follows it says so without a walk through all precedences.
    const operand = this.isName('not') ? undefined : this.#unary(true)
    if (operand !== undefined && endings.has(this.peek()?.type ?? '')) return operand
    let node = this.parseOr(operand && { node: operand, start })
    while (this.skipName('if')) {
      const test = this.parseOr()
      const otherwise = this.skipName('else') ? { otherwise: this.#conditional() } : {}
      node = { k: 'cond', at: this.at(start), test, value: node, ...otherwise }
    }
    return node
  }

  override parseOr(first?: First): Expression {
    const start = first?.start ?? this.offset()
    let node = this.parseAnd(first)
    while (this.skipName('or')) node = { k: 'or', at: this.at(start), a: node, b: this.parseAnd() }
    return node
  }

  override parseAnd(first?: First): Expression {
    const start = first?.start ?? this.offset()
    let node = this.#not(first)
    while (this.skipName('and')) node = { k: 'and', at: this.at(start), a: node, b: this.#not() }
    return node
  }

  #not(first?: First): Expression {
    const start = first?.start ?? this.offset()
    if (first === undefined && this.skipName('not')) return { k: 'not', at: this.at(start), a: this.#not() }
    return this.#compare(first)
  }

  #compare(first?: First): Expression {
    const start = first?.start ?? this.offset()
    const a = this.#sum(first)
    const ops: [CompareOperator, Expression][] = []
    for (let op = this.#comparison(); op !== undefined; op = this.#comparison()) ops.push([op, this.#sum()])
    return ops.length === 0 ? a : { k: 'cmp', at: this.at(start), a, ops }
  }

  #comparison(): CompareOperator | undefined {
    const token = this.peek()
    if (token === null) return undefined
    if (token.type === 'operator' && comparisons.has(token.value)) return this.take().value as CompareOperator
    if (this.skipName('in')) return 'in'
    if (!this.skipName('not')) return undefined
    this.expectName('in')
    return 'not in'
  }

  #sum(first?: First): Expression {
    const start = first?.start ?? this.offset()
    let node = this.#concat(first)
    for (let op = this.#operator(sums); op !== undefined; op = this.#operator(sums)) {
      node = { k: 'bin', at: this.at(start), op, a: node, b: this.#concat() }
    }
    return node
  }

  #concat(first?: First): Expression {
    const start = first?.start ?? this.offset()
    const node = this.#product(first)
    if (!this.isMark('~')) return node
    const items = [node]
    while (this.skipMark('~')) items.push(this.#product())
    return { k: 'concat', at: this.at(start), items }
  }

  #product(first?: First): Expression {
    const start = first?.start ?? this.offset()
    let node = this.#power(first)
    for (let op = this.#operator(products); op !== undefined; op = this.#operator(products)) {
      node = { k: 'bin', at: this.at(start), op, a: node, b: this.#power() }
    }
    return node
  }

  #power(first?: First): Expression {
    const start = first?.start ?? this.offset()
    let node = first?.node ?? this.#unary(true)
    while (this.skipMark('**')) node = { k: 'bin', at: this.at(start), op: '**', a: node, b: this.#unary(true) }
    return node
  }

  #operator(operators: ReadonlySet<string>): BinaryOperator | undefined {
    const token = this.peek()
    if (token === null || token.type !== 'operator' || !operators.has(token.value)) return undefined
    return this.take().value as BinaryOperator
  }

  #unary(withFilters: boolean): Expression {
    const start = this.offset()
    let node: Expression
    if (this.isMark('-') || this.isMark('+')) {
      const k = this.take().value === '-' ? 'neg' : 'pos'
      node = { k, at: this.at(start), a: this.#unary(false) }
    } else node = this.parseOperand()
    node = this.#postfix(node, start)
    return withFilters ? this.parseFilters(node, start) : node
  }

  #postfix(node: Expression, start: number): Expression {
    let result = node
    for (;;) {
      if (this.skipMark('.')) result = this.#attribute(result)
      else if (this.isMark('[')) result = this.#subscript(result)
      else if (this.isMark('(')) result = this.#call(result, start)
      else return result
    }
  }

  #attribute(of: Expression): Expression {
    const token = this.take()
    const at = this.at(token.start)
    if (token.type === nunjucks.TOKEN_SYMBOL) return { k: 'attr', at, of, name: token.value }
    if (token.type !== nunjucks.TOKEN_INT) throw this.unexpected(token, 'a name')
    return { k: 'item', at, of, key: { ...integer(token.value), at } }
  }

  #subscript(of: Expression): Expression {
    const open = this.take()
    const start = this.isMark(':') ? undefined : this.parseExpression()
    if (start !== undefined && !this.isMark(':')) {
      const key = this.#subscriptKey(start)
      this.expectMark(']')
      return { k: 'item', at: key.at, of, key }
    }
    this.expectMark(':')
    const stop = this.isMark(':') || this.isMark(']') ? undefined : this.parseExpression()
    const step = this.skipMark(':') && !this.isMark(']') ? this.parseExpression() : undefined
    this.expectMark(']')
    return {
      k: 'slice',
      at: this.at(open.start),
      of,
      ...(start === undefined ? {} : { start }),
      ...(stop === undefined ? {} : { stop }),
      ...(step === undefined ? {} : { step }),
    }
  }

  #subscriptKey(first: Expression): Expression {
    if (!this.isMark(',')) return first
    const items = [first]
    while (this.skipMark(',')) items.push(this.parseExpression())
    return { k: 'tuple', at: first.at, items }
  }

  #call(fn: Expression, start: number): Expression {
    return { k: 'call', at: this.at(start), fn, ...this.parseArguments() }
  }

  /** `(a, *b, c=d, **e)`. */
  parseArguments(): Arguments {
    this.expectMark('(')
    const args: Expression[] = []
    const kwargs: [string, Expression, number][] = []
    const stars: Stars = {}
    for (let first = true; !this.skipMark(')'); first = false) {
      if (!first) this.expectComma(')')
      if (this.skipMark(')')) break
      this.#argument(args, kwargs, stars)
    }
    return { args, ...(kwargs.length === 0 ? {} : { kwargs }), ...stars }
  }

  #argument(args: Expression[], kwargs: [string, Expression, number][], stars: Stars): void {
    const start = this.peek()
    if (this.skipMark('**')) stars.starKw = this.parseExpression()
    else if (this.skipMark('*')) stars.star = this.parseExpression()
    else {
      const value = this.parseExpression()
      if (value.k === 'name' && this.skipMark('=')) kwargs.push([value.v, this.parseExpression(), value.at])
      else if (this.isMark('=')) throw this.unexpected(this.peek(), "',' or ')'")
      else args.push(value)
      if (start !== null && args.at(-1) === value)
        this.#needFirst(start, kwargs.length > 0 || 'star' in stars || 'starKw' in stars)
    }
  }

  #needFirst(argument: Token, isBehindNamed: boolean): void {
    if (!isBehindNamed) return
    throw this.fault('an argument without a name stands behind one with a name', argument, 'name it, or put it first')
  }

  /** The filters, tests and calls behind an operand. */
  parseFilters(node: Expression, start: number): Expression {
    let result = node
    for (;;) {
      if (this.skipMark('|')) result = this.parseFilter(result)
      else if (this.isName('is')) result = this.#test(result)
      else if (this.isMark('(')) result = this.#call(result, start)
      else return result
    }
  }

  /** One filter, behind its `|`. */
  parseFilter(of: Expression): Expression {
    const token = this.expectAnyName('the name of a filter')
    const name = this.#dotted(token)
    const args = this.isMark('(') ? this.parseArguments() : { args: [] }
    return { k: 'filter', at: this.at(token.start), of, name, ...args }
  }

  #dotted(first: Token): string {
    let name = first.value
    while (this.skipMark('.')) name += `.${this.expectAnyName('a name').value}`
    return name
  }

  #test(of: Expression): Expression {
    this.take()
    const not = this.skipName('not') ? { not: true as const } : {}
    const token = this.expectAnyName('the name of a test')
    const name = this.#dotted(token)
    return { k: 'test', at: this.at(token.start), of, name, ...not, ...this.#testArguments() }
  }

  #testArguments(): Arguments {
    if (this.isMark('(')) return this.parseArguments()
    const token = this.peek()
    if (token === null || !testArgument.has(token.type)) return { args: [] }
    if (token.type === nunjucks.TOKEN_SYMBOL && (joining.has(token.value) || token.value === 'recursive')) {
      if (token.value === 'is') throw this.fault("tests cannot be chained with 'is'", token, "join them with 'and'")
      return { args: [] }
    }
    return { args: [this.#postfix(this.parseOperand(), token.start)] }
  }
}
