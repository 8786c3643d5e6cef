import {
  type Document,
  type DocumentOptions,
  isCollection,
  isScalar,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
  visit,
  type YAMLError,
} from 'yaml'
import { countCodePoints, type Diagnostic, LineIndex, type SourceSpan } from '../core/index.js'
import { diagnostic } from './diagnostics.js'
import { LaterSpan } from './later-span.js'
import { quickYaml, wholeNumber } from './quick-yaml/index.js'
import type { YamlFile } from './types.js'
import { indentHint, yamlMessage } from './yaml-messages.js'
import { findNode, keyText } from './yaml-nodes.js'
import { scalarOffsets } from './yaml-offsets.js'

/** What came of reading one YAML file; `yaml` is undefined when the file has a syntax error. */
export interface YamlReading {
  readonly yaml: YamlFile | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a YAML file as plain values that know their places. Reports 'yaml-syntax', 'duplicate-key'. */
export function readYaml(file: string, text: string): YamlReading {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const places = new Places(file, source)
  const quick = quickYaml(source)
  if (quick !== undefined) return { yaml: yamlFile(quick.value, places), diagnostics: [] }
  const { document } = places
  const syntax = syntaxFaults(document, places)
  if (syntax.length > 0) return { yaml: undefined, diagnostics: syntax }
  return { yaml: yamlFile(document.toJS() ?? null, places), diagnostics: duplicateKeys(document, places) }
}

const options: ParseOptions & DocumentOptions & SchemaOptions = {
  prettyErrors: false,
  merge: true,
  customTags: (tags) => [
    {
      identify: () => false,
      default: true,
      tag: 'tag:yaml.org,2002:int',
      test: /^[-+]?[0-9][0-9_]*$/,
      resolve: wholeNumber,
    },
    ...tags,
  ],
}

class Places {
  readonly file: string
  readonly text: string
  #index: LineIndex | undefined
  #document: Document | undefined

  constructor(file: string, text: string) {
    this.file = file
    this.text = text
  }

  /** The tree with places. Only made when one is asked for: it costs ten times what the plain values do. */
  get document(): Document {
    this.#document ??= parseDocument(this.text, options)
    return this.#document
  }

  get index(): LineIndex {
    this.#index ??= new LineIndex(this.text)
    return this.#index
  }

  span(start: number, end: number): SourceSpan {
    const { line, column } = this.index.positionAt(start)
    const lineEnd = this.text.slice(start, end).search(/\r?\n/)
    const length = countCodePoints(this.text.slice(start, lineEnd === -1 ? end : start + lineEnd).trimEnd())
    return length > 1 ? { file: this.file, line, column, length } : { file: this.file, line, column }
  }
}

function yamlFile(value: unknown, places: Places): YamlFile {
  return {
    file: places.file,
    value,
    placeOf: (path, which = 'value') =>
      new LaterSpan(places.file, () => {
        const { start, end } = findNode(places.document, path, which)
        return places.span(start, end)
      }),
    sourceAt: (path) => {
      const { node } = findNode(places.document, path, 'value')
      return isScalar(node) ? node.source : undefined
    },
    textAt: (path) => {
      const node = findNode(places.document, path, 'value').node
      if (!isScalar(node) || typeof node.value !== 'string') return undefined
      const text = node.value
      let offsets: readonly number[] | undefined
      return {
        file: places.file,
        text,
        origin: (offset) => {
          offsets ??= scalarOffsets(places.text, node, text)
          return places.index.positionAt(offsets[Math.min(offset, text.length)] ?? 0)
        },
      }
    },
  }
}

function syntaxFaults(document: Document, places: Places): readonly Diagnostic[] {
  const error = document.errors.find((each) => each.code !== 'DUPLICATE_KEY')
  if (error === undefined) return places.text.includes('{{') ? unquotedTemplates(document, places) : []
  const known = unquotedTemplate(error, places) ?? deeperLine(error, places)
  if (known !== undefined) return [known]
  const params = yamlMessage(error)
  const blank = error.code === 'BAD_INDENT' ? (/^ */.exec(places.text.slice(error.pos[0]))?.[0].length ?? 0) : 0
  const at = places.span(error.pos[0] + blank, error.pos[0] + blank)
  const opening = unclosed(document, error)
  if (opening === undefined) return [diagnostic('yaml-syntax', params, at)]
  const closing = { message: 'not closed up to here', span: at }
  return [diagnostic('yaml-syntax', params, places.span(opening, opening), [closing])]
}

/** Where the quote or bracket was opened that the error says is not closed. */
function unclosed(document: Document, error: YAMLError): number | undefined {
  const isQuote = error.message.includes('closing')
  if (!isQuote && !/ end with a [\]}]/.test(error.message)) return undefined
  let found: number | undefined
  visit(document, {
    Node: (_, node) => {
      const opens = isScalar(node)
        ? isQuote && node.type?.startsWith('QUOTE')
        : isCollection(node) && !isQuote && node.flow
      if (opens === true && node.range != null && node.range[0] < error.pos[0] && node.range[1] >= error.pos[0]) {
        found = node.range[0]
      }
    },
  })
  return found
}

