export { toDot } from './draw/dot.js'
export { toMermaid } from './draw/mermaid.js'
export { type PageOptions, toHtml } from './draw/page/to-html.js'
export { type TerminalOptions, toTerminalTree } from './draw/terminal-tree.js'
export * from './link-dag.js'
export * from './list-nodes.js'
export { isModelNode } from './model-node.js'
export * from './reach.js'
export {
  type IndirectSelection,
  indirectSelections,
  type SelectorAtom,
  type SelectorExpression,
} from './select/expression.js'
export type { History, HistoryAnswer } from './select/history.js'
export { type ParsedSelector, parseSelector } from './select/parse-selector.js'
export { type Selection, type SelectionRequest, select } from './select/select.js'
export * from './types.js'
export { referencesOf } from './unknown-reference.js'
