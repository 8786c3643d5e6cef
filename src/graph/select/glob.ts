/** True when a selector value has wildcards: `*`, `?` or `[…]`. */
export function isGlob(value: string): boolean {
  return /[*?[]/.test(value)
}

/** A test for the whole of a text; `*` matches any characters, dots and slashes too. */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (!isGlob(pattern)) return (text) => text === pattern
  return testOf(`^${translate(pattern, '.*', '.')}$`, (text) => text === pattern)
}

/** A test for a path or one of the folders above it; `*` stays within one folder, `**` does not. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  if (!isGlob(pattern)) return (path) => path === pattern || path.startsWith(`${pattern}/`)
  const parts = pattern.split('**').map((part) => translate(part, '[^/]*', '[^/]'))
  return testOf(`^${parts.join('.*').replaceAll('.*\\/', '(?:.*/)?')}(?:/|$)`, (path) => path === pattern)
}

/** A set like `[z-a]` makes no regular expression: it stands for itself then. */
function testOf(expression: string, otherwise: (text: string) => boolean): (text: string) => boolean {
  try {
    const compiled = new RegExp(expression, 'su')
    return (text) => compiled.test(text)
  } catch {
    return otherwise
  }
}

function translate(pattern: string, any: string, one: string): string {
  return pattern.replace(/\*+|\?|\[!?\]?[^\]]*\]|[\s\S]/gu, (token) => {
    if (token.startsWith('*')) return any
    if (token === '?') return one
    if (token.length > 2 && token.startsWith('[')) return characterClass(token.slice(1, -1))
    return token.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
  })
}

function characterClass(inside: string): string {
  const negated = inside.startsWith('!')
  const characters = (negated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, '\\$&')
  return `[${negated ? '^' : ''}${characters}]`
}
