import nunjucks from 'nunjucks/src/lexer.js'
import { templateDiagnostic } from '../diagnostics.js'
import type { Expression, MacroBody, Parameter, Target, TemplateNode } from '../tree.js'
import { ExpressionParser } from './expression-parser.js'
import type { Token } from './lexer.js'
import { SyntaxFault } from './syntax-fault.js'
import { textNodes } from './text-nodes.js'

type StatementParser = (parser: TemplateParser, tag: Token) => TemplateNode | readonly TemplateNode[]

interface OpenBlock {
  readonly tag: string
  readonly offset: number
}

/** The statements and texts of a template; the grammar of each tag stands in `statements.ts`. */
export class TemplateParser extends ExpressionParser {
  readonly #statements: ReadonlyMap<string, StatementParser>
  /** The template is a string inside another file. */
  readonly #isInside: boolean
  readonly #open: OpenBlock[] = []
  /** Which of `varargs`, `kwargs` and `caller` the macro around speaks of. */
  #uses: Set<string>[] = []

  constructor(
    lexer: ConstructorParameters<typeof ExpressionParser>[0],
    at: (offset: number) => number,
    statements: ReadonlyMap<string, StatementParser>,
    isInside = false,
  ) {
    super(lexer, at)
    this.#statements = statements
    this.#isInside = isInside
  }

  /** The whole template. */
  parseAll(): TemplateNode[] {
    return this.#nodes([])
  }

  /** The nodes up to one of these tags, which is left for the caller to take; `tag` is the tag that opened the block. */
  parseBody(tag: Token, ...until: readonly string[]): TemplateNode[] {
    this.#open.push({ tag: tag.value, offset: this.#tagOffset(tag) })
    const body = this.#nodes(until)
    this.#open.pop()
    return body
  }

  readonly #tagOffsets = new WeakMap<Token, number>()

