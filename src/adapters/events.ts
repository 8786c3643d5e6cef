import { type Relation, text } from '../core/index.js'
import type { LateWords } from './late-rows.js'
import type { BadEvents, DeadLetter, EventSql, Events, StoredEvents } from './types.js'

/** How an engine says what change events need. */
export interface EventWords extends Pick<LateWords, 'quote' | 'relation' | 'value' | 'rowJson' | 'match' | 'same'> {
  /** The type of text. */
  readonly textType: string
  readonly remove: LateWords['remove']
}

// Names that no user has.
const [kind, place] = ['__fft_kind', '__fft_place']

/** What an operation may be called, in any letter case. */
const known = ['c', 'u', 'd', 'r', 'i']

/**
 * Change events in standard SQL: which of them are bad, and which is the last one of its key. A change counts more than a
 * row that was only read (`r`), whatever their sequences; so the order in which they come does not matter.
 */
export function eventSql(words: EventWords): EventSql {
  const { quote, relation } = words
  const from = (events: Events) => `${relation(events.relation)} as delta`
  const isBad = (events: Events, bad: BadEvents) =>
    bad.kind === 'unreadable' ? `(${fault(words, events)}) is not null` : hasTwin(words, events, bad)
  const { storedKind } = kinds(words)
  return {
    kindOf: (events) => kinds(words).kindOf(events, ''),
    some: (events, bad) => ({
      sql: text(
        `select case when exists (select 1 from ${from(events)} where ${isBad(events, bad)}) then 'true' else 'false' end`,
      ),
      note: bad.kind === 'unreadable' ? 'see whether events cannot be read' : 'see whether events contradict others',
    }),
    rows: (events, bad) =>
      text(
        `select ${reason(words, events, bad)} as reason, delta.* from ${from(events)} where ${isBad(events, bad)} limit 5`,
      ),
    note: (events, bad, into, letter) => {
      const row = events.payload === undefined ? words.rowJson(events.all) : `delta.${quote(events.payload)}`
      const rows = { from: from(events), where: isBad(events, bad), row, reason: reason(words, events, bad) }
      return { sql: text(deadLetters(words, rows, into, letter)), note: 'write bad events down' }
    },
    remove: (events, bad) => ({
      ...words.remove(events.relation, isBad(events, bad)),
      note: 'leave bad events out',
      counts: 'dropped',
    }),
    latest: (events, stored, isUnique = false) => text(latest(words, events, stored, isUnique)),
    wins: (stored) => {
      const [ours, theirs] = [storedKind(stored, 'delta'), storedKind(stored, 'target')]
      return `${ours} > ${theirs} or (${ours} = ${theirs} and ${isAfter(stored.sequence, quote)})`
    },
    live: (storage, columns, stored, truncates) => {
      const alive = `select ${columns.map(quote).join(', ')} from ${relation(storage)} as target where not ${quote(stored.deleted)}`
      const gone = `exists (select 1 from ${relation(storage)} as delta where delta.${quote(stored.op)} = 't' and ${isAfter(stored.sequence, quote)})`
      return text(truncates ? `${alive} and not ${gone}` : alive)
    },
    truncation: (from, storage, stored) => {
      const [sequence, op] = [stored.sequence.map(quote), quote(stored.op)]
      const items = [...sequence, op, `true as ${quote(stored.deleted)}`].join(', ')
      const order = sequence.map((each) => `${each} desc`).join(', ')
      const last = `select ${items} from ${relation(from)} where ${op} = 't' and _fft_fault is null order by ${order} limit 1`
      if (storage === undefined) return text(last)
      const later = `exists (select 1 from ${relation(storage)} as target where target.${op} = 't' and not (${isAfter(stored.sequence, quote)}))`
      return text(`select * from (${last}) as delta where not ${later}`)
    },
  }
}

function operation({ quote, textType }: EventWords, { op }: Events, alias = 'delta.'): string {
  return `lower(trim(cast(${alias}${quote(op)} as ${textType})))`
}

/** Whether an event or a stored row says a change: 1, or only what was read: 0. */
function kinds(words: EventWords) {
  return {
    kindOf: (events: Events, alias?: string) => `case when ${operation(words, events, alias)} = 'r' then 0 else 1 end`,
    storedKind: ({ op }: StoredEvents, alias: string) =>
      `case when ${alias}.${words.quote(op)} = 'r' then 0 else 1 end`,
  }
}

/** Why an event cannot be read; NULL when it can. */
function fault(words: EventWords, events: Events): string {
  const { quote, value, textType } = words
  const shown = `cast(delta.${quote(events.op)} as ${textType})`
  return [
    'case',
    ...(events.fault === undefined
      ? []
      : [`when delta.${quote(events.fault)} is not null then delta.${quote(events.fault)}`]),
    `when delta.${quote(events.op)} is null then ${value(`no operation: ${events.op} is NULL`)}`,
    `when ${operation(words, events)} not in (${known.map(value).join(', ')}) then concat(${value('unknown operation: ')}, ${shown})`,
    ...events.sequence.map(
      ({ name }) => `when delta.${quote(name)} is null then ${value(`no sequence: ${name} is NULL`)}`,
    ),
    'end',
  ].join(' ')
}

