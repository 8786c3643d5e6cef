import { text } from '../../core/index.js'
import type { ApplyInput, Change, Counted, Dialect, Statement } from '../types.js'
import { comparable, equal, list, names, own, quote, relation, sameName } from './names.js'
import { replaceKeys, replaceWindow } from './replace-keys.js'
import { upsert } from './upsert.js'
import { version } from './versions.js'

type Insert = Extract<Change, { kind: 'insert' }>

// A name that no user has.
const numberColumn = own('number')

/** Each change as one atomic statement; the staged rows stay as they are. */
export const changes: Dialect['apply'] = {
  insert,
  upsert,
  replace_keys: replaceKeys,
  replace_window: replaceWindow,
  version,
}

function statement(sql: string, note: string, counts: Counted): Statement {
  return { sql: text(sql), note, counts }
}

function insert(input: ApplyInput, change: Insert): readonly Statement[] {
  const columns = list(names(input.deltaColumns))
  const sql = `insert into ${relation(input.target)} (${columns})\n${newRows(input, change)}`
  return [{ ...statement(sql, 'insert the rows that are not there', 'written'), rowsOf: input.target }]
}

/** The delta rows that are not in the target, as a SELECT. */
export function newRows(input: ApplyInput, { existing }: Insert): string {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const columns = list(names(input.deltaColumns))
  if (existing.by === 'nothing') return `select ${columns} from ${staging}`
  if (existing.by === 'key') {
    const match = equal(existing.key, 'delta', 'target', existing.nullSafe)
    // In a subquery a column that is called like an alias outside would hide that alias; in a join it does not.
    return `select ${columns} from ${staging} as delta left anti join ${target} as target on ${match}`
  }
  const { range } = existing
  const within =
    range === undefined ? '' : ` where ${quote(range.column)} >= ${range.from} or ${quote(range.column)} is null`
  return missingRows(input, within)
}

/** Each delta row meets at most one equal target row, so rows that occur twice on purpose stay twice. */
function missingRows(input: ApplyInput, within: string): string {
  const isAdded = (name: string) => input.addedColumns.some((column) => sameName(column.name, name))
  // Rows that were there before cannot have anything in columns that this run adds.
  const compared = input.deltaColumns.filter(({ name }) => !isAdded(name)).map((column) => comparable(column))
  const aliases = compared.map((_, index) => own(`c${index}`))
  const items = compared.map((expression, index) => `${expression} as ${own(`c${index}`)}`).join(', ')
  const all = compared.join(', ')
  const delta = `select *, ${items}, row_number() over (partition by ${all} order by ${all}) as ${numberColumn} from ${relation(input.staging)}`
  const there = `select ${items}, count(*) as ${numberColumn} from ${relation(input.target)}${within} group by ${all}`
  const match = aliases.map((alias) => `delta.${alias} <=> target.${alias}`).join(' and ')
  return `select ${list(names(input.deltaColumns))} from (${delta}) as delta left anti join (${there}) as target on ${match} and delta.${numberColumn} <= target.${numberColumn}`
}
