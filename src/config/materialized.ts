import type { Diagnostic } from '../core/index.js'
import { place } from './check-layer.js'
import { diagnostic } from './diagnostics.js'
import type { MergedConfig, RankedEntry } from './merged-config.js'
import { type ConfiguredResource, configKey } from './model-keys.js'
import { type Materialization, materializations } from './types.js'

/** What the node becomes, and the contradictions met on the way. */
export interface Materialized {
  readonly materialized: Materialization
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Decides the materialization: what is said, except that a model with `incremental` switched on or with a delta is
 * incremental even where it says `table`, and one with incremental keys and no `materialized` is too. A stronger file
 * wins silently; one file that contradicts itself is reported ('incremental-contradiction', 'incremental-disabled').
 */
export function resolveMaterialized(merged: MergedConfig, resource: ConfiguredResource): Materialized {
  const said = merged.strongest('materialized')
  const saidValue = materializations.find((each) => each === said?.value)
  const off = merged.value('incremental') === false ? merged.strongest('incremental') : undefined
  const on = off === undefined ? (switchedOn(merged) ?? strategyBeside(merged, said)) : undefined
  if (saidValue === undefined || said === undefined)
    return { materialized: unsaid(merged, resource, off, on), diagnostics: [] }
  if (off !== undefined && saidValue === 'incremental') return switchedOff(said, off)
  if (saidValue === 'incremental') return { materialized: saidValue, diagnostics: [] }
  if (on !== undefined) return saidAgainst(saidValue, said, on)
  const isIncremental = saidValue === 'table' && impliedAbove(merged, said.rank)
  return { materialized: isIncremental ? 'incremental' : saidValue, diagnostics: [] }
}

/** `materialized` says something else than `incremental`, `on` switches it on: the stronger file wins. */
function saidAgainst(saidValue: Materialization, said: RankedEntry, on: RankedEntry): Materialized {
  if (saidValue === 'table' || on.rank > said.rank) return { materialized: 'incremental', diagnostics: [] }
  if (on.rank < said.rank) return { materialized: saidValue, diagnostics: [] }
  const params = { materialized: saidValue, because: on.path.join('.') }
  const related = [{ message: `'${on.spelling}' stands here`, span: place(on) }]
  const fault = diagnostic('incremental-contradiction', params, place(said), related)
  return { materialized: saidValue, diagnostics: [fault] }
}

/** The strategy in the file that says `view` or `ephemeral`; defaults of folders are for other models. */
function strategyBeside(merged: MergedConfig, said: RankedEntry | undefined): RankedEntry | undefined {
  const strategy = merged.strongest('strategy')
  const isRowless = said?.value === 'view' || said?.value === 'ephemeral'
  return isRowless && strategy?.rank === said?.rank ? strategy : undefined
}

/** The strongest entry that makes the model incremental by itself. */
function switchedOn(merged: MergedConfig): RankedEntry | undefined {
  const switches = (['delta', 'delta_config', 'incremental'] as const).flatMap((key) => merged.strongest(key) ?? [])
  return switches.reduce<RankedEntry | undefined>(
    (best, each) => (each.rank >= (best?.rank ?? 0) ? each : best),
    undefined,
  )
}

/** Whether a stronger file than the one that says `table` gives keys that only an incremental model has. */
function impliedAbove(merged: MergedConfig, rank: number): boolean {
  return merged.keys().some((key) => configKey(key).implies === true && (merged.strongest(key)?.rank ?? 0) > rank)
}

function unsaid(
  merged: MergedConfig,
  resource: ConfiguredResource,
  off: RankedEntry | undefined,
  on: RankedEntry | undefined,
): Materialization {
  if (resource === 'snapshot') return 'snapshot'
  if (off !== undefined || resource === 'seed') return 'table'
  const implied = merged.keys().some((key) => configKey(key).implies === true)
  return on !== undefined || implied ? 'incremental' : 'table'
}

function switchedOff(said: RankedEntry, off: RankedEntry): Materialized {
  if (off.rank > said.rank) return { materialized: 'table', diagnostics: [] }
  if (off.rank < said.rank) return { materialized: 'incremental', diagnostics: [] }
  const related = [{ message: 'switched off here', span: place(off) }]
  return { materialized: 'incremental', diagnostics: [diagnostic('incremental-disabled', {}, place(said), related)] }
}
