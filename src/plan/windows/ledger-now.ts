import { parseInstant, type Relation } from '../../core/index.js'
import type { WarehouseState } from '../warehouse-state.js'
import { windowName } from './calendar.js'
import { type Ledger, ledgerOf } from './ledger.js'
import { openWindowStart, type WindowSettings } from './stretch.js'

/** What is done. A table without a ledger is adopted: the windows before its newest row count as done. */
export function ledgerNow(
  target: Relation,
  settings: WindowSettings,
  state: WarehouseState,
): { readonly ledger: Ledger; readonly notice?: string } {
  const rows = state.intervals(target)
  if (rows.length > 0 || state.stored(target).length > 0) return { ledger: ledgerOf(rows) }
  const newest = parseInstant((state.maximum(target, settings.column)?.value ?? '').replace(/(\.\d{1,9})\d*/, '$1'))
  if (newest === undefined) return { ledger: ledgerOf([]) }
  const done = { from: settings.begin, to: openWindowStart(settings, newest) }
  const notice = `${target.identifier} has no recorded windows and is adopted as it is: those before ${windowName(settings.size, { from: done.to, to: done.to })} count as done`
  return { ledger: { done: done.from < done.to ? [done] : [], open: [] }, notice }
}
