import { templateDiagnostic } from '../diagnostics.js'
import type { JinjaLexer } from './lexer.js'
import { SyntaxFault } from './syntax-fault.js'

const strings = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/g

/**
 * The true fault behind one that was met inside a tag: text behind a `{{` that nobody closed reads as an odd expression,
 * text behind a quote that nobody closed as an odd string. Gives back any other fault as it is.
 */
export function unclosedTag(lexer: JinjaLexer, fault: SyntaxFault): SyntaxFault {
  const { tag } = lexer
  if (!lexer.in_code || tag === undefined) return fault
  if (fault.diagnostic.code === 'unclosed-block' || fault.diagnostic.code === 'unclosed-string') return fault
  const close = tag.value === '{{' ? '}}' : '%}'
  const text = lexer.str.slice(tag.start + 2)
  for (const match of text.matchAll(strings)) {
    if (tag.start + 2 + match.index >= fault.offset) break
    if (closesFirst(match[0], close)) return unclosedString(tag.start + 2 + match.index, match[0])
  }
  if (closesFirst(text.replace(strings, ''), close)) return fault
  return new SyntaxFault(
    templateDiagnostic('unclosed-expression', { open: tag.value, close }),
    { offset: tag.start, length: 2 },
    { offset: lexer.len, message: 'the template ends here' },
  )
}

/** Whether the tag's end stands before the start of another tag. */
function closesFirst(text: string, close: string): boolean {
  const end = text.indexOf(close)
  const start = text.search(/\{[{%#]/)
  return end !== -1 && (start === -1 || end < start)
}

function unclosedString(offset: number, literal: string): SyntaxFault {
  return new SyntaxFault(templateDiagnostic('unclosed-string', { quote: literal.charAt(0) }), { offset })
}
