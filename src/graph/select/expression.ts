import type { SourceSpan } from '../../core/index.js'

export const indirectSelections = ['eager', 'cautious', 'buildable', 'empty'] as const
/** Which tests come along with the nodes that they read. */
export type IndirectSelection = (typeof indirectSelections)[number]

/** One condition on nodes with its graph operators: `2+tag:nightly+`. */
export interface SelectorAtom {
  readonly kind: 'atom'
  /** As written; for messages. */
  readonly text: string
  /** UTF-16 offset of `text` in the selector. */
  readonly offset: number
  /** `fqn`, `file` or `path` when none was written. */
  readonly method: string
  /** `['meta', 'owner']` of `config.meta.owner:`. */
  readonly argument: readonly string[]
  readonly value: string
  /** How many steps up; Infinity for all. */
  readonly parents?: number
  readonly children?: number
  /** `@`: the node, its descendants, and every ancestor of those. */
  readonly childrensParents: boolean
  readonly indirectSelection?: IndirectSelection
  /** Set when it stands in selectors.yml. */
  readonly span?: SourceSpan
}

/** A selector as a tree, from the command line or from selectors.yml. */
export type SelectorExpression =
  | SelectorAtom
  | { readonly kind: 'union'; readonly parts: readonly SelectorExpression[] }
  | { readonly kind: 'intersection'; readonly text: string; readonly parts: readonly SelectorExpression[] }
  | { readonly kind: 'difference'; readonly from: SelectorExpression; readonly minus: SelectorExpression }
