import { text } from '../../core/index.js'
import { list, names, quote, relation } from '../names.js'
import type { ApplyInput, Change, Column, Counted, Dialect, Statement } from '../types.js'
import { comparable, isComparable, joined } from './comparison.js'
import { replaceKeys, replaceWindow } from './replace-keys.js'
import { upsert } from './upsert.js'
import { version } from './versions.js'

type Insert = Extract<Change, { kind: 'insert' }>

/**
 * Each change as Postgres' fastest statements with the promised result (`bench/postgres`): with a unique index on the
 * key `insert … on conflict`, else one join of delta and target, and deletes by the rows' own places.
 */
export const changes: Dialect['apply'] = {
  insert,
  upsert,
  replace_keys: replaceKeys,
  replace_window: replaceWindow,
  version: (input, change) => version(input, change),
}

/** A statement of the node's transaction; several lines are sent together. */
export function statement(lines: string | readonly string[], note: string, counts?: Counted): Statement {
  const sql = typeof lines === 'string' ? lines : lines.join(';\n')
  return { sql: text(sql), note, ...(counts === undefined ? {} : { counts }) }
}

/** Two transactions that read before they write would both insert the same key: others may only read from here on. */
export function lockWriters(input: ApplyInput): string {
  return `lock table ${relation(input.target)} in share row exclusive mode`
}

/** The columns' definition of the key, as the target has them. */
export function keyColumns({ targetColumns }: ApplyInput, key: readonly string[]): readonly Column[] {
  return [...new Set(key)].map((name) => targetColumns.find((column) => column.name === name) ?? { name, type: 'text' })
}

export function insertDelta(input: ApplyInput): Statement {
  const columns = list(names(input.deltaColumns))
  const sql = `insert into ${relation(input.target)} (${columns}) select ${columns} from ${relation(input.staging)}`
  return statement(sql, 'insert the delta', 'written')
}

function insert(input: ApplyInput, { existing }: Insert): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  if (existing.by === 'nothing') return [insertDelta(input)]
  if (existing.by === 'key') {
    const key = keyColumns(input, existing.key)
    const sql = `delete from ${staging} as delta using ${target} as target where ${joined(key, 'delta', 'target', existing.nullSafe)}`
    const lines = [...beforeJoin(input, existing.key), sql]
    return [statement(lines, 'leave out keys that are there', 'unchanged'), insertDelta(input)]
  }
  const { range } = existing
  const within =
    range === undefined ? '' : ` where ${quote(range.column)} >= ${range.from} or ${quote(range.column)} is null`
  if (input.addedColumns.length > 0) return [dropExisting(input, within), insertDelta(input)]
  return [insertMissing(input, within)]
}

/** Each delta row meets at most one equal target row, so rows that occur twice on purpose stay twice. */
function insertMissing(input: ApplyInput, within: string): Statement {
  const { deltaColumns } = input
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const columns = list(names(deltaColumns))
  const compared = (cast: boolean) =>
    deltaColumns.map((column) => `${asStored(column, cast)} as ${quote(column.name)}`).join(', ')
  const missing = `select ${compared(true)} from ${staging} except all select ${compared(false)} from ${target}${within}`
  const back = deltaColumns
    .map((column) => (isComparable(column) ? quote(column.name) : `cast(${quote(column.name)} as ${column.type})`))
    .join(', ')
  const sql = `insert into ${target} (${columns}) select ${back} from (${missing}) as missing`
  return statement([lockWriters(input), sql], 'insert the rows that are not there', 'written')
}

/** A delta's value as the target will hold it, to be compared with what is there. */
function asStored(column: Column, cast: boolean): string {
  if (!isComparable(column)) return comparable(column)
  return cast ? `cast(${quote(column.name)} as ${column.type})` : quote(column.name)
}

/** The same for rows with columns that the target's rows cannot have yet: they are compared in the others. */
function dropExisting(input: ApplyInput, within: string): Statement {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const compared = input.deltaColumns.filter(({ name }) => !input.addedColumns.some((added) => added.name === name))
  const columns = list(names(compared))
  const groups = compared.map((column) => comparable(column)).join(', ')
  const numbered = `select ctid as __fft_row, ${columns}, row_number() over (partition by ${groups}) as __fft_place from ${staging}`
  const counted = `select ${columns}, row_number() over (partition by ${groups}) as __fft_place from ${target}${within}`
  const match = `${joined(compared, 'delta', 'target', true)} and delta.__fft_place = target.__fft_place`
  const rows = `select delta.__fft_row from (${numbered}) as delta join (${counted}) as target on ${match}`
  const sql = `delete from ${staging} where ctid in (${rows})`
  return statement([lockWriters(input), sql], 'leave out rows that are there', 'unchanged')
}

/** What stands before a join of delta and target: others are kept from writing, and the join gets what it needs. */
export function beforeJoin(input: ApplyInput, key: readonly string[]): readonly string[] {
  return [lockWriters(input), `analyze ${relation(input.staging)} (${list([...new Set(key)])})`, joinMemory]
}

/** A delta that does not fit into memory sends every row of the target through temporary files. */
const joinMemory =
  "select set_config('work_mem', '32MB', true) where pg_size_bytes(current_setting('work_mem')) < 33554432"
