import { countLate } from '../late-written.js'
import { equal, list, names, qualified, quote, relation, sameName } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { type KeptColumn, keptColumns, matching, updatedColumns } from '../upsert-columns.js'
import { removeFlagged, removeMissing } from './deletions.js'
import { dropByTime } from './drop-by-time.js'
import { keptValue, stays } from './guards.js'
import { insertDelta, statement } from './insert.js'
import { hasRowIds } from './row-ids.js'

type Upsert = Extract<Change, { kind: 'upsert' }>

// Names that no user has.
const thereColumn = '__fft_there'
const oldColumn = '__fft_old'
const goneColumn = '__fft_gone'

/** Takes away what has to go, leaves out what would change nothing, and replaces the rest. */
export function upsert(input: ApplyInput, change: Upsert): readonly Statement[] {
  const match = matching(equal(change.key, 'delta', 'target', change.nullSafe), change)
  const { flagged, missing } = change.deletes
  if (missing && flagged === undefined && change.updates === undefined && change.within === undefined && isByRow(input))
    return replaceAll(input, change, match)
  return [
    // A flagged key is not a missing one.
    ...removeMissing(input, change, match),
    ...removeFlagged(input, change, match),
    ...write(input, change, match),
  ]
}

/** Whether rows can be told by their place. */
function isByRow(input: ApplyInput): boolean {
  return hasRowIds([...input.targetColumns, ...input.deltaColumns])
}

/** Whether `updated_at` alone tells most rows that change something. */
function hasTimes({ updatedAt, wins, updates }: Upsert): boolean {
  return updatedAt !== undefined && wins.by !== 'condition' && updates === undefined
}

function write(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  if (change.updates !== undefined) return updateInPlace(input, change, match)
  const byTime = hasTimes(change)
  if (!byTime && isByRow(input)) return upsertByRow(input, change, match)
  const dropped = byTime
    ? dropByTime(input, change, match)
    : [
        statement(
          `delete from ${staging} as delta using ${target} as target where ${match} and ${stays(input, change)}`,
          'leave out rows that change nothing',
          'unchanged',
        ),
      ]
  const sql = `delete from ${target} as target using ${staging} as delta where ${match}`
  return [...dropped, ...replaceRows(input, change, match, sql)]
}

/** Where an update takes over some columns only, the others are best left where they are: half of an update's work. */
function updateInPlace(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const columns = names(input.deltaColumns)
  const updated = updatedColumns(input, change).map(({ name }) => `${quote(name)} = ${qualified(name, 'delta')}`)
  if (updated.length === 0) {
    const isNew = `not exists (select 1 from ${target} as target where ${match})`
    const insert = `insert into ${target} (${list(columns)}) select ${list(columns, 'delta')} from ${staging} as delta where ${isNew}`
    return [statement(insert, 'insert new rows', 'written')]
  }
  const remembered = keptColumns(input, change)
    .filter(({ remembers }) => remembers !== undefined)
    .map((column) => `${quote(column.name)} = ${keptValue(column)}`)
  const set = [...updated, ...remembered].join(', ')
  const actions = `when matched and not ${stays(input, change)} then update set ${set} when not matched then insert (${list(columns)}) values (${list(columns, 'delta')})`
  const before = relation(input.scratch('before'))
  const added = `(select count(*) from ${target}) - (select n from ${before})`
  return [
    statement(`create temp table ${before} as select count(*) as n from ${target}`, 'count the rows'),
    // Its one count is of both; what the table has grown by are the new rows.
    statement(
      `merge into ${target} as target using ${staging} as delta on ${match} ${actions}`,
      'update rows that differ, insert new ones',
      'filled',
    ),
    statement(
      `select ${added} as rows_affected, -(${added}) as filled`,
      'tell the new rows from the others',
      'written',
    ),
    statement(`drop table ${before}`, 'drop the count'),
  ]
}

/**
 * Nothing tells unchanged rows from others but their values, so the table is read for them once, and what was found is
 * then replaced by its place: a quarter less work than comparing first and looking the keys up again.
 */
