const tokens = /[ \t\r\n]+|"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y

/** What may come next: a value, a value or the end of an empty list, a key, …; `end`: nothing more. */
type Expected = 'value' | 'first-item' | 'key' | 'first-key' | 'colon' | 'next' | 'end'

/** The offset at which a text stops to be JSON, undefined when it does not. JSON.parse tells it for long texts only. */
export function jsonFault(text: string): number | undefined {
  const open: string[] = []
  let expected: Expected = 'value'
  tokens.lastIndex = 0
  while (tokens.lastIndex < text.length) {
    const offset = tokens.lastIndex
    const token = tokens.exec(text)?.[0]
    if (token === undefined) return offset
    if (token.trim() === '') continue
    const after = step(token, expected, open)
    if (after === undefined) return offset
    expected = after
  }
  return expected === 'end' ? undefined : text.length
}

function step(token: string, expected: Expected, open: string[]): Expected | undefined {
  const isValueDue = expected === 'value' || expected === 'first-item'
  if (token === '{' || token === '[') {
    if (!isValueDue) return undefined
    open.push(token)
    return token === '{' ? 'first-key' : 'first-item'
  }
  if (token === '}' || token === ']') return close(token, expected, open)
  if (token === ':') return expected === 'colon' ? 'value' : undefined
  if (token === ',') return expected === 'next' ? (open.at(-1) === '{' ? 'key' : 'value') : undefined
  if (expected === 'key' || expected === 'first-key') return token.startsWith('"') ? 'colon' : undefined
  return isValueDue ? afterValue(open) : undefined
}

function close(token: string, expected: Expected, open: string[]): Expected | undefined {
  const isEmpty = expected === (token === '}' ? 'first-key' : 'first-item')
  if (!isEmpty && expected !== 'next') return undefined
  return open.pop() === (token === '}' ? '{' : '[') ? afterValue(open) : undefined
}

function afterValue(open: readonly string[]): Expected {
  return open.length === 0 ? 'end' : 'next'
}
