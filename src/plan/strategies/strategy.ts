import type { Change } from '../../adapters/index.js'
import type { IncrementalConfig } from '../../config/index.js'

/** What a strategy may look at; columns are spelt as the target spells them. */
export interface StrategyInput {
  readonly config: IncrementalConfig
  readonly key: readonly string[]
  readonly updatedAt: string | undefined
  /** Whether the delta is filtered, by the user or by fft; else it is the whole SELECT. */
  readonly isFiltered: boolean
  /** For `append`: the filter that fft puts around the delta. */
  readonly range: { readonly column: string; readonly from: string } | undefined
}

/** A strategy as a result: what must be true of the target afterwards. Dialects know the statements. */
export interface Strategy {
  readonly needsKey: boolean
  /** Whether a key may stand in several rows. */
  readonly allowsDuplicates: boolean
  change(input: StrategyInput): Change
}
