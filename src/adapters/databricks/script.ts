import { markedText, type Sql, sliceSql, sqlText } from '../../core/index.js'

const token =
  /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[rR]'[^']*(?:'|$)|[rR]"[^"]*(?:"|$)|'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|;|[A-Za-z_]\w*|[\s\S]/g

/** The statements of a text, which the server takes one by one; places are kept. A `begin … end` block is one. */
export function statementsOf(sql: Sql): readonly Sql[] {
  const text = markedText(sql)
  if (!text.includes(';')) return [sql]
  const ends: number[] = []
  let first = ''
  for (const match of text.matchAll(token)) {
    if (first === '' && /^[A-Za-z]/.test(match[0])) first = match[0].toLowerCase()
    if (match[0] === ';') ends.push(match.index)
  }
  if (first === 'begin' || first === 'declare') return [sql]
  const starts = [0, ...ends.map((end) => end + 1)]
  const statements = starts.map((start, index) => sliceSql(sql, start, ends[index] ?? text.length))
  return statements.filter((statement) => !isBlank(sqlText(statement)))
}

function isBlank(text: string): boolean {
  return [...text.matchAll(token)].every(([part]) => /^(?:\s|--|\/\*)/.test(part))
}

/** The first words of a statement in lower case, comments passed over. */
export function leadingWords(text: string, count: number): string {
  const words: string[] = []
  for (const [part] of text.matchAll(token)) {
    if (/^(?:\s|--|\/\*|\()/.test(part)) continue
    words.push(part.toLowerCase())
    if (words.length === count) break
  }
  return words.join(' ')
}

/** Whether a statement reads rows, and can therefore be put in brackets. */
export function isQuery(text: string): boolean {
  const first = leadingWords(text, 1)
  return (
    first === 'select' || first === 'values' || first === 'table' || (first === 'with' && !/\binsert\b/i.test(text))
  )
}

/** Whether a statement only changes a setting of the session: several of them need not wait for one another. */
export function isSetting(text: string): boolean {
  return /^(?:set|reset) (?!time |variable |var )/.test(leadingWords(text, 2))
}

/**
 * Whether sending a statement twice leaves what sending it once does. Of the user's own statements only those that read;
 * fft's merges and deletes are made so that they find nothing to do the second time.
 */
export function isReplayable(sql: Sql): boolean {
  const text = sqlText(sql)
  const words = leadingWords(text, 5)
  if (isQuery(text) || /^(?:describe|desc|show|explain|set|reset|use)\b/.test(words)) return true
  return (
    isOwn(sql) && /^(?:create or replace|insert overwrite|delete|truncate|merge|(?:create|drop) \w+ if)\b/.test(words)
  )
}

/** Whether it is an INSERT that fft wrote. */
export function isOwnInsert(sql: Sql): boolean {
  return isOwn(sql) && leadingWords(sqlText(sql), 2) === 'insert into'
}

function isOwn([piece]: Sql): boolean {
  return piece !== undefined && !('hole' in piece) && piece.span === undefined
}
