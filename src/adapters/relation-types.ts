import type { Relation, RelationKind } from '../core/index.js'

/** One column as the engine describes it. */
export interface Column {
  readonly name: string
  /** The engine's own spelling, complete: `DECIMAL(18,3)`, `TIMESTAMP WITH TIME ZONE`. */
  readonly type: string
}

/** What is known of one relation in the warehouse. */
export interface RelationState {
  readonly relation: Relation
  readonly kind: RelationKind
  /** How its rows are stored, where the engine has several ways and tells. */
  readonly format?: string
  readonly columns: readonly Column[]
  /** Columns of each unique index or key. */
  readonly uniqueKeys: readonly (readonly string[])[]
  /** What has to outlive a swap; undefined where the engine has no such things or there are none. */
  readonly attachments?: Attachments
}

/** What hangs at a relation or reads it, and must still be there when another relation has taken its place. */
export interface Attachments {
  /** Views that read it, directly or through others: each comes before what it reads, which is the order to drop them. */
  readonly dependents: readonly Dependent[]
  /** Statements that give a relation of that name its owner, grants, comments and indexes again. */
  readonly restore: readonly string[]
  /** In words, what reads it and cannot be made again: `materialized view public.totals`. */
  readonly blockers: readonly string[]
}

/** A view on a relation that is swapped: dropped before, made again after. */
export interface Dependent {
  readonly relation: Relation
  readonly drop: string
  /** The view itself and what hangs at it. */
  readonly restore: readonly string[]
  /** This run builds it anew afterwards, so it may be left away when it does not fit any more. */
  readonly isRebuilt?: boolean
}

/** A value in rows that travel as text: lossless, as the engine prints it; null is NULL. */
export type TextRow = readonly (string | null)[]

/** A batch of rows, column by column; every column has the same length. */
export interface ColumnBatch {
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

/** A schema and the database that it is in. */
export interface SchemaName {
  readonly database?: string
  readonly schema: string
}
