import type { Relation, Sql } from '../core/index.js'
import type { RowNote, Statement } from './change-types.js'
import type { Column } from './relation-types.js'

/** Change events that are staged, and which of their columns say what. */
export interface Events {
  readonly relation: Relation
  /** All of its columns. */
  readonly all: readonly string[]
  readonly key: readonly Column[]
  /** NULL keys match NULL keys. */
  readonly nullSafe: boolean
  /** The column with the operation. */
  readonly op: string
  /** The columns that order the events, compared as a tuple. */
  readonly sequence: readonly Column[]
  /** The columns of the rows that the events are about, key included. */
  readonly columns: readonly Column[]
  /** The column with the event as JSON text; undefined: the row is the event. */
  readonly payload?: string
  /** The column that says why an event could not be read. */
  readonly fault?: string
  /** Events that are taken apart, among which some may say that all rows are gone. */
  readonly truncations?: Relation
}

/** How the columns of the storage are called that say which event a row comes from. */
export interface StoredEvents {
  readonly sequence: readonly string[]
  readonly op: string
  readonly deleted: string
}

/** Events that cannot be applied. */
export type BadEvents =
  /** No operation, or an unknown one; no sequence; not to be read at all. */
  | { readonly kind: 'unreadable' }
  /** Several of one key and sequence that differ. */
  | { readonly kind: 'contradicting' }
  /** Those that differ from what one of their key and sequence has left in the storage. */
  | {
      readonly kind: 'contradicting_stored'
      readonly storage: Relation
      readonly stored: StoredEvents
      /** The columns that tell whether they do. */
      readonly compared: readonly Column[]
    }

/** What is written down of an event that cannot be applied. */
export type DeadLetter = Omit<RowNote, 'reason'>

/** The statements about change events. */
export interface EventSql {
  /** An expression on the staged events: 1 for a change, 0 for a row that was only read. */
  kindOf(events: Events): string
  /** `true` or `false`: whether any event is bad. */
  some(events: Events, bad: BadEvents): { readonly sql: Sql; readonly note: string }
  /** Up to five of them, with the reason. */
  rows(events: Events, bad: BadEvents): Sql
  /** Writes them down, each once. */
  note(events: Events, bad: BadEvents, into: Relation, letter: DeadLetter): Statement
  remove(events: Events, bad: BadEvents): Statement
  /** The last event of each key, with the columns of the storage; `isUnique`: each has one alone. */
  latest(events: Events, stored: StoredEvents, isUnique?: boolean): Sql
  /** A condition on `delta` and `target`, rows of the storage: the delta's comes after the target's. */
  wins(stored: StoredEvents): string
  /**
   * The rows of the storage that are alive, without what says which event they come from; `truncates`: rows that come
   * before an event that all are gone are not.
   */
  live(storage: Relation, columns: readonly string[], stored: StoredEvents, truncates: boolean): Sql
  /** The last event that says that all rows are gone, as a row of the storage, unless a later one is there. */
  truncation(events: Relation, storage: Relation | undefined, stored: StoredEvents): Sql
}

/** Change events as JSON text, to be taken apart. */
export interface PackedEvents {
  readonly format: 'debezium' | 'maxwell'
  readonly from: Relation
  readonly into: Relation
  /** The column with the text. */
  readonly payload: string
  readonly sequence: readonly SequencePart[]
  /** Whether an event that all rows are gone is one; else it is a bad one. */
  readonly truncates: boolean
}

/** A part of the sequence, and the column that it becomes: one of the SELECT, or the first path that has a whole number. */
export type SequencePart =
  | { readonly name: string; readonly by: 'column'; readonly column: string }
  | {
      readonly name: string
      readonly by: 'path'
      readonly paths: readonly (readonly string[])[]
      /** What stands for it where none has one; undefined: such an event is bad. */
      readonly otherwise?: number
    }

/** What becomes of events that are taken apart when the columns of their rows are known. */
export interface TypedEvents {
  readonly from: Relation
  readonly into: Relation
  readonly columns: readonly Column[]
  readonly sequence: readonly string[]
  /** Columns that a row has to have. */
  readonly required: readonly string[]
}

/** The statements about change events that are JSON text. */
export interface PackedEventSql {
  /** Stages operation, sequence, row as JSON text, and why an event cannot be read. */
  unpack(events: PackedEvents): readonly Statement[]
  /**
   * The fields of the rows in the order of their first places: name, kind (`integer`, `number`, `boolean`, `text`, `json`,
   * `null`) and place.
   */
  fields(from: Relation): Sql
  /** Stages the rows, each field as a value of its column's type. */
  typed(events: TypedEvents): Statement
}
