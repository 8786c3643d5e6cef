import { countCodePoints, FftError, type SourceSpan, type Sql, spanAtOffset, sqlText } from '../core/index.js'

/** The error of a statement that was cancelled. */
export function cancelledError(sql?: Sql, cause?: unknown): FftError {
  const statement = sql === undefined ? undefined : sqlText(sql)
  return new FftError('the statement was cancelled', { code: 'cancelled', statement, cause })
}

/** What to say when an engine stops at text that fft put behind the user's SELECT. */
export const openSelect = {
  message: 'syntax error at the end of the SQL: something in it is not closed',
  advice: 'close the bracket, the CASE or the subquery that is still open',
}

/** Whether an offset (UTF-16 units) is in text that fft put behind the user's: its name means nothing to the user. */
export function isBehindSelect(sql: Sql, offset: number): boolean {
  let rest = offset
  let hasOwn = false
  for (const piece of sql) {
    if ('hole' in piece) continue
    if (rest < piece.text.length) return hasOwn && piece.span === undefined
    hasOwn ||= piece.span !== undefined
    rest -= piece.text.length
  }
  return hasOwn
}

/** The user's place of an error at an offset (UTF-16 units), as long as the name at fault where that stands there. */
export function placeAt(sql: Sql, offset: number | undefined, word: string | undefined): SourceSpan | undefined {
  if (offset === undefined) return firstPlace(sql)
  const span = spanAtOffset(sql, offset) ?? firstPlace(sql)
  if (span === undefined || span.length !== undefined) return span
  const text = sqlText(sql)
  const length = lengthAt(text.slice(offset, offset + 400), word)
  return length === undefined ? span : { ...span, length }
}

/** Where the user's first text begins: for errors that the engine gives no position for. */
function firstPlace(sql: Sql): SourceSpan | undefined {
  for (const piece of sql) {
    if ('hole' in piece || piece.span === undefined || piece.text.trim() === '') continue
    const blank = piece.text.length - piece.text.trimStart().length
    return piece.verbatim ? spanAtOffset([piece], blank) : piece.span
  }
  return undefined
}

/** How many code points the name at fault takes where it stands. */
function lengthAt(text: string, word: string | undefined): number | undefined {
  if (word === undefined) return undefined
  const quoted = `"${word.replaceAll('"', '""')}"`
  if (text.startsWith(quoted)) return countCodePoints(quoted)
  return text.slice(0, word.length).toLowerCase() === word.toLowerCase() ? countCodePoints(word) : undefined
}

/** Several lines as one. */
export function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ')
}
