import type { ApplyInput, Change, Column } from './types.js'
import { leftColumns } from './upsert-columns.js'

/** A change to a relation that holds every version of a key, valid from one instant to the next. */
export type Version = Extract<Change, { kind: 'version' }>

/** How an engine says what versions need; aliases are as given. */
export interface VersionWords {
  quote(identifier: string): string
  /** `a` and `b` agree in a key. */
  match(key: readonly Column[], a: string, b: string, nullSafe: boolean): string
  /** `a` and `b` agree in those columns, NULL equal to NULL. */
  same(columns: readonly Column[], a: string, b: string): string
  /** Two expressions of a column's type agree, NULL equal to NULL. */
  equalTo(column: Column, a: string, b: string): string
  /** A column as an instant: a date is its first one. */
  time(column: Column, alias: string): string
  /** The rows (with alias) that have, or do not have, a partner in others (with alias). */
  semi(rows: string, others: string, on: string): string
  anti(rows: string, others: string, on: string): string
  /** Whether a subquery of one value may read the target where the changed versions are used. */
  readonly readsTarget: boolean
  /** A text that tells a version by its key and time. */
  hash(expressions: readonly string[]): string
}

// Names that no user has.
const [time, updated, deleted, kind, same, next, origin, ended] = [
  'time',
  'updated',
  'deleted',
  'kind',
  'same',
  'next',
  'origin',
  'ended',
].map((name) => `__fft_${name}`) as [string, string, string, string, string, string, string, string]
/** What becomes of a row of `changedVersions`: `insert`, `update` or `delete`. */
export const actionColumn = '__fft_action'

/** The versions that the staged rows alone tell, as a SELECT. */
export function firstVersions(words: VersionWords, input: ApplyInput, change: Version, staging: string): string {
  return first({ words, input, change, staging, target: '', key: keyOf(input, change) })
}

/**
 * The rows of the target that have to change, as a SELECT: its columns and `__fft_action`. Only keys to which the delta
 * brings something are looked at, and their versions are laid out anew: so it does not matter in which order they came.
 */
export function changedVersions(
  words: VersionWords,
  input: ApplyInput,
  change: Version,
  from: { readonly staging: string; readonly target: string },
): string {
  return changed({ words, input, change, ...from, key: keyOf(input, change) })
}

/** The versions that are not among the newest of their key, as a SELECT of key and start. */
export function oldVersions(
  { quote }: Pick<VersionWords, 'quote'>,
  change: Version,
  from: { readonly target: string; readonly keep: number },
): string {
  const start = quote(change.names.validFrom)
  const key = change.key.map(quote).join(', ')
  const numbered = `select ${key}, ${start}, row_number() over (partition by ${key} order by ${start} desc) as __fft_place from ${from.target}`
  return `select ${key}, ${start} from (${numbered}) as numbered where __fft_place > ${from.keep}`
}

/** All columns of the history, in order: the SELECT's, then those that tell the validity. */
export function versionColumns(input: ApplyInput, { names }: Version): readonly string[] {
  return [...input.targetColumns.map(({ name }) => name), ...ownNames(names)]
}

/** The columns that a history has beside those of the SELECT, in order. */
export function ownNames(names: Version['names']): readonly string[] {
  const { validFrom, validTo, isCurrent, updatedAt, isDeleted, scdId } = names
  return [validFrom, validTo, isCurrent, updatedAt, isDeleted, scdId].filter((name) => name !== undefined)
}

/** What the parts of the SELECT are made from; each part (CTE) says one of the rules of histories. */
interface Versions {
  readonly words: VersionWords
  readonly input: ApplyInput
  readonly change: Version
  readonly staging: string
  readonly target: string
  readonly key: readonly Column[]
}

function keyOf(input: ApplyInput, { key }: Version): readonly Column[] {
  return input.targetColumns.filter(({ name }) => key.includes(name))
}

function first(v: Versions): string {
  const events = [eventOf('incoming', list(v, 'incoming'), 'incoming')]
  const parts = { incoming: incoming(v), ...layOut(v, events) }
  return `${withParts(parts)}\nselect * from versions`
}

