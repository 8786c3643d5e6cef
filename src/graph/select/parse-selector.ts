import type { Diagnostic, SourceSpan } from '../../core/index.js'
import { diagnostic } from '../diagnostics.js'
import type { SelectorAtom, SelectorExpression } from './expression.js'

export interface ParsedSelector {
  /** Undefined when there is a fault. */
  readonly selector?: SelectorExpression
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a selector: words are a union, commas inside a word an intersection. Reports `selector-syntax`, with a caret
 * under each fault. `span` is its place when it stands in a file.
 */
export function parseSelector(text: string, span?: SourceSpan): ParsedSelector {
  const diagnostics: Diagnostic[] = []
  const report: Report = (fault, offset, hint) => {
    const params = { fault, selector: text, offset, ...(hint === undefined ? {} : { hint }) }
    diagnostics.push(diagnostic('selector-syntax', params, span))
  }
  const words = [...text.matchAll(/\S+/g)].map((match) => parseWord(match[0], match.index, report))
  if (words.length === 0) report('the selector is empty', 0, 'name at least one node, or leave the flag out')
  if (diagnostics.length > 0) return { diagnostics }
  const placed = span === undefined ? words : words.map((word) => withSpan(word, span))
  const [only] = placed
  return { selector: placed.length === 1 && only ? only : { kind: 'union', parts: placed }, diagnostics }
}

type Report = (fault: string, offset: number, hint?: string) => void

function parseWord(word: string, offset: number, report: Report): SelectorExpression {
  const parts: SelectorAtom[] = []
  let start = 0
  for (const part of word.split(',')) {
    if (part === '') {
      const hint = 'a comma joins two conditions without spaces: tag:nightly,path:models/marts'
      report('a condition is missing beside the comma', offset + Math.max(0, Math.min(start, word.length - 1)), hint)
    } else {
      parts.push(parseAtom(part, offset + start, report))
    }
    start += part.length + 1
  }
  const [only] = parts
  return parts.length === 1 && only ? only : { kind: 'intersection', text: word, parts }
}

const pattern = /^(@?)(?:(\d*)(\+))?(?:([\w.]+):)?(.*?)(?:(\+)(\d*))?$/su

function parseAtom(text: string, offset: number, report: Report): SelectorAtom {
  const [, at = '', up = '', plusBefore = '', prefix = '', value = '', plusAfter = '', down = ''] =
    pattern.exec(text) ?? []
  const valueOffset = at.length + up.length + plusBefore.length + (prefix === '' ? 0 : prefix.length + 1)
  const [method = '', ...argument] = prefix === '' ? [methodOf(value)] : prefix.split('.')
  checkOperators({ at, plusBefore, plusAfter, valueEnd: valueOffset + value.length }, offset, report)
  checkValue({ method: prefix, value }, offset + valueOffset, report)
  if (method === 'config' && argument.length === 0) {
    report(
      'config needs the name of a setting',
      offset + text.indexOf(prefix) + prefix.length,
      'config.materialized:view',
    )
  }
  return {
    kind: 'atom',
    text,
    offset,
    method,
    argument,
    value,
    ...(plusBefore === '' ? {} : { parents: depth(up) }),
    ...(plusAfter === '' ? {} : { children: depth(down) }),
    childrensParents: at !== '',
  }
}

const fileEnding = /\.(sql|ts|csv|tsv|parquet|jsonl?|ndjson|ya?ml|j2)$/i

/** What a bare word means: a path when it has a slash, a file when it ends like one, else a name. */
export function methodOf(value: string): 'path' | 'file' | 'fqn' {
  if (/[/\\]/.test(value)) return 'path'
  return fileEnding.test(value) ? 'file' : 'fqn'
}

function checkOperators(
  found: { readonly at: string; readonly plusBefore: string; readonly plusAfter: string; readonly valueEnd: number },
  offset: number,
  report: Report,
): void {
  if (found.at === '') return
  const hint = '@x is x, its descendants and all of their ancestors already'
  if (found.plusBefore !== '') report("'@' and '+' do not go together", offset + 1, hint)
  else if (found.plusAfter !== '') report("'@' and '+' do not go together", offset + found.valueEnd, hint)
}

function checkValue(found: { readonly method: string; readonly value: string }, offset: number, report: Report): void {
  const { method, value } = found
  const operator = /^(@|\d*\+)/.exec(value)?.[0]
  const open = unclosedBracket(value)
  const isName = (method === '' || method === 'fqn') && !/[/\\]/.test(value)
  if (value === '') {
    report('the name is missing', offset, method === '' ? undefined : `${method}:<value>`)
  } else if (method !== '' && operator !== undefined) {
    report(`'${operator}' stands before the method`, offset, `${operator}${method}:${value.slice(operator.length)}`)
  } else if (isName) {
    checkName(value, offset, report)
  }
  if (open !== undefined) report("'[' is not closed", offset + open, 'a set of characters is written [abc]')
}

function checkName(value: string, offset: number, report: Report): void {
  const operator = /[+@]/.exec(value)
  if (value.startsWith(':')) report('the method is missing', offset, 'tag:nightly')
  if (operator === null) return
  const fault = `'${operator[0]}' stands before or after a name, not inside it`
  report(fault, offset + operator.index, 'put a space between two names')
}

function unclosedBracket(value: string): number | undefined {
  let at = value.indexOf('[')
  while (at !== -1) {
    const close = value.indexOf(']', at + 2)
    if (close === -1) return at
    at = value.indexOf('[', close)
  }
  return undefined
}

function depth(digits: string): number {
  return digits === '' ? Number.POSITIVE_INFINITY : Number(digits)
}

function withSpan(expression: SelectorExpression, span: SourceSpan): SelectorExpression {
  if (expression.kind === 'atom') return { ...expression, span }
  if (expression.kind === 'difference') return expression
  return { ...expression, parts: expression.parts.map((part) => withSpan(part, span)) }
}
