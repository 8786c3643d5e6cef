import { type Relation, type Sql, text } from '../core/index.js'
import type { Column, PackedEventSql, PackedEvents, SequencePart, Statement } from './types.js'

/** How an engine reads JSON. A JSON value is whatever `parse` gives; NULL where there is none, or a JSON null. */
export interface JsonWords {
  quote(identifier: string): string
  relation(relation: Relation): string
  /** A text as a literal. */
  value(text: string): string
  readonly textType: string
  readonly integerType: string
  /** What has to be there for `parse`. */
  readonly prepare: readonly Statement[]
  stage(staging: Relation, select: Sql): Statement
  /** A text as JSON; NULL when it is none. */
  parse(expression: string): string
  /** A text that is JSON, as such. */
  known(expression: string): string
  /** The object at a path of keys, as JSON. */
  objectAt(json: string, ...path: readonly string[]): string
  /** What stands there, as text. */
  textAt(json: string, ...path: readonly string[]): string
  /** Whether an object has a key, JSON null or not. */
  has(json: string, key: string): string
  /** JSON as text. */
  print(json: string): string
  /** A text as a value of a type; NULL where it is none. */
  cast(expression: string, type: string): string
  /** What keeps a subquery from being evaluated again for each of its uses. */
  readonly fence: string
  /** Name, kind and place of each field of the objects in a column of text (`field`, `kind`, `place`), as a SELECT. */
  fields(from: Relation, column: string): string
}

/** The columns of events that are taken apart; names that no user has. */
export const packed = { event: '_fft_event', op: '_fft_op', row: '_fft_row', fault: '_fft_fault' } as const

/** Change events as JSON text, in the envelopes of Debezium and Maxwell. */
export function packedEventSql(words: JsonWords): PackedEventSql {
  const { quote, relation } = words
  return {
    unpack: (events) => [...words.prepare, words.stage(events.into, text(unpacked(words, events)))],
    fields: (from) =>
      text(
        `select field, kind, min(place) as first_place from (${words.fields(from, packed.row)}) as fields group by field, kind order by first_place, field, kind`,
      ),
    typed: ({ from, into, columns, sequence, required }) =>
      words.stage(
        into,
        text(
          `select ${[
            ...columns.map((column) => `${castField(words, column)} as ${quote(column.name)}`),
            ...sequence.map(quote),
            packed.op,
            packed.event,
            `coalesce(${packed.fault}, ${typeFault(words, columns, required)}) as ${packed.fault}`,
          ].join(', ')} from ${relation(from)} where coalesce(${packed.op}, '') <> 't' or ${packed.fault} is not null`,
        ),
      ),
  }
}

