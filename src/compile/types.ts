import type { Relation, Sql, UniqueId } from '../core/index.js'
import type { Dag } from '../graph/index.js'

/** A model's or test's SQL: the full rendering and, for incremental models, the delta's. */
export interface CompiledNode {
  readonly uniqueId: UniqueId
  /** Undefined for ephemeral models and tests. */
  readonly relation?: Relation
  /** What `compiled/` shows: the full rendering without blank lines at both ends, ephemeral parents in front. */
  readonly full?: Sql
  /** What a later run applies. `whole`: the full SELECT is the delta. */
  readonly delta?: CompiledDelta
  readonly preHooks: readonly Sql[]
  readonly postHooks: readonly Sql[]
  /** `run_query` was called: the template is rendered again when it runs. */
  readonly renderAtExecution: boolean
}

/** `incremental.md` §2: `sql` and `body` are filtered by the user, `watermark` by fft, `whole` not at all. */
export interface CompiledDelta {
  readonly way: 'sql' | 'body' | 'watermark' | 'whole'
  readonly sql: Sql
  /** The column that `watermark` filters on. */
  readonly column?: string
}

/** The compiled project; everything that plan needs and nothing of the warehouse. */
export interface Manifest {
  readonly dag: Dag
  readonly relations: ReadonlyMap<UniqueId, Relation>
  readonly compiled: ReadonlyMap<UniqueId, CompiledNode>
}
