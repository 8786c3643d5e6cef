import type { Diagnostic, Relation, SourceSpan, Sql } from '../core/index.js'
import { type Call, Rope, renderTemplate, type Template, Undefined, type Value } from '../template/index.js'
import { type ConfigCalls, collectConfig } from './config-calls.js'
import { placeholderRelation, type TemplateContext } from './context.js'
import { parseDiagnostic } from './diagnostics.js'
import type { RefCall, SourceCall } from './nodes.js'
import { buildScope, type RenderHooks, relationValue } from './scope.js'

/** What the first rendering of a template saw. */
export interface Recorded {
  readonly config: ConfigCalls
  readonly refs: RefCall[]
  readonly sources: SourceCall[]
  readonly watermarks: { column: string; span: SourceSpan }[]
  usesIsIncremental: boolean
  usesRunQuery: boolean
  readonly diagnostics: Diagnostic[]
}

export function emptyRecord(file: string): Recorded {
  return {
    config: collectConfig(file),
    refs: [],
    sources: [],
    watermarks: [],
    usesIsIncremental: false,
    usesRunQuery: false,
    diagnostics: [],
  }
}

export interface RecordingInput {
  readonly template: Template
  readonly context: TemplateContext
  /** What `this` stands for; undefined where there is none. */
  readonly self: Relation | undefined
  readonly isIncremental: boolean
  readonly extra?: ReadonlyMap<string, Value>
}

/** Renders a template to see what it refers to; adds to what was recorded before. Relations in the text are stand-ins. */
export function recordRendering(input: RecordingInput, recorded: Recorded): Sql {
  const { context } = input
  const hooks: RenderHooks = {
    ref: (call) => recordRef(call, context, recorded),
    source: (call) => recordSource(call, context, recorded),
    config: (call) => {
      recorded.config.add(call)
      return ''
    },
    configValue: (name) => recorded.config.values()[name],
    self: input.self,
    isIncremental: () => {
      recorded.usesIsIncremental = true
      return input.isIncremental
    },
    watermark: (call) => recordWatermark(call, recorded),
    batch: (part, call) => new Rope([{ kind: 'batch', part, span: call.span }]),
    runQuery: () => {
      recorded.usesRunQuery = true
      return new Undefined('run_query(…)', 'queries run at execution only: guard it with {% if execute %}')
    },
    execute: false,
    onExecuteRead: () => {
      recorded.usesRunQuery = true
    },
    log: () => {},
    ...(input.extra === undefined ? {} : { extra: input.extra }),
  }
  const { sql, diagnostics } = renderTemplate(input.template, buildScope(context, hooks))
  recorded.diagnostics.push(...diagnostics)
  return sql
}

function recordRef(call: Call, context: TemplateContext, recorded: Recorded): Value {
  const reference = refArguments(call)
  if (reference === undefined) return ''
  if (!recorded.refs.some((other) => other.name === reference.name && other.package === reference.package)) {
    recorded.refs.push(reference)
  }
  return relationValue(context, placeholderRelation(context.facts, reference.name))
}

function recordSource(call: Call, context: TemplateContext, recorded: Recorded): Value {
  const reference = sourceArguments(call)
  if (reference === undefined) return ''
  if (!recorded.sources.some((other) => other.source === reference.source && other.table === reference.table)) {
    recorded.sources.push(reference)
  }
  return relationValue(context, placeholderRelation(context.facts, reference.table))
}

function recordWatermark(call: Call, recorded: Recorded): Value {
  const column = watermarkColumn(call)
  if (column === undefined) return ''
  if (!recorded.watermarks.some((other) => other.column === column)) {
    recorded.watermarks.push({ column, span: call.placeOf([0]) })
  }
  return new Rope([{ kind: 'watermark', column, span: call.span }])
}

/** The arguments of `ref('x')`, `ref('x.ff')`, `ref('package', 'x')`. Reports 'ref-argument'. */
export function refArguments(call: Call): RefCall | undefined {
  const [first, second] = call.args
  const isTooMuch = call.args.length > 2
  if (typeof first !== 'string' || (second !== undefined && typeof second !== 'string') || isTooMuch) {
    const wrong = isTooMuch ? 2 : call.args.findIndex((argument) => typeof argument !== 'string')
    call.report(parseDiagnostic('ref-argument', undefined, call.placeOf([Math.max(0, wrong)])))
    return undefined
  }
  if (second === undefined) return { name: plainName(first), span: call.placeOf([0]) }
  return { package: first, packageSpan: call.placeOf([0]), name: plainName(second), span: call.placeOf([1]) }
}

/** Reports 'source-argument'. */
export function sourceArguments(call: Call): SourceCall | undefined {
  const [source, table] = call.args
  if (typeof source === 'string' && typeof table === 'string') {
    return { source, table, span: call.placeOf([0]), tableSpan: call.placeOf([1]) }
  }
  call.report(parseDiagnostic('source-argument', undefined, call.placeOf([0])))
  return undefined
}

/** Reports 'watermark-column'. */
export function watermarkColumn(call: Call): string | undefined {
  const column = call.args[0] ?? call.kwargs.get('column')
  if (typeof column === 'string' && column !== '') return column
  call.report(parseDiagnostic('watermark-column', undefined, call.span))
  return undefined
}

/** A node's name without the `.ff` that upstream lets users write. */
export function plainName(name: string): string {
  return name.endsWith('.ff') ? name.slice(0, -3) : name
}

/** Hooks of a rendering that has no model: naming macros, profiles of tests. */
export const recordingHooks: RenderHooks = {
  ref: () => '',
  source: () => '',
  config: () => '',
  configValue: () => undefined,
  self: undefined,
  isIncremental: () => false,
  watermark: () => '',
  batch: () => '',
  runQuery: () => '',
  execute: false,
  log: () => {},
}
