import { text } from '../../core/index.js'
import { equal, list, names, quote, relation, sameName } from '../names.js'
import type { ApplyInput, Change, Counted, Statement } from '../types.js'

type Insert = Extract<Change, { kind: 'insert' }>

// Names that no user has.
const numberColumn = '__fft_number'
const rowColumn = '__fft_row'

export function statement(sql: string, note: string, counts?: Counted): Statement {
  return { sql: text(sql), note, ...(counts === undefined ? {} : { counts }) }
}

export function insertDelta(input: ApplyInput): Statement {
  const columns = list(names(input.deltaColumns))
  const sql = `insert into ${relation(input.target)} (${columns}) select ${columns} from ${relation(input.staging)}`
  return statement(sql, 'insert the delta', 'written')
}

/** Inserts the delta's rows that are not there. */
export function insert(input: ApplyInput, { existing }: Insert): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  if (existing.by === 'nothing') return [insertDelta(input)]
  if (existing.by === 'key') {
    const match = equal(existing.key, 'delta', 'target', existing.nullSafe)
    const sql = `delete from ${staging} as delta using ${target} as target where ${match}`
    return [statement(sql, 'leave out keys that are there', 'unchanged'), insertDelta(input)]
  }
  const { range } = existing
  const within =
    range === undefined ? '' : ` where ${quote(range.column)} >= ${range.from} or ${quote(range.column)} is null`
  if (input.addedColumns.length > 0) return [dropExisting(input, within), insertDelta(input)]
  const columns = list(names(input.deltaColumns))
  // Each delta row meets at most one equal target row, so rows that occur twice on purpose stay twice.
  const sql = `insert into ${target} (${columns}) select ${columns} from ${staging} except all select ${columns} from ${target}${within}`
  return [statement(sql, 'insert the rows that are not there', 'written')]
}

/** The same for rows with columns that the target's rows cannot have yet: they are compared in the others. */
function dropExisting(input: ApplyInput, within: string): Statement {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const isAdded = (name: string) => input.addedColumns.some((column) => sameName(column.name, name))
  const compared = names(input.deltaColumns).filter((name) => !isAdded(name))
  const columns = list(compared)
  const delta = `(select rowid as ${quote(rowColumn)}, ${columns}, row_number() over (partition by ${columns}) as ${quote(numberColumn)} from ${staging}) as delta`
  const present = `(select ${columns}, count(*) as ${quote(numberColumn)} from ${target}${within} group by ${columns}) as target`
  const match = `${equal(compared, 'delta', 'target', true)} and delta.${quote(numberColumn)} <= target.${quote(numberColumn)}`
  const rows = `select ${quote(rowColumn)} from ${delta} join ${present} on ${match}`
  return statement(`delete from ${staging} where rowid in (${rows})`, 'leave out rows that are there', 'unchanged')
}