  #tagOffset(tag: Token): number {
    return this.#tagOffsets.get(tag) ?? tag.start
  }

  /** Takes `%}`. */
  endTag(): void {
    const token = this.peek()
    if (token === null || token.type !== nunjucks.TOKEN_BLOCK_END) throw this.unexpected(token, "'%}'")
    this.take()
    this.dropLeadingWhitespace = token.value.startsWith('-')
  }

  /** Takes the name and `%}` of a tag that ends a body. */
  endBlock(name: string): void {
    this.expectName(name)
    this.endTag()
  }

  #nodes(until: readonly string[]): TemplateNode[] {
    const nodes: TemplateNode[] = []
    for (let token = this.nextToken() as Token | null; token !== null; token = this.nextToken() as Token | null) {
      if (token.type === nunjucks.TOKEN_DATA) this.#text(token, nodes)
      else if (token.type === nunjucks.TOKEN_COMMENT) this.dropLeadingWhitespace = token.value.endsWith('-#}')
      else if (token.type === nunjucks.TOKEN_VARIABLE_START) nodes.push(this.#output())
      else if (!this.#statement(token, until, nodes)) return nodes
    }
    const open = this.#open.at(-1)
    if (until.length > 0 && open !== undefined) throw this.#unclosed(open)
    return nodes
  }

  #text(token: Token, nodes: TemplateNode[]): void {
    let { value, start } = token
    if (this.dropLeadingWhitespace) {
      const trimmed = value.trimStart()
      start += value.length - trimmed.length
      value = trimmed
      this.dropLeadingWhitespace = false
    }
    const next = this.peek()
    if (next !== null && next.value.charAt(2) === '-') value = value.trimEnd()
    nodes.push(...this.#textNodes(value, start))
  }

  #textNodes(value: string, start: number): TemplateNode[] {
    if (value === '') return []
    return this.#isInside ? textNodes(value, start, this.at) : [{ k: 'text', at: this.at(start), v: value }]
  }

  #output(): TemplateNode {
    this.dropLeadingWhitespace = false
    const start = this.offset()
    const e = this.parseTuple()
    const token = this.peek()
    if (token === null || token.type !== nunjucks.TOKEN_VARIABLE_END) throw this.unexpected(token, "'}}'")
    this.take()
    this.dropLeadingWhitespace = token.value.startsWith('-')
    return { k: 'out', at: this.at(start), e }
  }

  #statement(opening: Token, until: readonly string[], nodes: TemplateNode[]): boolean {
    this.dropLeadingWhitespace = false
    const tag = this.peek()
    if (tag === null || tag.type !== nunjucks.TOKEN_SYMBOL) throw this.unexpected(tag, 'the name of a tag')
    if (until.includes(tag.value)) return false
    const parse = this.#statements.get(tag.value)
    if (parse === undefined) throw this.#unknownTag(tag)
    this.#tagOffsets.set(tag, opening.start)
    this.take()
    const node = parse(this, tag)
    if ('k' in node) nodes.push(node)
    else nodes.push(...node)
    return true
  }

  #unknownTag(tag: Token): SyntaxFault {
    const place = { offset: tag.start, length: tag.end - tag.start }
    const opens = tag.value.startsWith('end') ? tag.value.slice(3) : middleTags.get(tag.value)
    if (opens === undefined || !(this.#statements.has(opens) || opens === 'raw')) {
      const known = this.#statements.keys()
      return new SyntaxFault(templateDiagnostic('unknown-tag', { tag: tag.value, known }), place)
    }
    const open = this.#open.at(-1)
    if (open === undefined) {
      return new SyntaxFault(templateDiagnostic('unexpected-tag', { tag: tag.value, opens }), place)
    }
    return new SyntaxFault(
      templateDiagnostic('unclosed-block', { tag: open.tag, found: tag.value }),
      { offset: open.offset, length: 2 },
      { offset: tag.start, message: `{% ${tag.value} %} stands here` },
    )
  }

  #unclosed(open: OpenBlock): SyntaxFault {
    return new SyntaxFault(
      templateDiagnostic('unclosed-block', { tag: open.tag, found: undefined }),
      { offset: open.offset, length: 2 },
      { offset: this.lexer.len, message: 'the template ends here' },
    )
  }

  /** The text of a raw block, whose `raw` was taken. */
  parseRaw(tag: Token): readonly TemplateNode[] {
    this.endTag()
    const trimStart = this.dropLeadingWhitespace
    this.dropLeadingWhitespace = false
    const start = this.lexer.index
    rawEnd.lastIndex = start
    const end = rawEnd.exec(this.lexer.str)
    if (end === null) throw this.#unclosed({ tag: 'raw', offset: this.#tagOffset(tag) })
    this.lexer.index = end.index + end[0].length
    this.lexer.in_code = false
    this.dropLeadingWhitespace = end[2] === '-'
    const text = this.lexer.str.slice(start, end.index)
    const from = trimStart ? text.length - text.trimStart().length : 0
    const value = end[1] === '-' ? text.slice(from).trimEnd() : text.slice(from)
    return this.#textNodes(value, start + from)
  }

  /** A name, several, or with `withNamespace` also an attribute of a namespace. */
  parseTarget(withNamespace = false): Target {
    const start = this.offset()
    const first = this.#targetItem(withNamespace)
    if (!this.isMark(',')) return first
    const items = [first]
    while (this.skipMark(',') && !this.isName('in') && !this.isMark('=')) items.push(this.#targetItem(withNamespace))
    return { k: 'tuple', at: this.at(start), items }
  }

  #targetItem(withNamespace: boolean): Target {
    const open = this.peek()
    if (this.skipMark('(')) {
      const inner = this.parseTarget(withNamespace)
      this.expectMark(')')
      return inner.k === 'tuple' || open === null ? inner : { k: 'tuple', at: this.at(open.start), items: [inner] }
    }
    const token = this.expectAnyName('a name')
    const at = this.at(token.start)
    if (reserved.has(token.value)) throw this.fault(`cannot assign to '${token.value}'`, token)
    if (!withNamespace || !this.skipMark('.')) return { k: 'name', at, v: token.value }
    return { k: 'nsattr', at, of: token.value, name: this.expectAnyName('a name').value }
  }

  /** `(a, b=1)` of a macro or call block. */
  parseParameters(): Parameter[] {
    this.expectMark('(')
    const params: Parameter[] = []
    while (!this.skipMark(')')) {
      if (params.length > 0 && !this.skipMark(',')) throw this.unexpected(this.peek(), "',' or ')'")
      if (this.skipMark(')')) break
      params.push(this.#parameter(params.at(-1)))
    }
    return params
  }

  #parameter(before: Parameter | undefined): Parameter {
    const token = this.expectAnyName('the name of a parameter')
    const at = this.at(token.start)
    if (this.skipMark('=')) return { name: token.value, at, default: this.parseExpression() }
    if (before?.default !== undefined) {
      throw this.fault(`the parameter '${token.value}' without a default stands behind one with a default`, token)
    }
    return { name: token.value, at }
  }

  /** The body of a macro or call block. */
  parseMacroBody(head: Omit<MacroBody, 'body' | 'uses'>, tag: Token, end: string): MacroBody {
    this.#uses.push(new Set())
    const body = this.parseBody(tag, end)
    const uses = [...(this.#uses.pop() ?? [])]
    this.endBlock(end)
    return { ...head, body, ...(uses.length === 0 ? {} : { uses }) }
  }

  override parseOperand(): Expression {
    const node = super.parseOperand()
    if (node.k === 'name' && extras.has(node.v)) for (const uses of this.#uses) uses.add(node.v)
    return node
  }
}

const extras: ReadonlySet<string> = new Set(['varargs', 'kwargs', 'caller'])
const reserved: ReadonlySet<string> = new Set(['true', 'false', 'none', 'True', 'False', 'None'])
const middleTags: ReadonlyMap<string, string> = new Map([
  ['elif', 'if'],
  ['else', 'if'],
])
const rawEnd = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g