function upsertByRow(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const [target, staging, found] = [relation(input.target), relation(input.staging), relation(input.scratch('found'))]
  const pairs = `select target.rowid as old, delta.rowid as new, ${stays(input, change)} as same from ${target} as target join ${staging} as delta on ${match}`
  return [
    statement(`create temp table ${found} as ${pairs}`, 'find the rows of the keys'),
    statement(
      `delete from ${staging} where rowid in (select new from ${found} where same)`,
      change.wins.by === 'delta' ? 'leave out rows that are equal' : 'leave out rows that are equal or lose',
      'unchanged',
    ),
    ...replaceRows(
      input,
      change,
      match,
      `delete from ${target} where rowid in (select old from ${found} where not same)`,
    ),
    statement(`drop table ${found}`, 'drop what was found'),
  ]
}

/**
 * The delta is all that is to be, and most of it is there: one look at both sides finds what is new, what differs and
 * what is gone, and only that is written.
 */
function replaceAll(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const changed = relation(input.scratch('changed'))
  const kept = keptColumns(input, change)
  const isKept = (name: string) => kept.some((column) => sameName(column.name, name))
  const taken = names(input.deltaColumns).filter((name) => !isKept(name))
  const isNew = 'target.rowid is null'
  const values = kept.map((column) => `${storedValue(column, isNew)} as ${quote(column.name)}`)
  const gone = `delta.rowid is null`
  const items = [`target.rowid as ${oldColumn}`, `${gone} as ${goneColumn}`, list(taken, 'delta'), ...values].join(', ')
  const differing = `${isNew} or ${gone} or not ${stays(input, change)}`
  const columns = list([...taken, ...names(kept)])
  const remove = (which: string) =>
    `delete from ${target} where rowid in (select ${oldColumn} from ${changed} where ${oldColumn} is not null and ${which})`
  return [
    statement(
      `create temp table ${changed} as select ${items} from ${target} as target full join ${staging} as delta on ${match} where ${differing}`,
      'find rows that are new, differ or are gone',
    ),
    ...countLate(input, input.scratch('changed'), `not ${goneColumn}`),
    statement(remove(goneColumn), 'delete rows whose key is gone', 'deleted'),
    statement(remove(`not ${goneColumn}`), 'delete the rows to update', 'updated'),
    statement(
      `insert into ${target} (${columns}) select ${columns} from ${changed} where not ${goneColumn}`,
      'insert rows that are new or differ',
      'written',
    ),
    statement(`drop table ${changed}`, 'drop what was found'),
  ]
}

/** What a kept column has in a row that is put in. */
function storedValue(column: KeptColumn, isNew: string): string {
  const ofNew = column.inDelta ? qualified(column.name, 'delta') : 'null'
  return `case when ${isNew} then ${ofNew} else ${keptValue(column)} end`
}

/** Takes the rows out and puts the delta in; columns that an update leaves alone keep their values. */
function replaceRows(input: ApplyInput, change: Upsert, match: string, deleteSql: string): readonly Statement[] {
  const kept = keptColumns(input, change)
  const replace = statement(deleteSql, 'delete the rows to update', 'updated')
  const late = countLate(input, input.staging)
  if (kept.length === 0) return [...late, replace, insertDelta(input)]
  const { key, nullSafe } = change
  const [target, staging, old] = [relation(input.target), relation(input.staging), relation(input.scratch('old'))]
  const values = kept.map((column) => `${keptValue(column)} as ${quote(column.name)}`)
  const save = `create temp table ${old} as select ${[list(key, 'target'), `true as ${quote(thereColumn)}`, ...values].join(', ')} from ${target} as target join ${staging} as delta on ${match}`
  const isKept = (name: string) => kept.some((column) => sameName(column.name, name))
  const taken = names(input.deltaColumns).filter((name) => !isKept(name))
  const filled = kept.map(({ name, inDelta }) =>
    inDelta
      ? `case when old.${quote(thereColumn)} then old.${quote(name)} else delta.${quote(name)} end`
      : qualified(name, 'old'),
  )
  const insert = `insert into ${target} (${list([...taken, ...names(kept)])}) select ${[list(taken, 'delta'), ...filled].join(', ')} from ${staging} as delta left join ${old} as old on ${equal(key, 'delta', 'old', nullSafe)}`
  return [
    ...late,
    statement(save, 'save the columns that the update leaves alone'),
    replace,
    statement(insert, 'insert the delta with the saved columns', 'written'),
    statement(`drop table ${old}`, 'drop the saved columns'),
  ]
}
