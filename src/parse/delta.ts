import type { IncrementalConfig, PlacedModelConfig, PlacedText } from '../config/index.js'
import type { Diagnostic } from '../core/index.js'
import { parseTemplate, type Template } from '../template/index.js'
import { placeholderRelation, type TemplateContext } from './context.js'
import { parseDiagnostic } from './diagnostics.js'
import type { DeltaSource } from './nodes.js'
import { type Recorded, recordRendering } from './record.js'

export interface DeltaInput {
  readonly name: string
  readonly template: Template | undefined
  readonly placed: PlacedModelConfig
  readonly recorded: Recorded
  readonly context: TemplateContext
}

/**
 * Which of the four ways (`incremental.md` §2) an incremental model's delta is found; records what the delta's own
 * rendering refers to. Reports 'append-without-delta' and faults of the delta's template.
 */
export function deltaOf(input: DeltaInput): FoundDelta {
  const { placed, recorded, context } = input
  const incremental = placed.config.incremental
  if (incremental === undefined) return { diagnostics: [] }
  if (incremental.delta?.kind === 'sql') return deltaOfSql(incremental.delta.text, input)
  const hasWindows = incremental.strategy === 'time_range'
  const filtersItself = hasWindows || recorded.usesIsIncremental || recorded.watermarks.length > 0
  if (input.template !== undefined && filtersItself) {
    const self = placeholderRelation(context.facts, input.name)
    recordRendering({ template: input.template, context, self, isIncremental: true }, recorded)
    return { delta: { way: 'body' }, diagnostics: [] }
  }
  if (incremental.delta?.kind === 'watermark') {
    return { delta: { way: 'watermark', column: incremental.delta.column }, diagnostics: [] }
  }
  return isAppend(incremental) ? deltaOfAppend(incremental, input) : { delta: { way: 'whole' }, diagnostics: [] }
}

interface FoundDelta {
  readonly delta?: DeltaSource
  readonly diagnostics: readonly Diagnostic[]
}

function deltaOfSql(text: PlacedText, { name, recorded, context }: DeltaInput): FoundDelta {
  const { template, diagnostics } = parseTemplate(text)
  if (template === undefined) return { diagnostics }
  const self = placeholderRelation(context.facts, name)
  recordRendering({ template, context, self, isIncremental: true }, recorded)
  return { delta: { way: 'sql', template }, diagnostics }
}

function isAppend({ strategy, uniqueKey }: IncrementalConfig): boolean {
  return strategy === 'append' || (strategy === undefined && uniqueKey.length === 0)
}

function deltaOfAppend(
  { strategy, updatedAt, uniqueKey }: IncrementalConfig,
  { name, placed }: DeltaInput,
): FoundDelta {
  if (updatedAt !== undefined) return { delta: { way: 'watermark', column: updatedAt }, diagnostics: [] }
  if (uniqueKey.length > 0) return { delta: { way: 'whole' }, diagnostics: [] }
  const isMeant = strategy === 'append'
  const place = placed.placeOf(isMeant ? 'strategy' : 'materialized')
  const fault = parseDiagnostic('append-without-delta', { model: name, isMeant }, place)
  return { delta: { way: 'whole' }, diagnostics: [fault] }
}
