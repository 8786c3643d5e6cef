import type { BadEvents, Column, Events } from '../../adapters/index.js'
import type { IncrementalConfig } from '../../config/index.js'
import { type Relation, relationName, sameName } from '../../core/index.js'
import { isMissing, resolveColumns } from '../columns.js'
import { keySteps } from '../key-steps.js'
import type { NodeContext } from '../node-context.js'
import { steps } from '../steps.js'
import type { Refusal, Step } from '../types.js'
import { isRefused, type NamedColumns, namedColumns } from '../wanted-columns.js'
import { isStoredName, storedEvents } from './storage.js'

/** Events that are staged, and what the configuration names of their columns. */
export interface StagedEvents {
  readonly events: Events
  readonly named: NamedColumns
  readonly columns: readonly Column[]
}

/** Staged rows that are events, and how their columns are called that say what they are. */
export interface EventColumns {
  readonly relation: Relation
  readonly columns: readonly Column[]
  /** The columns of the SELECT, which the watermarks are of. */
  readonly selected: readonly Column[]
  readonly op: string
  readonly sequence: readonly string[]
  /** Further columns that have to be there. */
  readonly more: readonly string[]
  readonly payload?: string
  readonly fault?: string
  readonly truncations?: Relation
}

/** Finds out which columns of the staged rows say what. */
export function stagedEvents(
  context: NodeContext,
  config: IncrementalConfig,
  given: EventColumns,
): StagedEvents | Refusal {
  const { relation, columns, payload, fault, truncations } = given
  const named = namedColumns(context, config, payload === undefined ? columns : [...columns, ...given.selected])
  if (isRefused(named)) return named
  const span = context.node.placed.placeOf('cdc')
  const wanted = [given.op, ...given.sequence, ...given.more]
  const found = resolveColumns(
    columns,
    wanted.map((name) => ({ name, key: 'cdc', span })),
  )
  if (isMissing(found)) return found
  const [op, ...others] = found
  const sequence = others.slice(0, given.sequence.length)
  if (op === undefined) throw new Error('an operation was resolved and is not there: this is a bug in fft')
  const about = [op, ...sequence]
  const isAbout = (name: string) => about.some((column) => sameName(column.name, name))
  const refused = payload === undefined ? overlap(context, sequence, columns, named.key.find(isAbout)) : undefined
  if (refused !== undefined) return refused
  return {
    named,
    columns,
    events: {
      relation,
      all: columns.map(({ name }) => name),
      key: columns.filter(({ name }) => named.key.includes(name)),
      nullSafe: config.onNullKeys === 'match',
      op: op.name,
      sequence,
      columns: columns.filter(({ name }) => !isAbout(name)),
      ...(payload === undefined ? {} : { payload }),
      ...(fault === undefined ? {} : { fault }),
      ...(truncations === undefined ? {} : { truncations }),
    },
  }
}

export function isStagedEvents(found: StagedEvents | Refusal): found is StagedEvents {
  return 'events' in found
}

/** A key that is no column of the rows, or a row with a column of the storage. */
function overlap(
  { node }: NodeContext,
  sequence: readonly Column[],
  columns: readonly Column[],
  inKey: string | undefined,
): Refusal | undefined {
  if (inKey !== undefined) {
    return {
      code: 'event-key',
      message: `'${inKey}' is part of the unique_key, and says which event a row comes from`,
      hint: 'the key names the rows that the events are about; leave the operation and the sequence out of it',
      span: node.placed.placeOf('unique_key'),
    }
  }
  const own = columns.find(({ name }) => isStoredName(storedEvents({ sequence }))(name))
  if (own === undefined) return undefined
  return {
    code: 'event-column-selected',
    message: `'${own.name}' is a column of the storage of events, and the SELECT has a column of that name`,
    hint: 'give it another name in the SELECT',
    span: node.placed.placeOf('cdc'),
  }
}

/** What else is looked at, and what is done when it is known whether each key has one event. */
export interface EventChecks {
  /**
   * Events that contradict what is stored; they go before those that contradict each other, so that one that comes again is
   * not blamed for them.
   */
  readonly stored?: BadEvents
  readonly then?: (isUnique: boolean) => readonly Step[]
}

/** Leaves one row for each event that can be applied; the others are written down, or fail the node. */
export function checkEvents(
  context: NodeContext,
  config: IncrementalConfig,
  { events, columns, named }: StagedEvents,
  { stored, then = () => [] }: EventChecks,
): readonly Step[] {
  const { dialect, node } = context
  const twice = dialect.keyCheck({
    relation: events.relation,
    key: [...named.key, ...events.sequence.map(({ name }) => name)],
    refuseNulls: false,
    refuseDuplicates: true,
    bucket: dialect.events.kindOf(events),
  })
  const contradicting = [
    ...steps('check', dialect.collapse(events.relation, columns)),
    ...badEvents(context, events, { kind: 'contradicting' }),
  ]
  const seeWhether: Step = {
    kind: 'choose',
    sql: twice.verdict,
    note: 'see whether events came twice',
    usual: 'unique',
    cases: { unique: [], duplicates: contradicting, null_keys: [] },
  }
  return [
    // First: what cannot be read has no key either.
    ...badEvents(context, events, { kind: 'unreadable' }),
    ...(stored === undefined ? [] : badEvents(context, events, stored)),
    ...keySteps({
      relation: events.relation,
      columns,
      key: named.key,
      updatedAt: undefined,
      allowsDuplicates: true,
      then: { unique: then(true), duplicates: [seeWhether, ...then(false)] },
      config,
      dialect,
      span: node.placed.placeOf('unique_key'),
      notes: undefined,
    }),
  ]
}

/** What becomes of events that cannot be applied: they are looked for, which costs little, and usually there is none. */
function badEvents(context: NodeContext, events: Events, bad: BadEvents): readonly Step[] {
  const { dialect, node, stateSchema, target, runId, now } = context
  const fails = node.config.incremental?.cdc?.onBadEvent === 'fail'
  const expect: Step = {
    kind: 'expect',
    sql: dialect.events.rows(events, bad),
    note: 'show bad events',
    otherwise: {
      code: 'bad-event',
      message: 'there are events that cannot be applied',
      hint: "correct them, or write them to the table dead_letters of the state with cdc: {on_bad_event: 'dead_letter'}",
      span: node.placed.placeOf('cdc'),
    },
  }
  const letter = { relation: relationName(target), model: node.name, runId, notedAt: now }
  const set = [
    ...steps('record', dialect.events.note(events, bad, { ...stateSchema, identifier: 'dead_letters' }, letter)),
    ...steps('check', dialect.events.remove(events, bad)),
  ]
  return [
    {
      kind: 'choose',
      ...dialect.events.some(events, bad),
      usual: 'false',
      cases: { true: fails ? [expect] : set, false: [] },
    },
  ]
}
