import { text } from '../../core/index.js'
import { equal, list, names, qualified, quote, relation, sameName } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { type KeptColumn, keptColumns, matching, updatedColumns } from '../upsert-columns.js'
import { insertDelta, statement } from './insert.js'
import { hasRowIds } from './row-ids.js'

type Upsert = Extract<Change, { kind: 'upsert' }>

// A name that no user has.
const thereColumn = '__fft_there'

/** Takes away what has to go, leaves out what would change nothing, and replaces the rest. */
export function upsert(input: ApplyInput, change: Upsert): readonly Statement[] {
  const match = matching(equal(change.key, 'delta', 'target', change.nullSafe), change)
  return [
    ...removeFlagged(input, change, match),
    ...removeMissing(input, change, match),
    ...write(input, change, match),
  ]
}

function write(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const hasTimes = change.updatedAt !== undefined && change.wins.by !== 'condition' && change.updates === undefined
  if (!hasTimes && hasRowIds([...input.targetColumns, ...input.deltaColumns])) return upsertByRow(input, change, match)
  const dropped = hasTimes
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

/** Flagged rows go out of the delta, and with them the rows of their keys that do not win against them. */
function removeFlagged(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const { flagged } = change.deletes
  if (flagged === undefined) return []
  const [target, staging, gone] = [relation(input.target), relation(input.staging), relation(input.scratch('gone'))]
  const condition = `coalesce((${flagged}), false)`
  const guard = loses(change)
  const and = guard === 'false' ? '' : ` and not ${guard}`
  return [
    statement(`create temp table ${gone} as select * from ${staging} as delta where ${condition}`, 'find deletions'),
    statement(`delete from ${staging} as delta where ${condition}`, 'take deletions out of the delta'),
    statement(
      `delete from ${target} as target using ${gone} as delta where ${match}${and}`,
      'delete the rows of deleted keys',
      'deleted',
    ),
    statement(`drop table ${gone}`, 'drop the deletions'),
  ]
}

function removeMissing({ target, staging }: ApplyInput, { deletes }: Upsert, match: string): readonly Statement[] {
  if (!deletes.missing) return []
  const sql = `delete from ${relation(target)} as target where not exists (select 1 from ${relation(staging)} as delta where ${match})`
  return [statement(sql, 'delete rows whose key is gone', 'deleted')]
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

/** A kept column's value from `target` and `delta`. */
function keptValue({ name, remembers }: KeptColumn): string {
  if (remembers === undefined) return qualified(name, 'target')
  const [before, now] = [qualified(remembers, 'target'), qualified(remembers, 'delta')]
  return `case when ${before} is distinct from ${now} then ${before} else ${qualified(name, 'target')} end`
}

/** Whether a delta row would change nothing: it is equal in what an update takes over, or loses. */
function stays(input: ApplyInput, change: Upsert): string {
  const same = sameValues(input, change, [])
  const guard = loses(change)
  return guard === 'false' ? same : `(${guard} or ${same})`
}

/** Whether a delta row loses against the target's row of its key; never NULL. */
function loses({ wins, updatedAt }: Upsert): string {
  if (wins.by === 'condition') return `(not coalesce((${wins.sql}), false))`
  if (wins.by === 'delta' || updatedAt === undefined) return 'false'
  const [ours, theirs] = [qualified(updatedAt, 'delta'), qualified(updatedAt, 'target')]
  return `coalesce(${theirs} > ${ours}, ${theirs} is not null and ${ours} is null)`
}

/** Takes rows out of the delta that would change nothing: equal ones, and those that lose against a newer row. */
function dropByTime(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const { updatedAt = '' } = change
  const newestWins = change.wins.by === 'newest'
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const same = sameValues(input, change, [updatedAt])
  const from = `delete from ${staging} as delta using ${target} as target where ${match}`
  const [ours, theirs] = [qualified(updatedAt, 'delta'), qualified(updatedAt, 'target')]
  const older = newestWins ? `${theirs} > ${ours} or ` : ''
  // Only target rows as new as the oldest delta row can be equal or newer; zone maps then skip the rest of the table.
  const recent = `${theirs} >= (select min(${quote(updatedAt)}) from ${staging})`
  const note = newestWins ? 'leave out rows that are equal or older' : 'leave out rows that are equal'
  const nullOlder = newestWins ? `${theirs} is not null or ` : `${theirs} is null and `
  return [
    {
      ...statement(`${from} and ${recent} and (${older}${theirs} = ${ours} and ${same})`, note, 'unchanged'),
      onlyIf: {
        sql: text(`select exists (select 1 from ${target} as target where ${recent})`),
        note: `see whether the delta has rows that are not newer than the table by ${updatedAt}`,
      },
    },
    {
      ...statement(`${from} and ${ours} is null and (${nullOlder}${same})`, `${note} (no ${updatedAt})`, 'unchanged'),
      onlyIf: {
        sql: text(`select exists (select 1 from ${staging} where ${quote(updatedAt)} is null)`),
        note: `see whether the delta has rows without ${updatedAt}`,
      },
    },
  ]
}

/** Delta and target agree in all columns that an update takes over, but for those. */
function sameValues(input: ApplyInput, change: Upsert, but: readonly string[]): string {
  const compared = names(updatedColumns(input, change)).filter((name) => !but.some((other) => sameName(other, name)))
  return compared.length === 0 ? 'true' : `(${equal(compared, 'delta', 'target', true)})`
}