/** `path: {{ env('X') }}` is valid YAML, a map in a map; nobody means that. */
function unquotedTemplates(document: Document, places: Places): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  visit(document, {
    Map: (_, map) => {
      const inner = map.flow ? map.items.find((pair) => isCollection(pair.key)) : undefined
      if (inner === undefined || map.range == null) return
      const params = { problem: unquoted, hint: quoteTemplates }
      found.push(diagnostic('yaml-syntax', params, places.span(map.range[0], map.range[1])))
      return visit.SKIP
    },
  })
  return found
}

const unquoted = 'a template without quotes is read as a YAML map'
const quoteTemplates = 'put the value in quotes: "{{ … }}"'

/** The line of an offset, and where it starts. */
function lineAt(offset: number, { index, text }: Places): { readonly start: number; readonly line: string } {
  const { line } = index.positionAt(offset)
  const start = index.offsetOfLine(line)
  return { start, line: text.slice(start, index.offsetOfLine(line + 1)) }
}

function unquotedTemplate(error: YAMLError, places: Places): Diagnostic | undefined {
  const { start, line } = lineAt(error.pos[0], places)
  const found = /:\s*(?=\{[{%])/.exec(line)
  if (found === null) return undefined
  const at = start + found.index + found[0].length
  return diagnostic('yaml-syntax', { problem: unquoted, hint: quoteTemplates }, places.span(at, at + 2))
}

/** A value with a map below it: what is wrong is the indentation of the line below. */
function deeperLine(error: YAMLError, places: Places): Diagnostic | undefined {
  if (error.code !== 'BLOCK_AS_IMPLICIT_KEY') return undefined
  const { start, line } = lineAt(error.pos[0], places)
  if (/:\s/.test(places.text.slice(error.pos[0], start + line.length).trimEnd())) return undefined
  const next = places.text.slice(start + line.length)
  const indent = /^\s*/.exec(next)?.[0].length ?? 0
  const at = start + line.length + indent
  const params = {
    problem: 'the line is indented further than the key above it, which has a value already',
    hint: indentHint,
  }
  return diagnostic('yaml-syntax', params, places.span(at, at))
}

function duplicateKeys(document: Document, places: Places): readonly Diagnostic[] {
  if (document.errors.length === 0) return []
  const found: Diagnostic[] = []
  visit(document, {
    Map: (_, map) => {
      const seen = new Map<string, SourceSpan>()
      for (const { key } of map.items) {
        const name = keyText(key)
        if (name === undefined || !isScalar(key) || key.range == null) continue
        const span = places.span(key.range[0], key.range[1])
        const first = seen.get(name)
        if (first !== undefined) {
          found.push(diagnostic('duplicate-key', { key: name }, span, [{ message: 'the first one', span: first }]))
        }
        seen.set(name, span)
      }
    },
  })
  return found
}