/** Another event of the key, of the same sequence, that says something else. */
function hasTwin(words: EventWords, events: Events, bad: Exclude<BadEvents, { kind: 'unreadable' }>): string {
  const { quote, relation } = words
  const { key, nullSafe, sequence } = events
  const { kindOf, storedKind } = kinds(words)
  const match = words.match(key, nullSafe)
  const twin = (partner: string, ...conditions: readonly string[]) =>
    `exists (select 1 from ${partner} as target where ${[match, ...conditions].join(' and ')})`
  if (bad.kind === 'contradicting') {
    const names = [...key, ...sequence].map(({ name }) => quote(name)).join(', ')
    const all = `select ${names}, ${kindOf(events)} as ${kind} from ${relation(events.relation)} as delta`
    const several = `select ${names}, ${kind} from (${all}) as events group by ${names}, ${kind} having count(*) > 1`
    const same = sequence.map(({ name }) => `delta.${quote(name)} = target.${quote(name)}`)
    return twin(`(${several})`, ...same, `${kindOf(events)} = target.${kind}`)
  }
  const { stored, storage, compared } = bad
  const same = sequence.map(({ name }, at) => `delta.${quote(name)} = target.${quote(stored.sequence[at] ?? '')}`)
  const isDeleted = `(${operation(words, events)} = 'd')`
  const differs = `(${isDeleted} <> target.${quote(stored.deleted)} or not (${words.same(compared)}))`
  const isTwin = twin(relation(storage), ...same, `${kindOf(events)} = ${storedKind(stored, 'target')}`, differs)
  // Most events come after all that is there: then nothing has to be looked up.
  const [first] = sequence
  const last = `(select max(${quote(stored.sequence[0] ?? '')}) from ${relation(storage)})`
  return first === undefined ? isTwin : `delta.${quote(first.name)} <= ${last} and ${isTwin}`
}

function reason(words: EventWords, events: Events, bad: BadEvents): string {
  if (bad.kind === 'unreadable') return fault(words, events)
  return words.value(
    bad.kind === 'contradicting'
      ? 'another event of the key has the same sequence and says something else'
      : 'an event of the key and the same sequence was applied, and it said something else',
  )
}

/** The last event of each key, as the storage holds it. */
function latest(words: EventWords, events: Events, stored: StoredEvents, isUnique: boolean): string {
  const { quote, relation } = words
  const said = operation(words, events)
  const order = [kinds(words).kindOf(events), ...events.sequence.map(({ name }) => `delta.${quote(name)}`)]
  const key = events.key.map(({ name }) => `delta.${quote(name)}`).join(', ')
  const first = order.map((each) => `${each} desc`).join(', ')
  const numbered = `select delta.*, row_number() over (partition by ${key} order by ${first}) as ${place} from ${relation(events.relation)} as delta`
  const items = [
    ...events.columns.map(({ name }) => `delta.${quote(name)}`),
    ...events.sequence.map(({ name }, at) => `delta.${quote(name)} as ${quote(stored.sequence[at] ?? '')}`),
    `case when ${said} = 'i' then 'c' else ${said} end as ${quote(stored.op)}`,
    `${said} = 'd' as ${quote(stored.deleted)}`,
  ]
  if (isUnique) return `select ${items.join(', ')} from ${relation(events.relation)} as delta`
  return `select ${items.join(', ')} from (${numbered}) as delta where ${place} = 1`
}

/** The delta's row comes after the target's: compared as tuples. */
function isAfter(sequence: readonly string[], quote: (name: string) => string): string {
  const [first, ...rest] = sequence
  if (first === undefined) return 'false'
  const [ours, theirs] = [`delta.${quote(first)}`, `target.${quote(first)}`]
  return rest.length === 0
    ? `${ours} > ${theirs}`
    : `(${ours} > ${theirs} or (${ours} = ${theirs} and ${isAfter(rest, quote)}))`
}

/** Writes events down that cannot be applied; what is there for the same reason already is not repeated. */
function deadLetters(
  { relation, value }: EventWords,
  rows: { readonly from: string; readonly where: string; readonly row: string; readonly reason: string },
  into: Relation,
  letter: DeadLetter,
): string {
  const found = `select ${rows.row} as event_json, ${rows.reason} as reason from ${rows.from} where ${rows.where}`
  const isNoted = `exists (select 1 from ${relation(into)} as noted where noted.relation = ${value(letter.relation)} and noted.reason = found.reason and noted.event_json = found.event_json)`
  const values = [
    value(letter.relation),
    value(letter.model),
    value(letter.runId),
    'found.event_json',
    'found.reason',
    value(letter.notedAt),
  ]
  return `insert into ${relation(into)} (relation, model, run_id, event_json, reason, noted_at)\nselect ${values.join(', ')} from (${found}) as found where not ${isNoted}`
}
