/** A fenced block of a page. */
export interface Block {
  readonly language: string
  /** Words of the info string behind the language: `output`, `file=models/x.ff.sql`, `exit=1`. */
  readonly words: readonly string[]
  readonly text: string
  /** Line of the opening fence, from 1. */
  readonly line: number
}

/** The fenced blocks of a Markdown text, in order. */
export function readBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = []
  let open:
    | { readonly fence: string; readonly info: string; readonly line: number; readonly lines: string[] }
    | undefined
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, fence = '', info = ''] = /^(`{3,})(.*)$/.exec(line) ?? []
    if (open === undefined) {
      if (fence !== '') open = { fence, info, line: index + 1, lines: [] }
    } else if (line === open.fence) {
      const [language = '', ...words] = open.info.trim().split(/\s+/)
      blocks.push({ language, words, text: open.lines.map((each) => `${each}\n`).join(''), line: open.line })
      open = undefined
    } else {
      open.lines.push(line)
    }
  }
  if (open !== undefined) throw new Error(`the block of line ${open.line} is not closed`)
  return blocks
}

/** What a page says of itself in a comment `name: value`. */
export function directive(markdown: string, name: string): string | undefined {
  return new RegExp(`<!-- ${name}: (.+) -->`).exec(markdown)?.[1]
}

/** The value of `name=value` in a block's info string. */
export function setting(block: Block, name: string): string | undefined {
  return block.words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** The page with new texts in some of its blocks. */
export function withTexts(markdown: string, texts: ReadonlyMap<Block, string>): string {
  const lines = markdown.split('\n')
  for (const [block, text] of [...texts].reverse()) {
    const count = block.text.split('\n').length - 1
    lines.splice(block.line, count, ...text.trimEnd().split('\n'))
  }
  return lines.join('\n')
}

/** What an output says apart from what differs between two runs: durations, today's times, ids, order, alignment. */
export function normalised(output: string): readonly string[] {
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .replace(/\b\d+(\.\d+)?m?s\b/g, '<duration>')
        .replace(/("duration_ms":)[\d.]+/g, '$1<duration>')
        .replace(/("version":)"[^"]+"/g, '$1<version>')
        .replace(/\b20(2[5-9]|[3-9]\d)-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, '<time>')
        .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>')
        .replace(/\bfft \d+\.\d+\.\d+\S*/g, 'fft <version>')
        .replace(/(fft \w+) \d+\.\d+\.\d+\S*/g, '$1 <version>')
        .replace(/__fft_([a-z]+)_[0-9a-f]{8,16}/g, '__fft_$1_<run>')
        .replace(/[─-]{3,}/g, '---')
        .replace(/\s+/g, ' ')
        .trimEnd(),
    )
  return sortNodeLines(lines)
}

/** Nodes run side by side, so neighbouring lines of finished nodes may change places. */
function sortNodeLines(lines: readonly string[]): readonly string[] {
  const sorted: string[] = []
  let nodes: string[] = []
  for (const line of [...lines, '']) {
    if (/^ ?\d+\/\d+ /.test(line)) {
      nodes.push(line.replace(/^ ?\d+\/(\d+) /, '$1: '))
    } else {
      sorted.push(...nodes.sort(), line)
      nodes = []
    }
  }
  return sorted.slice(0, -1)
}

/** Whether an output is the expected one; a line `…` stands for any number of lines. */
export function matches(output: string, expected: string): boolean {
  return matchLines(normalised(output), normalised(expected))
}

function matchLines(lines: readonly string[], expected: readonly string[]): boolean {
  const gap = expected.indexOf('…')
  if (gap === -1) return lines.length === expected.length && expected.every((line, index) => line === lines[index])
  const head = expected.slice(0, gap)
  if (!matchLines(lines.slice(0, gap), head)) return false
  const rest = expected.slice(gap + 1)
  return lines.slice(gap).some((_, skipped) => matchLines(lines.slice(gap + skipped), rest)) || rest.length === 0
}
