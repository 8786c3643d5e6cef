import * as v from 'valibot'
import type { Diagnostic, SourceSpan } from '../core/index.js'
import { diagnostic, show } from './diagnostics.js'
import type { PlacedText, ValuePath } from './types.js'

/** Whatever can say where a value of the user's stands: a YAML file, a layer of configuration. */
export interface Placed {
  placeOf(path: ValuePath, which?: 'key' | 'value'): SourceSpan
  /** A string as text with its places; undefined when it is none. */
  textAt?(path: ValuePath): PlacedText | undefined
  /** Whether a value must not be shown. */
  isSecret?(path: ValuePath): boolean
}

/** A checked value; undefined when it has errors. */
export interface Checked<Value> {
  readonly value: Value | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Checks a value against its schema. Reports 'unknown-key', 'wrong-value', 'missing-key', each at its place. */
export function check<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  places: Placed,
  base: ValuePath = [],
): Checked<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, value)
  if (result.success) return { value: result.output, diagnostics: [] }
  return { value: undefined, diagnostics: faults(schema, value, { places, base }) }
}

interface At {
  readonly places: Placed
  readonly base: ValuePath
}

type Issue = v.BaseIssue<unknown>

/** A strict object stops at its first unknown key, so each found one is taken out and the rest checked again. */
function faults(schema: v.GenericSchema, value: unknown, at: At): readonly Diagnostic[] {
  const unknownKeys: Diagnostic[] = []
  let rest = value
  for (;;) {
    const issues = (v.safeParse(schema, rest).issues ?? []).map((issue) => innermost(issue, []))
    const unknown = issues.filter(isUnknownKey)
    if (unknown.length === 0) return inOrder(once([...unknownKeys, ...issues.map((issue) => report(issue, at))]))
    unknownKeys.push(...unknown.map((issue) => report(issue, at)))
    for (const { path } of unknown) rest = without(rest, path)
  }
}

interface Fault {
  readonly issue: Issue
  readonly path: ValuePath
}

/** Of a union's faults, the one of the alternative that fitted furthest says most. */
function innermost(issue: Issue, above: ValuePath): Fault {
  const path = [...above, ...(issue.path ?? []).map((item) => item.key as string | number)]
  const deeper = (issue.issues ?? []).map((each) => innermost(each, path))
  const deepest = deeper.reduce<Fault | undefined>(
    (best, each) => (each.path.length > (best?.path.length ?? path.length) ? each : best),
    undefined,
  )
  return deepest ?? { issue, path }
}

function isUnknownKey({ issue, path }: Fault): boolean {
  return (
    issue.type === 'strict_object' && issue.expected === 'never' && typeof path.at(-1) === 'string' && !inList(issue)
  )
}

/** A strict object takes a list for an object with the keys 0, 1, …. */
function inList(issue: Issue): boolean {
  const last = issue.path?.at(-1)
  return typeof last?.key === 'string' && Array.isArray(last.input)
}

function report({ issue, path }: Fault, { places, base }: At): Diagnostic {
  const [expected = '', hint] = issue.message.split('\n')
  const full = [...base, ...path]
  const last = String(path.at(-1) ?? '')
  if (isUnknownKey({ issue, path })) return diagnostic('unknown-key', { key: last, hint }, places.placeOf(full, 'key'))
  if (issue.type === 'strict_object' && issue.expected !== 'Object' && !inList(issue)) {
    return diagnostic('missing-key', { key: last }, places.placeOf(full.slice(0, -1)))
  }
  const at = issue.type === 'strict_object' && inList(issue) ? full.slice(0, -1) : full
  const value = at === full ? issue.input : issue.path?.at(-1)?.input
  const received = places.isSecret?.(at) === true ? `a ${typeof value}` : show(value)
  const params = { key: keyName(at), expected, received, hint: hint ?? namedItem(at, value) }
  return diagnostic('wrong-value', params, places.placeOf(at))
}

const namedLists = ['models', 'seeds', 'snapshots', 'sources', 'tables', 'columns']

/** A plain name in a list of maps: `tables: [events]`. */
function namedItem(path: ValuePath, value: unknown): string | undefined {
  const isItem = typeof path.at(-1) === 'number' && namedLists.includes(String(path.at(-2)))
  return isItem && typeof value === 'string' ? `write "- name: ${value}"` : undefined
}

function keyName(path: ValuePath): string {
  const start = path.findLastIndex((step) => typeof step === 'string')
  if (start === -1) return path.length === 0 ? 'the content' : 'the item'
  return `'${path[start]}${path
    .slice(start + 1)
    .map((step) => `[${step}]`)
    .join('')}'`
}

function without(value: unknown, path: ValuePath): unknown {
  const [step, ...rest] = path
  if (step === undefined || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? without(item, rest) : item))
  const entries = Object.entries(value)
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== step))
  return Object.fromEntries(entries.map(([key, item]) => [key, key === step ? without(item, rest) : item]))
}

/** A list in place of a map breaks several rules in one place. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const key = ({ code, message, span }: Diagnostic) => JSON.stringify([code, message, span])
  return [...new Map(diagnostics.map((each) => [key(each), each])).values()]
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) => (a.span?.line ?? 0) - (b.span?.line ?? 0) || (a.span?.column ?? 0) - (b.span?.column ?? 0),
  )
}
