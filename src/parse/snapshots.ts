import type { Diagnostic, Position, SourceSpan } from '../core/index.js'
import type { ProjectFile, PropertiesEntry } from '../project/index.js'
import { parseDiagnostic } from './diagnostics.js'

/** One `{% snapshot %}` block of a file. */
export interface SnapshotBlock {
  readonly name: string
  /** The file with everything outside of the block blank, so that every place stays what it is. */
  readonly file: ProjectFile
  /** What stands in the block. */
  readonly body: string
  /** The opening tag, or the name in YAML. */
  readonly span: SourceSpan
  /** Where the text's offsets stand, when that is not where they are in the file. */
  readonly origin?: (offset: number) => Position
}

const block = /\{%-?\s*snapshot\s+([^\s%]+)\s*-?%\}([\s\S]*?)\{%-?\s*endsnapshot\s*-?%\}/g

/** A snapshot that YAML tells: all of a relation. */
export function snapshotOfYaml({ file, properties }: PropertiesEntry): SnapshotBlock | undefined {
  const { name, relation, span } = properties
  if (relation === undefined) return undefined
  const [before, after] = ['select * from {{ ', ' }}']
  // What stands around it is fft's; the places inside are the user's.
  const origin = (offset: number) =>
    relation.origin(Math.min(Math.max(0, offset - before.length), relation.text.length))
  const text = `${before}${relation.text.replace(/^\s*\{\{-?|-?\}\}\s*$/g, blank)}${after}`
  return { name, file: { path: file, text, hash: text }, body: text, span, origin }
}

/** The blocks of a file in `snapshots/`. Reports 'snapshot-block-missing' and 'snapshot-block-open'. */
export function snapshotBlocks(file: ProjectFile): {
  readonly blocks: readonly SnapshotBlock[]
  readonly diagnostics: readonly Diagnostic[]
} {
  // A comment may show what a block looks like.
  const text = file.text.replace(/\{#[\s\S]*?#\}/g, blank)
  const found = [...text.matchAll(block)].map((match): SnapshotBlock => {
    const [whole, name = '', body = ''] = match
    const start = match.index + whole.indexOf(body, whole.indexOf('%}') + 2)
    const end = start + body.length
    const alone = `${blank(text.slice(0, start))}${file.text.slice(start, end)}${blank(text.slice(end))}`
    return { name, file: { ...file, text: alone }, body: file.text.slice(start, end), span: placeOf(file, match.index) }
  })
  const rest = text.replace(block, blank)
  const open = /\{%-?\s*snapshot\b/.exec(rest)
  const isOther = found.length > 0 || /\{%-?\s*macro\b/.test(rest)
  const missing = isOther ? [] : [parseDiagnostic('snapshot-block-missing', undefined, placeOf(file, 0))]
  const unclosed = open && [parseDiagnostic('snapshot-block-open', undefined, placeOf(file, open.index))]
  return { blocks: found, diagnostics: unclosed ?? missing }
}

/** The same text without its words: lines and columns of what follows stay. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/gu, ' ')
}

function placeOf(file: ProjectFile, offset: number): SourceSpan {
  const before = file.text.slice(0, offset).split(/\r\n|\r|\n/)
  return { file: file.path, line: before.length, column: [...(before.at(-1) ?? '')].length + 1 }
}
