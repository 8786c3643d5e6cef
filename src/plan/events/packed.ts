import type { Column, SequencePart, TextRow } from '../../adapters/index.js'
import type { CdcConfig, IncrementalConfig } from '../../config/index.js'
import type { Relation } from '../../core/index.js'
import { findColumn, isMissing, resolveColumns } from '../columns.js'
import { type NodeContext, scratch, staging } from '../node-context.js'
import { steps } from '../steps.js'
import { isRefusal, type Refusal, type Step } from '../types.js'
import { isStagedEvents, type StagedEvents, stagedEvents } from './staged-events.js'
import { isStoredName, sequenceNames, storageTruncates, storedEvents } from './storage.js'

/** What is done with events whose columns are known. */
type Then = (staged: StagedEvents) => readonly Step[] | Refusal

/** Reads the staged rows as events: their columns say what they are, or JSON text that is taken apart first. */
export function readEvents(
  context: NodeContext,
  config: IncrementalConfig,
  columns: readonly Column[],
  then: Then,
): readonly Step[] | Refusal {
  const { cdc } = config
  if (cdc === undefined) throw new Error('change events without a configuration: this is a bug in fft')
  const { format } = cdc
  if (format !== 'raw') return unpack(context, config, { ...cdc, format }, { columns, then })
  const read = { op: cdc.op ?? '', sequence: cdc.sequence, more: cdc.ts === undefined ? [] : [cdc.ts] }
  const staged = stagedEvents(context, config, { relation: staging(context), columns, selected: columns, ...read })
  return isStagedEvents(staged) ? then(staged) : staged
}

type PackedConfig = CdcConfig & { readonly format: 'debezium' | 'maxwell' }

function unpack(
  context: NodeContext,
  config: IncrementalConfig,
  cdc: PackedConfig,
  { columns, then }: { readonly columns: readonly Column[]; readonly then: Then },
): readonly Step[] | Refusal {
  const { dialect, node } = context
  const span = node.placed.placeOf('cdc')
  const found = resolveColumns(columns, [{ name: cdc.column ?? '', key: 'cdc', span }])
  if (isMissing(found)) return found
  const [payload] = found
  const unpacked = scratch(context)('unpacked')
  const sequence = sequenceParts(cdc, columns)
  const truncates = storageTruncates(config)
  const packed = { format: cdc.format, from: staging(context), into: unpacked, payload: payload?.name ?? '', sequence }
  const ask: Step = {
    kind: 'ask',
    sql: dialect.packedEvents.fields(unpacked),
    note: 'see which fields the rows of the events have',
    then: (rows) => readRows(context, config, { unpacked, sequence, rows, columns, truncates }, then),
  }
  const read = dialect.packedEvents.unpack({ ...packed, truncates }).map(({ counts: _, ...statement }) => statement)
  return [...steps('stage', ...read), ask]
}

/** Events that are taken apart, and what is known of their fields. */
interface Unpacked {
  readonly unpacked: Relation
  readonly sequence: readonly SequencePart[]
  /** Names, kinds and places of the fields. */
  readonly rows: readonly TextRow[]
  /** The columns of the SELECT. */
  readonly columns: readonly Column[]
  readonly truncates: boolean
}

function readRows(
  context: NodeContext,
  config: IncrementalConfig,
  { unpacked, sequence, rows, columns, truncates }: Unpacked,
  then: Then,
): readonly Step[] | Refusal {
  const fields = fieldsOf(context, rows)
  if (fields.length === 0) return noFields(context)
  const typed = scratch(context)('typed')
  const names = sequence.map(({ name }) => name)
  const staged = stagedEvents(context, config, {
    relation: typed,
    columns: [...fields, ...ownColumns(context, sequence, columns)],
    selected: columns,
    op: '_fft_op',
    sequence: names,
    payload: '_fft_event',
    fault: '_fft_fault',
    ...(truncates ? { truncations: unpacked } : {}),
    more: [],
  })
  if (!isStagedEvents(staged)) return staged
  const rest = then(staged)
  if (isRefusal(rest)) return rest
  const required = config.onNullKeys === 'error' ? staged.named.key : []
  const into = { from: unpacked, into: typed, columns: fields, sequence: names, required }
  const { counts: _, ...stage } = context.dialect.packedEvents.typed(into)
  return [
    ...steps('stage', { ...stage, note: 'read the rows of the events' }),
    ...rest,
    ...unstage(context, typed),
    ...unstage(context, unpacked),
  ]
}