function changed(v: Versions): string {
  return v.change.compared === undefined ? changedByTime(v) : changedByValues(v)
}

/** Where each instant is a version, an event knows what it was: a version that is there changes by its end alone. */
function changedByTime(v: Versions): string {
  const { names } = v.change
  const { quote, equalTo } = v.words
  const columns = versionColumns(v.input, v.change).map(quote).join(', ')
  const isAsBefore = equalTo({ name: names.validTo, type: 'timestamp' }, quote(names.validTo), ended)
  const parts = { ...sources(v), ...layOut(v, events(v), [origin, ended]) }
  return `${withParts(parts)}
select ${columns}, case when ${origin} = 'new' then 'insert' else 'update' end as ${actionColumn} from versions where ${origin} <> 'old' or not (${isAsBefore})`
}

function changedByValues(v: Versions): string {
  const { names } = v.change
  const { quote, same: agree, anti } = v.words
  const joined = `${match(v, 'versions', 'old')} and old.${quote(names.validFrom)} = versions.${quote(names.validFrom)}`
  const rest = valueColumns(v)
  const differs = `select versions.*, case when old.${quote(names.validFrom)} is null then 'insert' else 'update' end as ${actionColumn} from versions left join old on ${joined} where old.${quote(names.validFrom)} is null or not (${agree(rest, 'old', 'versions')})`
  const all = versionColumns(v.input, v.change).map((name) => `old.${quote(name)}`)
  const gone = `select ${all.join(', ')}, 'delete' as ${actionColumn} ${anti('old', 'versions', joined)}`
  // Where equal neighbours are one version, a version that is there can go.
  return `${withParts({ ...sources(v), ...layOut(v, events(v)) })}\n${differs}\nunion all\n${gone}`
}

/** The rows that events are made of. */
function sources(v: Versions): Readonly<Record<string, string>> {
  return {
    incoming: incoming(v),
    ...fresh(v),
    ...deletionParts(v),
    affected: affected(v),
    old: `select target.* ${v.words.semi(`${v.target} as target`, 'affected', match(v, 'target', 'affected'))}`,
  }
}

function watches(v: Versions): boolean {
  return v.change.deletions !== 'ignore'
}

/** The delta, each row with the instant that it is valid from. */
function incoming(v: Versions): string {
  const { updatedAt, now } = v.change
  const column = v.input.deltaColumns.find(({ name }) => name === updatedAt)
  const began = column === undefined ? now : v.words.time(column, 'delta')
  return `select delta.*, ${began} as ${time}, ${began} as ${updated} from ${v.staging} as delta`
}

/** Rows that the history does not know yet; by time also apart, those that may stand where a version is, and the others. */
function fresh(v: Versions): Readonly<Record<string, string>> {
  const { names, compared } = v.change
  const { quote, anti, same: agree } = v.words
  const [from, to] = [`target.${quote(names.validFrom)}`, `target.${quote(names.validTo)}`]
  const delta = v.input.deltaColumns.filter((column) => !v.key.includes(column) && !isKey(v, column))
  const known =
    compared === undefined
      ? `${from} = incoming.${time} and ${agree(delta, 'target', 'incoming')}`
      : `${from} <= incoming.${time} and (${to} is null or ${to} > incoming.${time}) and ${agree(
          delta.filter(({ name }) => compared.includes(name)),
          'target',
          'incoming',
        )}`
  const on = [match(v, 'target', 'incoming'), known, ...isLive(v, 'target')].join(' and ')
  const unknown = (source: string) => `select incoming.* ${anti(source, `${v.target} as target`, on)}`
  if (compared !== undefined) return { fresh: unknown('incoming') }
  // Most versions come after all that are there: then nothing has to be looked up.
  const last = `(select max(${quote(names.validFrom)}) from ${v.target})`
  const isEarlier = v.words.readsTarget ? `coalesce(${time} <= ${last}, false)` : 'true'
  return {
    later: `select incoming.* from incoming where not ${isEarlier}`,
    earlier: unknown(`(select * from incoming where ${isEarlier}) as incoming`),
    fresh: 'select * from later union all select * from earlier',
  }
}

function isKey(v: Versions, { name }: Column): boolean {
  return v.change.key.includes(name)
}

