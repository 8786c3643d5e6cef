const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

const escapes = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g

/**
 * The value of a Python string literal without its quotes. `jump` is told each offset of the value from which on the
 * text stands elsewhere than letter for letter behind the text before: the offset in the value and in `raw`.
 */
export function unescapeString(raw: string, jump: (valueOffset: number, rawOffset: number) => void): string {
  if (!raw.includes('\\')) return raw
  let value = ''
  let end = 0
  for (const match of raw.matchAll(escapes)) {
    const [text, hex, short, long, octal, char] = match
    value += raw.slice(end, match.index) + decode(text, hex ?? short ?? long, octal, char)
    end = match.index + text.length
    jump(value.length, end)
  }
  return value + raw.slice(end)
}

function decode(text: string, hex: string | undefined, octal: string | undefined, char: string | undefined): string {
  if (hex !== undefined) {
    const code = Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : text
  }
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
  // Python leaves an escape that it does not know as it is: '\d' are two characters.
  return simple[char ?? ''] ?? text
}