/** Each part is a column of the SELECT, else a path in the JSON. */
function sequenceParts({ sequence, format }: PackedConfig, columns: readonly Column[]): readonly SequencePart[] {
  if (sequence.length === 0) return ownSequence[format]
  const names = sequenceNames(sequence.length)
  return sequence.map((given, at): SequencePart => {
    const [name, column] = [names[at] ?? '', findColumn(columns, given)]
    return column === undefined
      ? { name, by: 'path', paths: [given.split('.')] }
      : { name, by: 'column', column: column.name }
  })
}

const [first = '', second = '', third = ''] = sequenceNames(3)

/** What orders the events unless the configuration says it: the place in the log, else the time. */
const ownSequence: Readonly<Record<PackedConfig['format'], readonly SequencePart[]>> = {
  debezium: [{ name: first, by: 'path', paths: [['source', 'lsn'], ['ts_ms']] }],
  // Its time has seconds: the transaction and the row's place in it come behind.
  maxwell: [
    { name: first, by: 'path', paths: [['source', 'lsn'], ['ts_ms'], ['ts']] },
    { name: second, by: 'path', paths: [['xid']], otherwise: 0 },
    { name: third, by: 'path', paths: [['xoffset']], otherwise: 0 },
  ],
}

/** The columns of the rows: those of the storage, those that are declared with a type, and what the events have besides. */
function fieldsOf({ dialect, node, state, target }: NodeContext, rows: readonly TextRow[]): readonly Column[] {
  const isOwn = isStoredName(storedEvents({ sequence: [1, 2, 3, 4, 5, 6, 7, 8] }))
  const present = state.find(target)?.columns.filter(({ name }) => !isOwn(name)) ?? []
  const declared = node.columns.flatMap(({ name, dataType }) =>
    dataType === undefined ? [] : [{ name, type: dataType }],
  )
  const kinds = new Map<string, string[]>()
  for (const [name, kind] of rows) {
    if (name != null && kind != null) kinds.set(name, [...(kinds.get(name) ?? []), kind])
  }
  const told = [...kinds].map(([name, all]) => ({ name, type: dialect.inferColumn(all.map((kind) => samples[kind])) }))
  const known = [...present]
  for (const column of [...declared, ...told]) {
    if (findColumn(known, column.name) === undefined) known.push(column)
  }
  return known
}

/** A value of each kind of JSON; what is nested is kept as text. */
const samples: Readonly<Record<string, unknown>> = {
  integer: 1n,
  number: 1.5,
  boolean: true,
  text: 'text',
  json: 'text',
  null: null,
}

function ownColumns(
  { dialect }: NodeContext,
  sequence: readonly SequencePart[],
  columns: readonly Column[],
): readonly Column[] {
  const [text, integer] = [dialect.inferColumn(['text']), dialect.inferColumn([1n])]
  return [
    ...sequence.map((part): Column => {
      const given = part.by === 'column' ? findColumn(columns, part.column)?.type : undefined
      return { name: part.name, type: given ?? integer }
    }),
    { name: '_fft_op', type: text },
  ]
}

function noFields({ node }: NodeContext): Refusal {
  return {
    code: 'no-event-fields',
    message: 'there are no events yet, so nothing tells which columns the rows have',
    hint: 'run it when there are events, or declare the columns with their data_type in a properties YAML',
    span: node.placed.placeOf('cdc'),
  }
}

/** Takes a temporary relation away, where it does not end with the transaction. */
export function unstage({ dialect }: NodeContext, staged: Relation): readonly Step[] {
  return dialect.unstage === undefined ? [] : steps('clean', dialect.unstage(staged))
}
