import type { Diagnostic } from '../core/index.js'
import { templateDiagnostic } from './diagnostics.js'
import { placesIn, spanAt } from './places.js'
import { isStackOverflow } from './stack-overflow.js'
import { JinjaLexer } from './syntax/lexer.js'
import { statements } from './syntax/statements.js'
import { SyntaxFault } from './syntax/syntax-fault.js'
import { TemplateParser } from './syntax/template-parser.js'
import { unclosedTag } from './syntax/unclosed-tag.js'
import type { ParsedTemplate, TemplateSource } from './types.js'

/** Turns a template's text into its syntax tree. Reports the first fault of its syntax at its place. */
export function parseTemplate(source: TemplateSource): ParsedTemplate {
  const text = normalized(source)
  const at = placesIn(source, text)
  const lexer = new JinjaLexer(text)
  try {
    const body = new TemplateParser(lexer, at, statements, source.origin !== undefined).parseAll()
    const macros = body.flatMap((node) => (node.k === 'macro' ? [node.name] : []))
    return { template: { file: source.file, body, macros }, diagnostics: [] }
  } catch (fault) {
    const known = isStackOverflow(fault) ? tooDeep(lexer) : fault
    if (!(known instanceof SyntaxFault)) throw known
    return { diagnostics: [placed(unclosedTag(lexer, known), source.file, at)] }
  }
}

function tooDeep(lexer: JinjaLexer): SyntaxFault {
  const message = 'the expression is nested too deep'
  return new SyntaxFault(templateDiagnostic('template-syntax', { message }), { offset: lexer.tag?.start ?? 0 })
}

/** As Jinja2 does it: CRLF is a line feed, and one line end at the end of the text is no part of it. */
function normalized(source: TemplateSource): string {
  // Places inside another file are counted in the text as it is.
  const text =
    source.origin === undefined && source.text.includes('\r\n') ? source.text.replaceAll('\r\n', '\n') : source.text
  return text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text
}

function placed(fault: SyntaxFault, file: string, at: (offset: number) => number): Diagnostic {
  const { related } = fault
  return {
    ...fault.diagnostic,
    span: spanAt(file, at(fault.offset), fault.length),
    ...(related === undefined
      ? {}
      : { related: [{ message: related.message, span: spanAt(file, at(related.offset)) }] }),
  }
}
