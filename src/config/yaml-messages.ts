import type { YAMLError } from 'yaml'

/** What the YAML package's error says, in the words of someone who writes configuration; and what to do. */
export function yamlMessage({ code, message }: Pick<YAMLError, 'code' | 'message'>): {
  readonly problem: string
  readonly hint: string | undefined
} {
  for (const [pattern, problem, hint] of messages) {
    const match = pattern.exec(message)
    if (match !== null) return { problem: problem.replace('$1', match[1] ?? ''), hint }
  }
  const sentence = message.replace(/ at line \d+, column \d+:?\s*$/, '')
  return { problem: `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`, hint: hints[code] }
}

const sameIndent = 'indent all keys of a map, and all items of a list, by the same number of spaces'
const closeIt = 'close the quote or bracket'
const quoteIt = 'put the value in quotes'

const messages: readonly (readonly [RegExp, string, string])[] = [
  [/^Missing closing ('|")quote/, 'the text is not closed: it starts with $1', closeIt],
  [/^Flow \S+ in block collection must be .* end with a (\S)/, "the bracket is not closed with '$1'", closeIt],
  [/^Expected flow \S+ to end with (\S)/, "the bracket is not closed with '$1'", closeIt],
  [/^Missing , (?:or : )?between flow/, "between two items in brackets stands no ','", closeIt],
  [/^All mapping items must start/, 'the key does not stand right under the other keys of its map', sameIndent],
  [/^All sequence items must start/, 'the item does not stand right under the other items of its list', sameIndent],
  [
    /^Sequence item without -/,
    "a line in a list has no '- ' in front",
    "write '- ' in front of it, or indent it further",
  ],
  [/^Implicit map keys need to be followed/, "a line in a map has no ':'", "write 'key: value'"],
  [/^Implicit keys need to be on a single line/, "a line in a map has no ':'", "write 'key: value'"],
  [/^Nested mappings are not allowed/, "the value holds ': ', which makes it a map inside a line", quoteIt],
  [/^Unexpected scalar at node end/, 'text stands behind the end of a value', quoteIt],
  [
    /^Unexpected (?:flow-\S+ token|[,\]}]).*?([,\]}])"?$/,
    "'$1' stands where nothing is open",
    'remove it, or open its bracket',
  ],
  [/^Tabs are not allowed/, 'a tab stands where the line is indented', 'indent with spaces'],
]

const hints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: sameIndent,
  BAD_ALIAS: 'put a value that starts with * or & in quotes',
  BAD_SCALAR_START: 'put a value that starts with this character in quotes',
  MULTIPLE_DOCS: 'keep one document per file: remove the "---" between them',
}

/** The hint of a line that is indented too far. */
export const indentHint = sameIndent
