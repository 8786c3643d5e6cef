import nunjucks from 'nunjucks/src/lexer.js'
import type { Expression, ForNode, IfNode, SetNode, Target, TemplateNode, WithNode } from '../tree.js'
import type { Token } from './lexer.js'
import type { TemplateParser } from './template-parser.js'

type Parse = (parser: TemplateParser, tag: Token) => TemplateNode | readonly TemplateNode[]

/** The grammar of each tag; its name was taken, the rest is to be taken up to its last `%}`. */
export const statements: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['if', parseIf],
  ['for', parseFor],
  ['set', parseSet],
  ['macro', parseMacro],
  ['test', parseMacro],
  ['call', parseCall],
  ['filter', parseFilterBlock],
  ['with', parseWith],
  ['do', parseDo],
  ['break', parseJump],
  ['continue', parseJump],
  ['block', parseBlock],
  ['extends', parseExtends],
  ['include', parseInclude],
  ['import', parseImport],
  ['from', parseFrom],
  ['raw', (parser, tag) => parser.parseRaw(tag)],
  ['snapshot', parseSnapshot],
])

function parseIf(parser: TemplateParser, tag: Token): IfNode {
  const branches: [Expression, readonly TemplateNode[]][] = []
  let otherwise: readonly TemplateNode[] | undefined
  do {
    const test = parser.parseTuple(false)
    parser.endTag()
    branches.push([test, parser.parseBody(tag, 'elif', 'else', 'endif')])
  } while (parser.skipName('elif'))
  if (parser.skipName('else')) {
    parser.endTag()
    otherwise = parser.parseBody(tag, 'endif')
  }
  parser.endBlock('endif')
  return { k: 'if', at: parser.at(tag.start), branches, ...(otherwise === undefined ? {} : { otherwise }) }
}

function parseFor(parser: TemplateParser, tag: Token): ForNode {
  const target = parser.parseTarget()
  parser.expectName('in')
  const iter = parser.parseTuple(false)
  const cond = parser.skipName('if') ? { cond: parser.parseExpression() } : {}
  const recursive = parser.skipName('recursive') ? { recursive: true as const } : {}
  parser.endTag()
  const body = parser.parseBody(tag, 'endfor', 'else')
  const otherwise = parser.skipName('else') ? { otherwise: parseElse(parser, tag) } : {}
  parser.endBlock('endfor')
  return { k: 'for', at: parser.at(tag.start), target, iter, ...cond, body, ...otherwise, ...recursive }
}

function parseElse(parser: TemplateParser, tag: Token): readonly TemplateNode[] {
  parser.endTag()
  return parser.parseBody(tag, 'endfor')
}

function parseSet(parser: TemplateParser, tag: Token): TemplateNode {
  const at = parser.at(tag.start)
  const target = parser.parseTarget(true)
  if (parser.skipMark('=')) {
    const e = parser.parseTuple()
    parser.endTag()
    return { k: 'set', at, target, e } satisfies SetNode
  }
  const filter = parser.isMark('|') ? parseBodyFilters(parser, at) : undefined
  parser.endTag()
  const body = parser.parseBody(tag, 'endset')
  parser.endBlock('endset')
  return { k: 'setblock', at, target, ...(filter === undefined ? {} : { filter }), body }
}

function parseBodyFilters(parser: TemplateParser, at: number): Expression {
  let filter: Expression = { k: 'body', at }
  while (parser.skipMark('|')) filter = parser.parseFilter(filter)
  return filter
}

function parseMacro(parser: TemplateParser, tag: Token): TemplateNode {
  const token = parser.expectAnyName(`the name of the ${tag.value}`)
  // dbt keeps generic tests as macros of this name.
  const name = tag.value === 'test' ? `test_${token.value}` : token.value
  const params = parser.parseParameters()
  parser.endTag()
  const head = { name, at: parser.at(token.start), params }
  return { k: 'macro', ...parser.parseMacroBody(head, tag, `end${tag.value}`) }
}

function parseCall(parser: TemplateParser, tag: Token): TemplateNode {
  const params = parser.isMark('(') ? parser.parseParameters() : []
  const token = parser.peek()
  const call = parser.parseExpression()
  if (call.k !== 'call' && token !== null) throw parser.fault('{% call %} needs a call of a macro', token)
  parser.endTag()
  const caller = parser.parseMacroBody({ name: 'caller', at: parser.at(tag.start), params }, tag, 'endcall')
  if (call.k !== 'call') throw parser.unexpected(token)
  return { k: 'callblock', at: call.at, caller, call }
}

