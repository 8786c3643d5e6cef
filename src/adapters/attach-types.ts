import type { Relation, RelationKind, Sql } from '../core/index.js'
import type { Statement } from './change-types.js'
import type { Column, TextRow } from './relation-types.js'

/** Descriptions that become comments; undefined: the comment is taken away. */
export interface Comments {
  /** Undefined: the relation's comment is left alone. */
  readonly relation: { readonly text: string | undefined } | undefined
  readonly columns: readonly { readonly name: string; readonly text: string | undefined }[]
}

/** An index of the configuration. */
export interface WantedIndex {
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly type?: string
}

/** A constraint of a contract. */
export interface WantedConstraint {
  readonly type: 'not_null' | 'unique' | 'primary_key' | 'check'
  readonly columns: readonly string[]
  readonly expression?: string
  readonly name?: string
}

/** Something that is compared with what the relation has: a query, and the statements that follow from its rows. */
export interface Compared<Wanted> {
  current(relation: Relation): Sql
  change(relation: Relation, wanted: Wanted, current: readonly TextRow[]): readonly Statement[]
}

/** Privileges and who has each of them. */
export type WantedGrants = Readonly<Record<string, readonly string[]>>

/** What the configuration hangs at a relation. A member that is missing is what the engine does not have. */
export interface Attaching {
  comments?(relation: Relation, kind: RelationKind, comments: Comments): readonly Statement[]
  readonly grants?: Compared<WantedGrants> & { readonly privileges: readonly string[] }
  readonly indexes?: Compared<readonly WantedIndex[]> & { readonly types: readonly string[] }
  /** Constraints of a contract: part of a new table, or added to one that is filled. */
  readonly constraints?:
    | {
        readonly made: 'with_table'
        create(relation: Relation, columns: readonly Column[], wanted: readonly WantedConstraint[]): Statement
      }
    | ({ readonly made: 'afterwards' } & Compared<readonly WantedConstraint[]>)
}

/** The types that a contract declares. */
export interface ContractTypes {
  /** No row, with a column of each declared type. */
  declared(columns: readonly Column[]): Sql
  /** The rows of a SELECT with the types that are declared, in their order. */
  cast(select: Sql, columns: readonly Column[]): Sql
  /** Whether a column of a SELECT has the type that is declared, as the engine spells both. */
  keeps(found: string, declared: string): boolean
}
