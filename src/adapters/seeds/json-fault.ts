const tokens =
  /[ \t\r\n]+|"(?:[^"\\\p{Cc}]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/uy

type Expected = 'value' | 'first-item' | 'key' | 'first-key' | 'colon' | 'next' | 'end'
type Action = 'open' | 'close' | 'after-value' | 'after-comma' | 'colon' | 'value'

const startsValue = { '{': 'open', '[': 'open', string: 'after-value', scalar: 'after-value' } as const

/** What a token does where it may stand; anywhere else it is the fault. */
const grammar: Readonly<Record<Expected, Readonly<Record<string, Action>>>> = {
  value: startsValue,
  'first-item': { ...startsValue, ']': 'close' },
  key: { string: 'colon' },
  'first-key': { string: 'colon', '}': 'close' },
  colon: { ':': 'value' },
  next: { ',': 'after-comma', '}': 'close', ']': 'close' },
  end: {},
}

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
    const action: Action | undefined = grammar[expected][kindOf(token)]
    const after: Expected | undefined = action && follow(action, token, open)
    if (after === undefined) return offset
    expected = after
  }
  return expected === 'end' ? undefined : text.length
}

function kindOf(token: string): string {
  if (token.startsWith('"')) return 'string'
  return '{}[],:'.includes(token) ? token : 'scalar'
}

function follow(action: Action, token: string, open: string[]): Expected | undefined {
  switch (action) {
    case 'open':
      open.push(token)
      return token === '{' ? 'first-key' : 'first-item'
    case 'close':
      return open.pop() === (token === '}' ? '{' : '[') ? afterValue(open) : undefined
    case 'after-value':
      return afterValue(open)
    case 'after-comma':
      return open.at(-1) === '{' ? 'key' : 'value'
    default:
      return action
  }
}

function afterValue(open: readonly string[]): Expected {
  return open.length === 0 ? 'end' : 'next'
}
