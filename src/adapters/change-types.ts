import type { Relation, Sql } from '../core/index.js'
import type { Column } from './relation-types.js'

/** What must be true of the target after the delta is applied; `pipeline.md` §3. */
export type Change =
  | {
      readonly kind: 'insert'
      /** Which delta rows are already there: none; those with a key of the target; those equal in the watermark's range. */
      readonly existing:
        | { readonly by: 'nothing' }
        | { readonly by: 'key'; readonly key: readonly string[]; readonly nullSafe: boolean }
        | { readonly by: 'rows'; readonly range?: { readonly column: string; readonly from: string } }
    }
  | {
      readonly kind: 'upsert'
      readonly key: readonly string[]
      /** The model's `updated_at`, which lets engines skip old rows when they compare. */
      readonly updatedAt?: string
      readonly wins: Wins
      /** NULL keys match NULL keys. */
      readonly nullSafe: boolean
      /** A condition on `delta` and `target`: only rows that it is true of match; undefined: all of a key do. */
      readonly within?: string
      /** The only columns that a row that is there takes over; undefined: all. */
      readonly updates?: readonly string[]
      /** The columns that tell whether a row differs from the one that is there; undefined: all that it takes over. */
      readonly differsIn?: readonly string[]
      /** Columns of the target that hold what another one had before it last changed. */
      readonly remembers: readonly PreviousColumn[]
      readonly deletes: Deletes
    }
  | {
      readonly kind: 'replace_keys'
      readonly key: readonly string[]
      readonly nullSafe: boolean
      /** A condition on `delta` and `target`: rows that it is not true of stay; undefined: all of a key are replaced. */
      readonly within?: string
    }
  | {
      readonly kind: 'replace_window'
      readonly window: WindowFilter
      /** Tells which of the rows that come and go are updates. */
      readonly key: readonly string[]
    }
  | {
      readonly kind: 'version'
      readonly key: readonly string[]
      readonly nullSafe: boolean
      /** The column that tells since when a row is valid; undefined: since `now`. */
      readonly updatedAt?: string
      /** The start of the run, a literal of the type of `valid_from`. */
      readonly now: string
      /** Columns whose change alone makes a new version; undefined: every instant is one. */
      readonly compared?: readonly string[]
      /** What becomes of keys that the delta does not have: their version stays, ends, or another one says that they are gone. */
      readonly deletions: 'ignore' | 'close' | 'new_record'
      readonly names: VersionNames
    }

/** How the columns of a history are called; undefined: it has none. */
export interface VersionNames {
  readonly validFrom: string
  readonly validTo: string
  readonly isCurrent?: string | undefined
  /** The model's `updated_at` of the version, or the run that brought it. */
  readonly updatedAt?: string | undefined
  /** Whether the version says that the key was gone. */
  readonly isDeleted?: string | undefined
  /** A text that is different for every version. */
  readonly scdId?: string | undefined
}

/** A half-open stretch of a column's values, as literals of its type. */
export interface WindowFilter {
  readonly column: string
  readonly from: string
  readonly to: string
}

/**
 * Which of two rows of a key stays: the delta's always; the newer by `updatedAt` (NULL is the oldest, of equals the
 * delta's); the delta's where a condition on `delta` and `target` is true.
 */
export type Wins =
  | { readonly by: 'delta' }
  | { readonly by: 'newest' }
  | { readonly by: 'condition'; readonly sql: string }

/** A column and the one that remembers what it was. */
export interface PreviousColumn {
  readonly column: string
  readonly previous: string
}

/** Which rows an upsert takes away. */
export interface Deletes {
  /** A condition on `delta`: such rows never enter and take their key's row away. */
  readonly flagged?: string
  /** Whether keys that the delta does not have go. */
  readonly missing: boolean
}

/** A change of the target with everything that its statements need. */
export interface ApplyInput {
  readonly target: Relation
  readonly staging: Relation
  /** Columns of the delta, in the target's spelling. */
  readonly deltaColumns: readonly Column[]
  /** Columns of the target after any schema change. */
  readonly targetColumns: readonly Column[]
  /** Those of them that this run added: rows that were there before have NULL in them. */
  readonly addedColumns: readonly Column[]
  /** Unique indexes of the target. */
  readonly uniqueKeys: readonly (readonly string[])[]
  /** A name for a further temporary relation of this node. */
  readonly scratch: (suffix: string) => Relation
  /** What rows to count as late among those that an upsert writes; undefined: they have been counted, or none can be. */
  readonly late?: LateMark | undefined
}

/** Rows of the delta whose column is below the watermark, a literal of its type. */
export interface LateMark {
  readonly column: string
  readonly below: string
}

/**
 * What a statement's row count means for the node's counts. `dropped`: staged rows without a key; `updated`: rows that
 * others take the place of, one for one; `replaced`: rows taken out, updated ones among them; `written`: rows put in,
 * updated ones among them; `filled`: rows that were updated where they are; `late`: rows below the watermark that are new
 * or changed.
 */
export type Counted =
  | 'staged'
  | 'dropped'
  | 'duplicates'
  | 'unchanged'
  | 'updated'
  | 'deleted'
  | 'replaced'
  | 'written'
  | 'filled'
  | 'late'

/** What tells late rows: those below a watermark that are not in the target as they are. */
export interface LateInput extends LateMark {
  readonly staging: Relation
  readonly target: Relation
  /** Empty: rows are known by all columns. */
  readonly key: readonly Column[]
  readonly nullSafe: boolean
  /** All columns of the rows. */
  readonly columns: readonly string[]
  /** Columns in which a row has to be equal to be there already. */
  readonly compared: readonly Column[]
  readonly wins: Wins
  /** A condition on `delta`: such a row is a deletion, which changes something only where its key is there. */
  readonly flagged?: string
}

/** What is written down of rows that are set aside. */
export interface RowNote {
  readonly relation: string
  readonly model: string
  readonly runId: string
  readonly reason: string
  /** ISO 8601. */
  readonly notedAt: string
}

/** A statement with what it is for; the plan prints it, execution sends it. */
export interface Statement {
  readonly sql: Sql
  /** What its row count means; `written` is inserted + updated, of which `updated` is told apart. */
  readonly counts?: Counted
  /** Short, for people: `stage the delta`, `delete replaced rows`. */
  readonly note: string
  /** For a statement that makes a relation: the SELECT that its columns come from. */
  readonly select?: Sql
  /** A query of one row and one column, cheaper than the statement, which is needed only when it says `true`. */
  readonly onlyIf?: { readonly sql: Sql; readonly note: string }
  /** For a statement with `counts`: the relation that it writes, where the engine tells the rows in its history. */
  readonly rowsOf?: Relation
}
