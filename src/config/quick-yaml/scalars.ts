/** A value in a wrapper, as values may be undefined-like themselves; undefined where the quick reader gives up. */
export type Found = { readonly value: unknown } | undefined

/** The scalar, or the list or map in brackets, that stands alone on the rest of a line. */
export function readInline(text: string): Found {
  const first = text[0]
  if (first === '"' || first === "'") return readQuoted(text)
  if (first === '[' || first === '{') return readFlow(text)
  return readPlain(text)
}

/** A key at the start of a line, and where its value starts. */
export function readKey(content: string): { readonly key: string; readonly end: number } | undefined {
  const match = /^(?:([A-Za-z_+][\w.+/-]*)|"([^"\\]*)"|'([^']*)')\s*:(?:\s+|$)/.exec(content)
  if (match === null) return undefined
  const [all, plain] = match
  const key = plain ?? match[2] ?? match[3] ?? ''
  // Words that are no text as keys, and the key that objects treat apart.
  const isUnusual = key === '__proto__' || (plain !== undefined && /^(?:null|true|false)$/i.test(plain))
  return isUnusual ? undefined : { key, end: all.length }
}

function readQuoted(text: string): Found {
  const double = /^"([^"\\]*)"(?:\s+#.*)?$/.exec(text)
  if (double !== null) return { value: double[1] ?? '' }
  const single = /^'((?:[^']|'')*)'(?:\s+#.*)?$/.exec(text)
  return single === null ? undefined : { value: (single[1] ?? '').replaceAll("''", "'") }
}

function readPlain(text: string): Found {
  const comment = text.search(/\s#/)
  const plain = comment === -1 ? text : text.slice(0, comment).trimEnd()
  // A mark of YAML's at the start, or `: ` inside.
  if (/^(?:[?:,\]}#&*!|>%@`]|-(?![\w.])|[-.]{3})|:(?:\s|$)/.test(plain)) return undefined
  return { value: plainValue(plain) }
}

/** What a plain scalar means: YAML 1.2's core schema, with the integers of 1.1. */
function plainValue(text: string): unknown {
  if (/^[-+.0-9]/.test(text)) return number(text) ?? text
  switch (text.length <= 5 ? text.toLowerCase() : '') {
    case 'true':
      return /^(?:[Tt]rue|TRUE)$/.test(text) ? true : text
    case 'false':
      return /^(?:[Ff]alse|FALSE)$/.test(text) ? false : text
    case 'null':
      return /^(?:[Nn]ull|NULL)$/.test(text) ? null : text
    case '~':
      return null
    default:
      return text
  }
}

function number(text: string): number | string | undefined {
  if (/^[-+]?[0-9][0-9_]*$/.test(text)) return wholeNumber(text)
  if (/^0(?:o[0-7]+|x[0-9a-fA-F]+)$/.test(text)) return Number(text)
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) return Number.parseFloat(text)
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN
  if (!/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return undefined
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** YAML 1.1's integers; one that a JavaScript number cannot hold stays text, so that no digit is lost. */
export function wholeNumber(digits: string): number | string {
  const plain = digits.replaceAll('_', '')
  const value = Number(plain)
  return Number.isSafeInteger(value) ? value : plain
}

// One part of a list or map in brackets: a bracket, a comma, a key with its colon, or a scalar.
const flowPart = /\s*(?:([[\]{},])|("[^"\\]*"|'[^']*'|[\w.+/-](?:[^,[\]{}:#]*[^\s,[\]{}:#])?)(\s*:(?=\s|$))?)/y

/** `[a, b]` and `{a: 1}` on one line, of simple scalars; nothing but a comment may follow. */
function readFlow(text: string): Found {
  const parts: FlowPart[] = []
  flowPart.lastIndex = 0
  let end = 0
  for (let match = flowPart.exec(text); match !== null; match = flowPart.exec(text)) {
    parts.push({ mark: match[1] ?? '', scalar: match[2] ?? '', isKey: match[3] !== undefined })
    end = flowPart.lastIndex
    // Without a space between, what follows belongs to the scalar.
    if (match[2] !== undefined && !/^(?:$|[\s,\]}])/.test(text.slice(end))) return undefined
  }
  if (!/^(?:\s+#.*|\s*)$/.test(text.slice(end))) return undefined
  const reader = new FlowReader(parts)
  const found = reader.value()
  return reader.isAtEnd ? found : undefined
}

interface FlowPart {
  readonly mark: string
  readonly scalar: string
  readonly isKey: boolean
}

class FlowReader {
  readonly #parts: readonly FlowPart[]
  #at = 0

  constructor(parts: readonly FlowPart[]) {
    this.#parts = parts
  }

  get isAtEnd(): boolean {
    return this.#at === this.#parts.length
  }

  value(): Found {
    const part = this.#parts[this.#at++]
    if (part === undefined || part.isKey) return undefined
    if (part.mark === '[') return this.#list()
    if (part.mark === '{') return this.#map()
    return part.mark === '' ? readInline(part.scalar) : undefined
  }

  #list(): Found {
    const items: unknown[] = []
    while (!this.#takes(']')) {
      if (items.length > 0 && !this.#takes(',')) return undefined
      const item = this.value()
      if (item === undefined) return undefined
      items.push(item.value)
    }
    return { value: items }
  }

  #map(): Found {
    const map: Record<string, unknown> = {}
    let isFirst = true
    while (!this.#takes('}')) {
      if (!isFirst && !this.#takes(',')) return undefined
      isFirst = false
      const part = this.#parts[this.#at++]
      const key = part?.isKey ? readKey(`${part.scalar}:`)?.key : undefined
      if (key === undefined || Object.hasOwn(map, key)) return undefined
      const item = this.value()
      if (item === undefined) return undefined
      map[key] = item.value
    }
    return { value: map }
  }

  #takes(mark: string): boolean {
    if (this.#parts[this.#at]?.mark !== mark) return false
    this.#at++
    return true
  }
}