function isLive(v: Versions, alias: string): readonly string[] {
  const { isDeleted } = v.change.names
  return isDeleted === undefined ? [] : [`not ${alias}.${v.words.quote(isDeleted)}`]
}

/** With deletions: rows of keys that the delta no longer has, and of those that it has again. */
function deletionParts(v: Versions): Readonly<Record<string, string>> {
  if (!watches(v)) return {}
  const { names, now } = v.change
  const { quote, semi, anti } = v.words
  const [from, to] = [quote(names.validFrom), quote(names.validTo)]
  const live = [`${to} is null`, ...isLive(v, 'target')].join(' and ')
  const onTarget = match(v, 'target', 'incoming')
  const later = `coalesce(target.${to}, target.${from}) > fresh.${time}`
  const newer = `${match(v, 'newer', 'incoming')} and newer.${time} > incoming.${time}`
  return {
    living: `select target.* from ${v.target} as target where ${live}`,
    closing: `select living.* ${anti(`(select * from living where ${from} < ${now}) as living`, 'incoming', match(v, 'living', 'incoming'))}`,
    // A row that is newer than the end of its key says itself when the key came back.
    came_back: `select fresh.* ${anti('fresh', `${v.target} as target`, `${match(v, 'target', 'fresh')} and ${later}`)}`,
    ended: `select incoming.* ${semi('incoming', `${v.target} as target`, onTarget)}`,
    lost: `select incoming.* ${anti('ended as incoming', 'living', match(v, 'living', 'incoming'))}`,
    unsaid: `select incoming.* ${anti('lost as incoming', 'came_back', match(v, 'came_back', 'incoming'))}`,
    revived: `select incoming.* ${anti('unsaid as incoming', 'unsaid as newer', newer)}`,
  }
}

function affected(v: Versions): string {
  const keys = (alias: string) => `select ${v.key.map(({ name }) => v.words.quote(name)).join(', ')} from ${alias}`
  return ['fresh', ...(watches(v) ? ['closing', 'revived'] : [])].map(keys).join(' union ')
}

/** Everything that happened to the keys: versions, and instants from which there was none. */
function events(v: Versions): readonly string[] {
  const { names, now, deletions } = v.change
  const { quote, anti } = v.words
  const [from, to] = [quote(names.validFrom), quote(names.validTo)]
  const byTime = v.change.compared === undefined
  const was = (state: string, end = 'null') => (byTime ? `, ${state} as ${origin}, ${end} as ${ended}` : '')
  const old = (source: string) =>
    `select ${list(v, 'old')}, old.${from} as ${time}, ${updatedOf(v, 'old')} as ${updated}, ${deletedOf(v, 'old')} as ${deleted}, 1 as ${kind}${was("'old'", `old.${to}`)} ${source}`
  const mark = (alias: string, at: string, source: string) =>
    `select ${list(v, alias)}, ${at}, ${at}, false, 0${was("'mark'")} ${source}`
  const newer = byTime ? 'earlier' : 'fresh'
  const left = byTime || leftColumns(v.input).length > 0
  const kept = left ? ` left join old on ${match(v, 'old', newer)} and old.${from} = ${newer}.${time}` : ''
  const isNew = was(`case when old.${from} is null then 'new' else 'replaced' end`)
  return [
    // Of two rows of one instant the delta's is the later word.
    old(anti('old', newer, `${match(v, 'old', newer)} and ${newer}.${time} = old.${from}`)),
    eventOf(`${newer}${kept}`, list(v, newer, 'old'), newer, isNew),
    ...(byTime ? [eventOf('later', list(v, 'later'), 'later', was("'new'"))] : []),
    mark(
      'old',
      `old.${to}`,
      `${anti(`(select * from old where ${to} is not null) as old`, 'old as later', `${match(v, 'old', 'later')} and later.${from} = old.${to}`)}`,
    ),
    ...(deletions === 'close' ? [mark('closing', now, 'from closing')] : []),
    ...(deletions === 'new_record'
      ? [`select ${list(v, 'closing')}, ${now}, ${now}, true, 1${was("'new'")} from closing`]
      : []),
    ...(watches(v)
      ? [`select ${list(v, 'revived')}, ${now}, revived.${updated}, false, 1${was("'new'")} from revived`]
      : []),
  ]
}