function unpacked(words: JsonWords, events: PackedEvents): string {
  const { quote, relation, value } = words
  const { format, payload, sequence } = events
  const given = sequence.flatMap((part) =>
    part.by === 'column' ? [`delta.${quote(part.column)} as ${part.name}`] : [],
  )
  const parsed = `select ${[`delta.${quote(payload)} as ${packed.event}`, `${words.parse(`delta.${quote(payload)}`)} as doc`, ...given].join(', ')} from ${relation(events.from)} as delta where delta.${quote(payload)} is not null`
  // With its schema an event stands one level deeper; a tombstone has none.
  const hasEnvelope = format === 'debezium' ? `coalesce(${words.has('doc', 'payload')}, false)` : undefined
  const root =
    hasEnvelope === undefined ? 'doc' : `case when ${hasEnvelope} then ${words.objectAt('doc', 'payload')} else doc end`
  const names = [packed.event, 'doc', ...sequence.flatMap((part) => (part.by === 'column' ? [part.name] : []))].join(
    ', ',
  )
  const tombstone =
    hasEnvelope === undefined ? '' : ` where not (${hasEnvelope} and ${words.objectAt('doc', 'payload')} is null)`
  const rooted = `select ${names}, ${root} as root from (${parsed}${words.fence}) as parsed${tombstone}`
  const { said, op, row, others } = envelopes[format](words, events.truncates)
  const read = `select ${names}, root, ${said} as said, ${op} as ${packed.op}, ${row} as json_row from (${rooted}${words.fence}) as rooted`
  const parts = sequence.map((part) =>
    part.by === 'column' ? part.name : `${pathNumber(words, part)} as ${part.name}`,
  )
  const missing = sequence.flatMap((part) =>
    part.by === 'column'
      ? [`when ${part.name} is null then ${value(`no sequence: ${part.column} is NULL`)}`]
      : [
          `when ${pathNumber(words, part)} is null then ${value(`no sequence: ${part.paths.map((path) => path.join('.')).join(' or ')} is no whole number`)}`,
        ],
  )
  const fault = [
    'case',
    `when doc is null then ${value('no JSON')}`,
    `when said is null then ${value('no operation')}`,
    `when ${packed.op} is null then concat(${value('unknown operation: ')}, said)`,
    `when json_row is null and ${packed.op} <> 't' then ${value('no row')}`,
    ...missing,
    'end',
  ].join(' ')
  return `select ${[packed.event, packed.op, `${words.print('json_row')} as ${packed.row}`, ...parts, `${fault} as ${packed.fault}`].join(', ')} from (${read}${words.fence}) as events where said is null or not (${others})`
}

/** How each format says what an event is and where its row stands; `others` is true of events that are about no row. */
const envelopes = {
  debezium: ({ textAt, objectAt, value }: JsonWords, truncates: boolean) => {
    const said = textAt('root', 'op')
    const known = ['c', 'u', 'd', 'r', ...(truncates ? ['t'] : [])]
    return {
      said,
      op: `case when ${said} in (${known.map(value).join(', ')}) then ${said} end`,
      row: `case when ${said} = 'd' then ${objectAt('root', 'before')} else ${objectAt('root', 'after')} end`,
      others: `said = 'm'`,
    }
  },
  maxwell: ({ textAt, objectAt }: JsonWords) => {
    const said = textAt('root', 'type')
    return {
      said,
      op: `case ${said} when 'insert' then 'c' when 'update' then 'u' when 'delete' then 'd' when 'bootstrap-insert' then 'r' end`,
      row: objectAt('root', 'data'),
      others: `said in ('bootstrap-start', 'bootstrap-complete') or said like 'table-%' or said like 'database-%'`,
    }
  },
}

/** The first of those paths that has a whole number. */
function pathNumber(
  { textAt, cast, integerType }: JsonWords,
  { paths, otherwise }: Extract<SequencePart, { by: 'path' }>,
): string {
  const given = paths.map((path) => cast(textAt('root', ...path), integerType))
  const numbers = otherwise === undefined ? given : [...given, String(otherwise)]
  return numbers.length === 1 ? (numbers[0] ?? 'null') : `coalesce(${numbers.join(', ')})`
}

function fieldText({ textAt, known }: JsonWords, { name }: Column): string {
  return textAt(known(packed.row), name)
}

function castField(words: JsonWords, column: Column): string {
  return words.cast(fieldText(words, column), column.type)
}

/** Why a row is none of those columns' types. */
function typeFault(words: JsonWords, columns: readonly Column[], required: readonly string[]): string {
  const { value } = words
  const cases = [
    ...columns.map((column) => {
      const given = fieldText(words, column)
      const told = [value(`${column.name}: `), given, value(` is no ${column.type}`)].join(', ')
      return `when ${given} is not null and ${castField(words, column)} is null then concat(${told})`
    }),
    ...columns
      .filter(({ name }) => required.includes(name))
      .map((column) => `when ${fieldText(words, column)} is null then ${value(`no key: ${column.name} is missing`)}`),
  ]
  return cases.length === 0 ? 'null' : `case ${cases.join(' ')} end`
}
