import type { Diagnostic, Relation, StringRules } from '../../core/index.js'
import type { ModelNode } from '../../parse/index.js'
import { checkStrategy } from '../check-strategy.js'
import { strategyOf } from '../strategies/index.js'
import type { WarehouseState } from '../warehouse-state.js'
import type { Window } from './calendar.js'
import { allWindows } from './choose-windows.js'
import { isDone, ledgerOf, merged } from './ledger.js'
import { ledgerNow } from './ledger-now.js'
import { windowSettings } from './stretch.js'

/** Whether a model is made window by window. */
export function isWindowed({ config }: ModelNode): boolean {
  return config.incremental !== undefined && strategyOf(config.incremental).hasWindows === true
}

/** What is wrong with what a model says of its windows. */
export function checkWindowed(node: ModelNode, rules: StringRules): readonly Diagnostic[] {
  const config = node.config.incremental
  const strategy = config && strategyOf(config)
  return config !== undefined && strategy?.hasWindows === true ? checkStrategy(node, config, strategy, rules) : []
}

/**
 * The stretches of windows that are over (at `now`, milliseconds since 1970) and not done; all of them when there is no
 * table yet.
 */
export function windowGaps(node: ModelNode, target: Relation, state: WarehouseState, now: number): readonly Window[] {
  const settings = node.config.incremental && windowSettings(node.config.incremental)
  if (settings === undefined) return []
  const isBuilt = state.find(target)?.kind === 'table'
  const { ledger } = isBuilt ? ledgerNow(target, settings, state) : { ledger: ledgerOf([]) }
  const over = allWindows({ ...settings, now, asked: {} }).filter(({ to }) => to <= now)
  return merged(over.filter((window) => !isDone(ledger, window)))
}