function eventOf(source: string, columns: string, alias: string, more = ''): string {
  return `select ${columns}, ${alias}.${time}, ${alias}.${updated}, false as ${deleted}, 1 as ${kind}${more} from ${source}`
}

function updatedOf(v: Versions, alias: string): string {
  const { updatedAt, validFrom } = v.change.names
  return `${alias}.${v.words.quote(updatedAt ?? validFrom)}`
}

function deletedOf(v: Versions, alias: string): string {
  const { isDeleted } = v.change.names
  return isDeleted === undefined ? 'false' : `${alias}.${v.words.quote(isDeleted)}`
}

/** The history's own values of the SELECT's columns; of rows of the delta, columns that it does not have from `kept`. */
function list(v: Versions, alias: string, kept?: string): string {
  const { quote } = v.words
  const isThere = (name: string) => v.input.deltaColumns.some((column) => column.name === name)
  const ofDelta = ['incoming', 'fresh', 'earlier', 'later', 'revived'].includes(alias)
  return v.input.targetColumns
    .map(({ name, type }) => {
      if (!ofDelta || isThere(name)) return `${alias}.${quote(name)}`
      return kept === undefined ? `cast(null as ${type}) as ${quote(name)}` : `${kept}.${quote(name)}`
    })
    .join(', ')
}

/** Events in order of time; each version is valid until the next event of its key. `more`: further columns of events. */
function layOut(
  v: Versions,
  events: readonly string[],
  more: readonly string[] = [],
): Readonly<Record<string, string>> {
  const { quote, hash } = v.words
  const { names, compared } = v.change
  const partition = v.key.map(({ name }) => quote(name)).join(', ')
  const inOrder = `over (partition by ${partition} order by ${time}, ${kind})`
  const columns = v.input.targetColumns.map(({ name }) => quote(name))
  const ofNames: readonly (readonly [string | undefined, string])[] = [
    [names.validFrom, time],
    [names.validTo, next],
    [names.isCurrent, `${next} is null`],
    [names.updatedAt, updated],
    [names.isDeleted, deleted],
    [names.scdId, hash([...v.key.map(({ name }) => quote(name)), updated, time])],
  ]
  const own = ofNames.flatMap(([name, sql]) => (name === undefined ? [] : [`${sql} as ${quote(name)}`]))
  const repeats = v.input.targetColumns
    .filter(({ name }) => compared?.includes(name))
    .map((column) => v.words.equalTo(column, `lag(${quote(column.name)}) ${inOrder}`, quote(column.name)))
  const isSame = [
    `${kind} = 1`,
    `not ${deleted}`,
    `lag(${kind}) ${inOrder} = 1`,
    `not lag(${deleted}) ${inOrder}`,
    ...repeats,
  ]
  return {
    events: events.join('\nunion all\n'),
    ...(compared === undefined
      ? {}
      : { compared_events: `select *, case when ${isSame.join(' and ')} then 1 else 0 end as ${same} from events` }),
    ordered: `select *, lead(${time}) ${inOrder} as ${next} from ${compared === undefined ? 'events' : `compared_events where ${same} = 0`}`,
    versions: `select ${[...columns, ...own, ...more].join(', ')} from ordered where ${kind} = 1`,
  }
}

/** What two versions of one instant are compared in. */
function valueColumns(v: Versions): readonly Column[] {
  const { names } = v.change
  const own = [names.validTo, names.isCurrent, names.updatedAt, names.isDeleted].filter((name) => name !== undefined)
  const values = v.input.targetColumns.filter((column) => !isKey(v, column))
  return [...values, ...own.map((name) => ({ name, type: 'timestamp' }))]
}

function match(v: Versions, a: string, b: string): string {
  return v.words.match(v.key, a, b, v.change.nullSafe)
}
function withParts(parts: Readonly<Record<string, string>>): string {
  return `with ${Object.entries(parts)
    .map(([name, select]) => `${name} as (\n${select}\n)`)
    .join(',\n')}`
}
