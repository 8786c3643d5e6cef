import { holesOf } from '../core/index.js'
import type { CompiledNode } from './types.js'

/** Columns whose watermark some rendering of the model asks for. */
export function watermarkColumnsOf(compiled: CompiledNode): readonly string[] {
  const holes = [...holesOf(compiled.full ?? []), ...holesOf(compiled.delta?.sql ?? [])]
  return [...new Set(holes.flatMap((hole) => (hole.kind === 'watermark' ? [hole.column] : [])))]
}
