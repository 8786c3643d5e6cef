import type { TestConfig } from '../config/index.js'
import type { Diagnostic, Position } from '../core/index.js'
import type { TemplateSource } from '../template/index.js'
import { wrong } from './gap-tests.js'
import { plainName } from './record.js'

/**
 * The SELECT of one number that `complete_within` compares with, as a template: the one that is given, or the count of
 * the rows of what is named. Undefined when it says neither.
 */
export function expectedCount(config: TestConfig): TemplateSource | undefined {
  const { expected } = config.arguments
  if (typeof expected === 'number') return { ...at(config), text: `select ${expected}` }
  if (typeof expected === 'string') return fromText(expected, config)
  const source = sourceOf(expected)
  if (source === undefined) return undefined
  const [name, table] = source.map((part) => JSON.stringify(part))
  return { ...at(config), text: `select count(*) from {{ source(${name}, ${table}) }}` }
}

function fromText(text: string, config: TestConfig): TemplateSource | undefined {
  const placed = config.textOf?.('expected')
  const place = (offset: number): Position => placed?.origin(offset) ?? at(config).origin()
  const counted = (name: string, before: string, after: string): TemplateSource => {
    const start = text.indexOf(name)
    const origin = (offset: number) => place(start + Math.min(Math.max(0, offset - before.length), name.length))
    return { file: config.span.file, text: `${before}${name}${after}`, origin }
  }
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (/^[A-Za-z0-9_.-]+$/.test(trimmed)) return counted(plainName(trimmed), "select count(*) from {{ ref('", "') }}")
  const call = /^(?:\{\{-?)?\s*((?:ref|source)\([^()]*\))\s*(?:-?\}\})?$/.exec(trimmed)?.[1]
  if (call !== undefined) return counted(call, 'select count(*) from {{ ', ' }}')
  return { file: config.span.file, text, origin: place }
}

/** Where a value stands that is no text. */
function at(config: TestConfig) {
  const span = config.placeOf?.('expected') ?? config.span
  return { file: span.file, origin: () => ({ line: span.line, column: span.column }) }
}

/** `{source: raw.events}`, `{source: [raw, events]}`. */
function sourceOf(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'source') return undefined
  const { source } = value as { readonly source: unknown }
  const parts: readonly unknown[] = typeof source === 'string' ? source.split('.') : Array.isArray(source) ? source : []
  const names = parts.filter((part): part is string => typeof part === 'string' && part !== '')
  return names.length === 2 && parts.length === 2 ? names : undefined
}

/** Reports 'test-argument-value' of `complete_within`. */
export function checkCompleteWithin(config: TestConfig): readonly Diagnostic[] {
  const { percent, expected } = config.arguments
  return [
    ...wrong(
      config,
      'percent',
      percent === undefined || percentOf(config) !== undefined,
      'a number from 0 on, with at most 6 decimals',
      'write percent: 5',
    ),
    ...wrong(
      config,
      'expected',
      expected === undefined ||
        isCount(expected) ||
        (typeof expected !== 'number' && expectedCount(config) !== undefined),
      "a SELECT of one number, ref('…') or {source: …}",
      "write expected: select count(*) from …, ref('orders') or {source: raw.orders}",
    ),
  ]
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** The tolerance, digit by digit as it was written. */
export function percentOf({ arguments: { percent } }: TestConfig): string | undefined {
  const text = typeof percent === 'number' ? String(percent) : ''
  return /^\d{1,6}(?:\.\d{1,6})?$/.test(text) ? text : undefined
}
