import type { Token } from './typescript-tokens.js'

/** The text that a string literal stands for, and where each of its characters stands in the file. */
export interface DecodedString {
  readonly text: string
  /** The file's offset of an offset in `text`. */
  offsetOf(offset: number): number
}

/** Decodes a string literal or a template literal without `${…}`; undefined for a template with them. */
export function decodeStringToken(token: Token): DecodedString | undefined {
  const body = token.text.slice(1, -1)
  if (token.kind === 'template' && /(?<!\\)(?:\\\\)*\$\{/.test(body)) return undefined
  let text = ''
  const offsets: number[] = []
  for (let match = piece.exec(body); match !== null; match = piece.exec(body)) {
    const decoded = decodePiece(match[0])
    for (let unit = 0; unit < decoded.length; unit++) offsets.push(match.index)
    text += decoded
  }
  const first = token.start + 1
  return { text, offsetOf: (offset) => first + (offsets[offset] ?? body.length) }
}

const piece = /\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])|\r\n|[\s\S]/g

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
  '\r\n': '',
}

function decodePiece(source: string): string {
  if (source === '\r\n') return '\n'
  if (!source.startsWith('\\')) return source
  const escaped = source.slice(1)
  const hex = /^(?:u\{(.+)\}|u(.{4})|x(.{2}))$/.exec(escaped)
  if (hex !== null) return String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '0', 16))
  return escapes[escaped] ?? escaped
}
