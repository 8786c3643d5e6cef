import { historyNameKeys, type IncrementalConfig } from '../config/index.js'
import type { Diagnostic } from '../core/index.js'
import type { ModelNode } from '../parse/index.js'
import { planDiagnostic } from './diagnostics.js'

/** Whether a history says how changes, deletions and its columns are told. */
export function checkVersions(node: ModelNode, config: IncrementalConfig): readonly Diagnostic[] {
  if (config.versions === undefined) return []
  return [...checkNeeds(node, config), ...checkDeletions(node, config), ...checkNames(node, config)]
}

/** A snapshot names the way in which it tells changes, and then needs what that looks at. */
function checkNeeds(node: ModelNode, { versions, updatedAt }: IncrementalConfig): readonly Diagnostic[] {
  const { strategy } = node.config.snapshot ?? {}
  if (strategy === undefined) return []
  const isThere = strategy === 'check' ? versions?.compared !== undefined : updatedAt !== undefined
  if (isThere) return []
  const needs = strategy === 'check' ? 'check_cols' : 'updated_at'
  return [planDiagnostic('strategy-needs', { strategy, needs }, node.placed.placeOf('strategy'))]
}

function checkDeletions(node: ModelNode, { versions }: IncrementalConfig): readonly Diagnostic[] {
  const isWhole = (node.delta?.way ?? 'whole') === 'whole'
  if (isWhole || versions?.deletions === 'ignore') return []
  return [planDiagnostic('deletions-need-whole', undefined, node.placed.placeOf('hard_deletes'))]
}

function checkNames(node: ModelNode, { history }: IncrementalConfig): readonly Diagnostic[] {
  const names = history.history_names
  if (typeof names !== 'object' || names === null) return []
  const known = Object.keys(historyNameKeys)
  const place = node.placed.placeOf('history_names')
  return Object.keys(names)
    .filter((key) => !known.includes(key))
    .map((key) => planDiagnostic('history-name-unknown', { key, known }, place))
}
