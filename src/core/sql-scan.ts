import { markedText, type Sql, sliceSql } from './sql.js'

/** SQL less the blank lines at both ends. */
export function trimBlankLines(sql: Sql): Sql {
  const text = markedText(sql)
  const lead = /^(?:[ \t]*\r?\n)*/.exec(text)?.[0].length ?? 0
  const end = text.trimEnd().length
  return sliceSql(sql, Math.min(lead, end), end)
}

/** How an engine's strings hold a quote: doubled alone, or also behind a backslash. */
export interface StringRules {
  readonly stringEscapes: 'doubled' | 'backslash'
}

/**
 * A SELECT that can stand inside parentheses: trailing blanks, comments and one `;` are gone. Strings, quoted names
 * and comments are skipped by the engine's rules, so a `--` inside a string is no comment.
 */
export function wrappable(sql: Sql, { stringEscapes }: StringRules): Sql {
  const text = markedText(sql)
  const token = tokens[stringEscapes]
  const { end, lastToken } = scan(text, token)
  const bare = lastToken === ';' ? scan(text.slice(0, end - 1), token).end : end
  return sliceSql(sql, 0, bare)
}

/** Where the first word of a statement starts, past blanks and comments, and that word in lower case. */
export function firstWord(text: string): { readonly offset: number; readonly word: string } {
  let offset = 0
  for (;;) {
    const blank = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)/.exec(text.slice(offset))
    if (blank === null) break
    offset += blank[0].length
  }
  return { offset, word: (/^[A-Za-z_]+/.exec(text.slice(offset))?.[0] ?? '').toLowerCase() }
}

const tokens: Readonly<Record<StringRules['stringEscapes'], RegExp>> = {
  doubled:
    /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|\$([A-Za-z_]*)\$[\s\S]*?(?:\$\1\$|$)|[A-Za-z0-9_]+|[\s\S]/g,
  // A raw string has no escapes at all.
  backslash:
    /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[rR]'[^']*(?:'|$)|[rR]"[^"]*(?:"|$)|'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)|`[^`]*(?:`|$)|[A-Za-z0-9_]+|[\s\S]/g,
}

/** Words, strings, quoted names, comments and blanks of an SQL text, one after the other; joined they are the text. */
export function* sqlTokens(text: string, { stringEscapes }: StringRules): Iterable<string> {
  for (const match of text.matchAll(tokens[stringEscapes])) yield match[0]
}

function scan(text: string, token: RegExp): { end: number; lastToken: string } {
  let end = 0
  let lastToken = ''
  for (const match of text.matchAll(token)) {
    const value = match[0]
    if (/^(?:\s|--|\/\*)/.test(value)) continue
    end = match.index + value.length
    lastToken = value
  }
  return { end, lastToken }
}
