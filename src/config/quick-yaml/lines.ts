/** One line of a YAML text. */
export interface Line {
  /** How many spaces it starts with. */
  readonly indent: number
  /** What follows them, without spaces at the end; empty for a blank line. */
  readonly content: string
  readonly isComment: boolean
  /** The whole line, spaces at its end too. */
  readonly text: string
}

// Control characters, tabs among them, and whatever else looks like a space.
const unusual = /[^\n -~\xa1-\uffff]|[^\S\n ]/

/** The lines of a text; undefined when a character in it needs a closer look. */
export function readLines(text: string): readonly Line[] | undefined {
  const plain = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
  if (unusual.test(plain)) return undefined
  return plain.split('\n').map(readLine)
}

function readLine(text: string): Line {
  let indent = 0
  while (text.charCodeAt(indent) === 32) indent++
  let end = text.length
  while (end > indent && text.charCodeAt(end - 1) === 32) end--
  return { indent, content: text.slice(indent, end), isComment: text.charCodeAt(indent) === 35, text }
}
