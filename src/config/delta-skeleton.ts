import { readYaml, type YamlReading } from './yaml-file.js'

/**
 * A delta file whose template has statements between the keys, `{% if … %}` around a key or `{% set … %}` above all of
 * them. Its lines stay where they are, so every place in it holds.
 */
export interface DeltaSkeleton {
  /** The statements alone, each on its own line, and a mark in place of every other line. */
  readonly template: string
  /** The YAML of the lines whose marks are in the rendered template. */
  read(file: string, rendered: string): YamlReading
}

/** The skeleton of a delta file; undefined when no statement stands between its keys. */
export function deltaSkeleton(text: string): DeltaSkeleton | undefined {
  const lines = text.split(/\r?\n/)
  const statements = betweenKeys(lines)
  if (statements.size === 0) return undefined
  const template = lines.map((line, index) => (statements.has(index) ? line : `${mark}${index}${mark}`)).join('\n')
  const prelude = preludeOf(lines, statements)
  return {
    template,
    read: (file, rendered) => {
      const kept = new Set([...rendered.matchAll(marks)].map(([, index]) => Number(index)))
      const yaml = lines.map((line, index) => (kept.has(index) && !statements.has(index) ? line : ''))
      return withPrelude(readYaml(file, yaml.join('\n')), prelude)
    },
  }
}

// A character of Unicode's private use, which nobody writes.
const mark = '\uE000'
const marks = /\uE000(\d+)\uE000/g

const statementLine = /^\s*(?:\{%.*%\}|\{#.*#\})\s*$/

/** Lines that are nothing but statements and are in no text of several lines. */
function betweenKeys(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>()
  let textIndent: number | undefined
  for (const [index, line] of lines.entries()) {
    const indent = /^\s*/.exec(line)?.[0].length ?? 0
    const isBlank = indent === line.length
    if (textIndent !== undefined && (isBlank || indent > textIndent)) continue
    textIndent = undefined
    if (statementLine.test(line)) found.add(index)
    else if (/[:-]\s+[|>][-+0-9]*\s*(?:#.*)?$/.test(line)) textIndent = indent
  }
  return found
}

interface Prelude {
  readonly text: string
  /** Where each of its characters stands: lines and columns from 1. */
  origin(offset: number): { readonly line: number; readonly column: number }
}

/** What is set or imported above all keys holds in every text of the file. */
function preludeOf(lines: readonly string[], statements: ReadonlySet<number>): Prelude {
  const taken: { readonly line: number; readonly text: string }[] = []
  let depth = 0
  for (const [index, line] of lines.entries()) {
    if (!statements.has(index)) continue
    const word = /\{%[-+]?\s*(\w+)/.exec(line)?.[1] ?? ''
    if (word.startsWith('end')) depth--
    else if (/^(?:if|for|macro|call|filter)$/.test(word)) depth++
    else if (depth === 0 && /^(?:set|import|from|do)$/.test(word)) taken.push({ line: index + 1, text: line })
  }
  const text = taken.map((each) => `${each.text.replace(/%\}\s*$/, '-%}')}\n`).join('')
  return {
    text,
    origin: (offset) => {
      const before = text.slice(0, offset).split('\n')
      return { line: taken[before.length - 1]?.line ?? 1, column: (before.at(-1)?.length ?? 0) + 1 }
    },
  }
}

function withPrelude({ yaml, diagnostics }: YamlReading, prelude: Prelude): YamlReading {
  if (yaml === undefined || prelude.text === '') return { yaml, diagnostics }
  const { length } = prelude.text
  const textAt: typeof yaml.textAt = (path) => {
    const placed = yaml.textAt(path)
    if (placed === undefined) return undefined
    const origin = (offset: number) => (offset < length ? prelude.origin(offset) : placed.origin(offset - length))
    return { file: placed.file, text: prelude.text + placed.text, origin }
  }
  return { yaml: { ...yaml, textAt }, diagnostics }
}
