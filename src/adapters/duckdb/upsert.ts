import { equal, list, names, qualified, quote, relation, sameName } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { keptColumns, matching, updatedColumns } from '../upsert-columns.js'
import { removeFlagged, removeMissing } from './deletions.js'
import { dropByTime } from './drop-by-time.js'
import { keptValue, loses, stays } from './guards.js'
import { insertDelta, statement } from './insert.js'
import { hasRowIds } from './row-ids.js'

type Upsert = Extract<Change, { kind: 'upsert' }>

// Names that no user has.
const thereColumn = '__fft_there'
const rowColumn = '__fft_row'
const goneColumn = '__fft_gone'

/** Takes away what has to go, leaves out what would change nothing, and replaces the rest. */
export function upsert(input: ApplyInput, change: Upsert): readonly Statement[] {
  const match = matching(equal(change.key, 'delta', 'target', change.nullSafe), change)
  const { flagged, missing } = change.deletes
  const isByRow = hasRowIds([...input.targetColumns, ...input.deltaColumns])
  if (isByRow && missing && flagged === undefined && change.updates === undefined)
    return upsertByRow(input, change, match)
  if (isByRow && flagged !== undefined && !missing && hasTimes(change))
    return upsertFlagged(input, change, { flagged, match })
  return [
    // A flagged key is not a missing one.
    ...removeMissing(input, change, match),
    ...removeFlagged(input, change, match),
    ...write(input, change, match),
  ]
}

/** Whether `updated_at` alone tells most rows that change something. */
function hasTimes({ updatedAt, wins, updates }: Upsert): boolean {
  return updatedAt !== undefined && wins.by !== 'condition' && updates === undefined
}

function write(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  if (change.updates !== undefined) return updateInPlace(input, change, match)
  const byTime = hasTimes(change)
  if (!byTime && hasRowIds([...input.targetColumns, ...input.deltaColumns])) return upsertByRow(input, change, match)
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

/** Where an update takes over some columns only, the others are best left where they are. */
function updateInPlace(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const columns = names(input.deltaColumns)
  const isNew = `not exists (select 1 from ${target} as target where ${match})`
  const insert = `insert into ${target} (${list(columns)}) select ${list(columns, 'delta')} from ${staging} as delta where ${isNew}`
  const updated = updatedColumns(input, change).map(({ name }) => `${quote(name)} = ${qualified(name, 'delta')}`)
  const remembered = keptColumns(input, change)
    .filter(({ remembers }) => remembers !== undefined)
    .map((column) => `${quote(column.name)} = ${keptValue(column)}`)
  const set = [...updated, ...remembered].join(', ')
  const update = `update ${target} as target set ${set} from ${staging} as delta where ${match} and not ${stays(input, change)}`
  return [
    statement(insert, 'insert new rows', 'written'),
    // Rows that were just put in are equal to their own.
    ...(updated.length === 0 ? [] : [statement(update, 'update rows that differ', 'filled')]),
  ]
}

/** The rows of flagged keys and of those to update are found in one look at the table. */
function upsertFlagged(
  input: ApplyInput,
  change: Upsert,
  { flagged, match }: { readonly flagged: string; readonly match: string },
): readonly Statement[] {
  const [target, staging, found] = [relation(input.target), relation(input.staging), relation(input.scratch('found'))]
  const gone = `coalesce((${flagged}), false)`
  const marked = `select *, rowid as ${quote(rowColumn)}, ${gone} as ${quote(goneColumn)} from ${staging} as delta`
  const pairs = `select target.rowid as old, delta.${quote(rowColumn)} as new, delta.${quote(goneColumn)} as gone, ${loses(change)} as loses from ${target} as target join (${marked}) as delta on ${match}`
  const remove = (which: string) => `delete from ${target} where rowid in (select old from ${found} where ${which})`
  return [
    statement(`create temp table ${found} as ${pairs}`, 'find the rows of the keys'),
    statement(remove('gone and not loses'), 'delete the rows of deleted keys', 'deleted'),
    statement(`delete from ${staging} as delta where ${gone}`, 'take deletions out of the delta'),
    ...dropByTime(input, change, match),
    ...replaceRows(input, change, match, remove(`not gone and new in (select rowid from ${staging})`)),
    statement(`drop table ${found}`, 'drop what was found'),
  ]
}

/**
 * Nothing tells unchanged rows from others but their values, so the table is read for them once, and what was found is
 * then replaced by its place: a quarter less work than comparing first and looking the keys up again.
 */
function upsertByRow(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const [target, staging, found] = [relation(input.target), relation(input.staging), relation(input.scratch('found'))]
  // With flags, missing keys are gone already: flagged rows are no longer in the delta.
  const missing = change.deletes.missing && change.deletes.flagged === undefined
  const pairs = `select target.rowid as old, delta.rowid as new, ${stays(input, change)} as same from ${target} as target ${missing ? 'left ' : ''}join ${staging} as delta on ${match}`
  const gone = `delete from ${target} where rowid in (select old from ${found} where new is null)`
  return [
    statement(`create temp table ${found} as ${pairs}`, 'find the rows of the keys'),
    ...(missing ? [statement(gone, 'delete rows whose key is gone', 'deleted')] : []),
    statement(
      `delete from ${staging} where rowid in (select new from ${found} where same and new is not null)`,
      change.wins.by === 'delta' ? 'leave out rows that are equal' : 'leave out rows that are equal or lose',
      'unchanged',
    ),
    ...replaceRows(
      input,
      change,
      match,
      `delete from ${target} where rowid in (select old from ${found} where new is not null and not same)`,
    ),
    statement(`drop table ${found}`, 'drop what was found'),
  ]
}

/** Takes the rows out and puts the delta in; columns that an update leaves alone keep their values. */
function replaceRows(input: ApplyInput, change: Upsert, match: string, deleteSql: string): readonly Statement[] {
  const kept = keptColumns(input, change)
  const replace = statement(deleteSql, 'delete the rows to update', 'updated')
  if (kept.length === 0) return [replace, insertDelta(input)]
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
    statement(save, 'save the columns that the update leaves alone'),
    replace,
    statement(insert, 'insert the delta with the saved columns', 'written'),
    statement(`drop table ${old}`, 'drop the saved columns'),
  ]
}