function parseFilterBlock(parser: TemplateParser, tag: Token): TemplateNode {
  const at = parser.at(tag.start)
  let e = parser.parseFilter({ k: 'body', at })
  while (parser.skipMark('|')) e = parser.parseFilter(e)
  parser.endTag()
  const body = parser.parseBody(tag, 'endfilter')
  parser.endBlock('endfilter')
  return { k: 'filterblock', at: e.at, e, body }
}

function parseWith(parser: TemplateParser, tag: Token): WithNode {
  const sets: [Target, Expression][] = []
  while (parser.peek()?.type !== nunjucks.TOKEN_BLOCK_END) {
    if (sets.length > 0) parser.expectMark(',')
    const token = parser.expectAnyName('a name')
    parser.expectMark('=')
    sets.push([{ k: 'name', at: parser.at(token.start), v: token.value }, parser.parseExpression()])
  }
  parser.endTag()
  const body = parser.parseBody(tag, 'endwith')
  parser.endBlock('endwith')
  return { k: 'with', at: parser.at(tag.start), sets, body }
}

function parseDo(parser: TemplateParser, tag: Token): TemplateNode {
  const e = parser.parseTuple()
  parser.endTag()
  return { k: 'do', at: parser.at(tag.start), e }
}

function parseJump(parser: TemplateParser, tag: Token): TemplateNode {
  parser.endTag()
  return { k: tag.value === 'break' ? 'break' : 'continue', at: parser.at(tag.start) }
}

function parseBlock(parser: TemplateParser, tag: Token): TemplateNode {
  const token = parser.expectAnyName('the name of the block')
  const scoped = parser.skipName('scoped') ? { scoped: true as const } : {}
  const required = parser.skipName('required') ? { required: true as const } : {}
  parser.endTag()
  const body = parser.parseBody(tag, 'endblock')
  parser.expectName('endblock')
  parser.skipName(token.value)
  parser.endTag()
  return { k: 'block', at: parser.at(token.start), name: token.value, body, ...scoped, ...required }
}

function parseSnapshot(parser: TemplateParser, tag: Token): TemplateNode {
  const token = parser.expectAnyName('the name of the snapshot')
  parser.endTag()
  const body = parser.parseBody(tag, 'endsnapshot')
  parser.endBlock('endsnapshot')
  return { k: 'snapshot', at: parser.at(token.start), name: token.value, body }
}

function parseExtends(parser: TemplateParser, tag: Token): TemplateNode {
  const e = parser.parseExpression()
  parser.endTag()
  return { k: 'extends', at: parser.at(tag.start), e }
}

function parseInclude(parser: TemplateParser, tag: Token): TemplateNode {
  const e = parser.parseExpression()
  const ignoreMissing = parser.skipName('ignore') ? { ignoreMissing: true as const } : {}
  if ('ignoreMissing' in ignoreMissing) parser.expectName('missing')
  const withoutContext = parseContext(parser) === false ? { withoutContext: true as const } : {}
  parser.endTag()
  return { k: 'include', at: parser.at(tag.start), e, ...ignoreMissing, ...withoutContext }
}

function parseImport(parser: TemplateParser, tag: Token): TemplateNode {
  const e = parser.parseExpression()
  parser.expectName('as')
  const { value: name } = parser.expectAnyName('a name')
  const withContext = parseContext(parser) === true ? { withContext: true as const } : {}
  parser.endTag()
  return { k: 'import', at: parser.at(tag.start), e, name, ...withContext }
}

function parseFrom(parser: TemplateParser, tag: Token): TemplateNode {
  const e = parser.parseExpression()
  parser.expectName('import')
  const names: [string, string, number][] = []
  let context: boolean | undefined
  while (context === undefined && parser.peek()?.type !== nunjucks.TOKEN_BLOCK_END) {
    if (names.length > 0) parser.expectMark(',')
    context = names.length > 0 ? parseContext(parser) : undefined
    if (context !== undefined || parser.peek()?.type === nunjucks.TOKEN_BLOCK_END) break
    names.push(parseImportedName(parser))
    context = parseContext(parser)
  }
  if (names.length === 0) throw parser.unexpected(parser.peek(), 'the name of a macro')
  parser.endTag()
  return { k: 'from', at: parser.at(tag.start), e, names, ...(context === true ? { withContext: true } : {}) }
}

function parseImportedName(parser: TemplateParser): [string, string, number] {
  const token = parser.expectAnyName('the name of a macro')
  const alias = parser.skipName('as') ? parser.expectAnyName('a name').value : token.value
  return [token.value, alias, parser.at(token.start)]
}

function parseContext(parser: TemplateParser): boolean | undefined {
  const wanted = parser.isName('with') ? true : parser.isName('without') ? false : undefined
  if (wanted === undefined) return undefined
  parser.take()
  parser.expectName('context')
  return wanted
}
