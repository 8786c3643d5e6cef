import type { Line } from './lines.js'

/** A text over several lines, and the line behind it. */
export interface BlockScalar {
  readonly value: string
  readonly end: number
}

/**
 * The text that `|`, `|-`, `>` or `>-` starts, on the lines from `start` on that are indented further than `indent`.
 * Undefined when there is none, or none that is simple.
 */
export function readBlockScalar(
  header: string,
  lines: readonly Line[],
  start: number,
  indent: number,
): BlockScalar | undefined {
  if (!/^[|>]-?$/.test(header)) return undefined
  const own = lines[start]?.indent ?? 0
  if (own <= indent || lines[start]?.content === '') return undefined
  const end = endOf(lines, start, indent)
  const block = lines.slice(start, end)
  if (!block.every((line) => (line.content === '' ? line.text.length <= own : line.indent >= own))) return undefined
  const texts = block.map((line) => line.text.slice(own))
  while (texts.at(-1) === '') texts.pop()
  const value = header.startsWith('|') ? texts.join('\n') : folded(texts)
  if (value === undefined) return undefined
  return { value: header.endsWith('-') ? value : `${value}\n`, end }
}

/** The first line that is indented no further, or the end. */
function endOf(lines: readonly Line[], start: number, indent: number): number {
  const end = lines.findIndex((line, index) => index >= start && line.content !== '' && line.indent <= indent)
  return end === -1 ? lines.length : end
}

/** Lines become one, blank lines line ends; lines that are indented further are left to the other reader. */
function folded(texts: readonly string[]): string | undefined {
  if (texts.some((text) => text.startsWith(' '))) return undefined
  return texts.join('\n').replace(/(\n+)(?=[^\n])/g, (ends) => (ends.length === 1 ? ' ' : ends.slice(1)))
}
