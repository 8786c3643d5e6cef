import type { SourceSpan } from '../core/index.js'
import { spanAt } from './places.js'
import type { Template } from './types.js'

/** A `{% snapshot name %}` block as a template of its own. */
export interface SnapshotBlock {
  readonly name: string
  /** The place of the name. */
  readonly span: SourceSpan
  /** The block's body, with the variables, imports and macros that stand around it. */
  readonly template: Template
}

/** The snapshots of a file, in its order. */
export function snapshotBlocks(template: Template): readonly SnapshotBlock[] {
  const around = template.body.filter((node) => node.k !== 'snapshot' && node.k !== 'text' && node.k !== 'out')
  return template.body.flatMap((node) => {
    if (node.k !== 'snapshot') return []
    const span = spanAt(template.file, node.at, node.name.length)
    return [{ name: node.name, span, template: { ...template, body: [...around, ...node.body] } }]
  })
}
