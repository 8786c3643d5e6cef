import type { PlacedModelConfig } from '../config/index.js'
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
export function deltaOf(input: DeltaInput): { delta?: DeltaSource; diagnostics: readonly Diagnostic[] } {
  const { placed, recorded, context } = input
  const incremental = placed.config.incremental
  if (incremental === undefined) return { diagnostics: [] }
  const self = placeholderRelation(context.facts, input.name)
  if (incremental.delta?.kind === 'sql') {
    const { template, diagnostics } = parseTemplate(incremental.delta.text)
    if (template === undefined) return { diagnostics }
    recordRendering({ template, context, self, isIncremental: true }, recorded)
    return { delta: { way: 'sql', template }, diagnostics }
  }
  const filtersItself = recorded.usesIsIncremental || recorded.watermarks.length > 0
  if (input.template !== undefined && filtersItself) {
    recordRendering({ template: input.template, context, self, isIncremental: true }, recorded)
    return { delta: { way: 'body' }, diagnostics: [] }
  }
  if (incremental.delta?.kind === 'watermark') {
    return { delta: { way: 'watermark', column: incremental.delta.column }, diagnostics: [] }
  }
  if (incremental.strategy === 'append' || (incremental.strategy === undefined && incremental.uniqueKey.length === 0)) {
    const column = incremental.updatedAt
    if (column !== undefined) return { delta: { way: 'watermark', column }, diagnostics: [] }
    const fault = parseDiagnostic('append-without-delta', { model: input.name }, placed.placeOf('strategy'))
    return { delta: { way: 'whole' }, diagnostics: [fault] }
  }
  return { delta: { way: 'whole' }, diagnostics: [] }
}
