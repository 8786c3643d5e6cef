import { concat, type Relation, type Sql, text } from '../../core/index.js'
import type { ApplyInput, Change, Column, Dialect, KeepOne, RelationState, Statement } from '../types.js'
import { comparedColumns, keptColumns, matching, updatedColumns } from '../upsert-columns.js'
import { actionColumn, type Version, versionColumns } from '../versions.js'
import { newRows } from './changes.js'
import { equal, inParentheses, list, names, own, quote, relation, sameName } from './names.js'
import * as delta from './statements.js'
import { differences, keptValue, wins } from './upsert.js'
import { changedRows, matchOf, oldRows } from './versions.js'

type Upsert = Extract<Change, { kind: 'upsert' }>
type ReplaceKeys = Extract<Change, { kind: 'replace_keys' }>

const rewritten = 'parquet has no MERGE: the table is written anew'

function statement(sql: string | Sql, note: string): Statement {
  return { sql: typeof sql === 'string' ? text(sql) : sql, note }
}

/** A name that belongs to another temporary relation of the same node; the next run removes it like all of them. */
function beside(of: Relation, role: string): Relation {
  const tail = /^__fft_[a-z]+(_[0-9a-f]{8,16}_\d+)$/.exec(of.identifier)?.[1]
  return { ...of, identifier: `__fft_${role}${tail ?? '_00000000_0'}` }
}

function create(table: Relation, select: Sql | string): Sql {
  return concat(`create table ${relation(table)} using parquet as `, select)
}

/** Puts a table in another one's place: its files are moved, so it takes a moment in which readers find nothing. */
function swap(from: Relation, target: Relation, present: 'table' | 'view' | undefined): readonly Statement[] {
  const rename = `alter table ${relation(from)} rename to ${relation(target)}`
  return [
    ...(present === undefined ? [] : [delta.drop(target, present)]),
    statement(rename, 'put it in place (parquet: not atomic)'),
    refresh(target),
  ]
}

/** Sessions that read it before remember its files and columns; what one session refreshes, the others do. */
function refresh(table: Relation): Statement {
  return statement(`refresh table ${relation(table)}`, 'let every session see what is there now')
}

/** A SELECT over the table, put in its place. */
function rewrite(table: Relation, select: string, into: Relation): readonly Statement[] {
  return [statement(create(into, select), rewritten), ...swap(into, table, 'table')]
}

function script(...statements: readonly Statement[]): Sql {
  return statements.flatMap(({ sql }, index) => (index === 0 ? sql : concat(';\n', sql)))
}

/** The whole rewrite as one statement of the plan, with what a SELECT before it counts. */
function keep(table: Relation, kept: { readonly select: string; readonly count: string }): Sql {
  const count = statement(`select ${kept.count} as num_affected_rows from ${relation(table)} as delta`, '')
  return script(count, ...rewrite(table, kept.select, beside(table, 'kept')))
}

function keepFirst(table: Relation, by: string, order: string): Sql {
  const number = own('number')
  const numbered = `select *, row_number() over (partition by ${by} order by ${order}) as ${number} from ${relation(table)}`
  return keep(table, {
    select: `select * except (${number}) from (${numbered}) where ${number} = 1`,
    count: `count(*) - count(distinct struct(${by}))`,
  })
}

const version = (input: ApplyInput, change: Version): readonly Statement[] => {
  const [target, changed] = [relation(input.target), input.scratch('changed')]
  const columns = list(versionColumns(input, change))
  const kept = `select ${list(versionColumns(input, change), 'target')} from ${target} as target left anti join ${relation(changed)} as delta on ${matchOf(input, change)}`
  const put = `select ${columns} from ${relation(changed)} where ${actionColumn} <> 'delete'`
  const count = (which: string) =>
    `select count(*) as num_affected_rows from ${relation(changed)} where ${actionColumn} ${which}`
  return [
    statement(create(changed, changedRows(input, change)), 'find versions that are new, end elsewhere or are gone'),
    { ...statement(count("= 'update'"), 'count the versions to update'), counts: 'updated' },
    { ...statement(count("<> 'delete'"), 'count the versions to write'), counts: 'written' },
    ...rewrite(input.target, `${kept} union all ${put}`, input.scratch('kept')),
    delta.drop(changed, 'table'),
  ]
}

const upsert = (input: ApplyInput, change: Upsert): readonly Statement[] => {
  const target = relation(input.target)
  const match = matching(equal(change.key, 'delta', 'target', change.nullSafe), change)
  const { flagged, missing } = change.deletes
  const live = flagged === undefined ? 'true' : `not coalesce((${flagged}), false)`
  const [fresh, gone] = [
    `(select * from ${relation(input.staging)} as delta where ${live})`,
    `(select * from ${relation(input.staging)} as delta where not (${live}))`,
  ]
  const isDelta = wins(change)
  const taken = updatedColumns(input, change)
  const updates =
    taken.length === 0 ? 'false' : [...isDelta, ...differences(comparedColumns(input, change))].join(' and ')
  const kept = keptColumns(input, change)
  const isInDelta = (name: string) => input.deltaColumns.some((column) => sameName(column.name, name))
  const updated = input.targetColumns.map(({ name }) => {
    const column = kept.find((each) => sameName(each.name, name))
    return `${column === undefined ? `delta.${quote(name)}` : keptValue(column, input)} as ${quote(name)}`
  })
  const added = input.targetColumns.map(({ name }) =>
    isInDelta(name) ? `delta.${quote(name)}` : `null as ${quote(name)}`,
  )
  const all = list(names(input.targetColumns), 'target')
  const unflagged =
    flagged === undefined ? '' : ` left anti join ${gone} as delta on ${[match, ...isDelta].join(' and ')}`
  const present = missing ? ` left semi join ${relation(input.staging)} as delta on ${match}` : ''
  const stays = `${target} as target${unflagged}${present}`
  const from = `from ${fresh} as delta join ${target} as target on ${match} where ${updates}`
  const isNew = `from ${fresh} as delta left anti join ${target} as target on ${match}`
  const select = `select ${all} from (select * from ${stays}) as target left anti join ${fresh} as delta on ${match} and ${updates}
union all select ${updated.join(', ')} ${from}
union all select ${added.join(', ')} ${isNew}`
  const count = `select count(*) as num_affected_rows ${from}`
  const removed = `select (select count(*) from ${target}) - count(*) as num_affected_rows from ${stays}`
  return [
    { ...statement(count, 'count the rows to update'), counts: 'updated' },
    {
      ...statement(`select (${count}) + (select count(*) ${isNew}) as num_affected_rows`, 'count the rows to write'),
      counts: 'written',
    },
    ...(flagged === undefined && !missing
      ? []
      : [{ ...statement(removed, 'count the rows to delete'), counts: 'deleted' } as const]),
    ...rewrite(input.target, select, input.scratch('next')),
  ]
}

const replaceKeys = (input: ApplyInput, change: ReplaceKeys): readonly Statement[] => {
  const match = matching(equal(change.key, 'delta', 'target', change.nullSafe), change)
  return replaceRows(input, `exists (select 1 from ${relation(input.staging)} as delta where ${match})`)
}

const replaceWindow: Dialect['apply']['replace_window'] = (input, { window }) => {
  const column = `target.${quote(window.column)}`
  return replaceRows(input, `(${column} >= ${window.from} and ${column} < ${window.to})`)
}

/** Writes the table anew without those rows and with the delta's. */
function replaceRows(input: ApplyInput, isGone: string): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const isInDelta = (name: string) => input.deltaColumns.some((column) => sameName(column.name, name))
  const added = input.targetColumns.map(({ name }) => (isInDelta(name) ? quote(name) : `null as ${quote(name)}`))
  const kept = `${target} as target where not coalesce(${isGone}, false)`
  const select = `select ${list(names(input.targetColumns), 'target')} from ${kept} union all select ${added.join(', ')} from ${staging}`
  const gone = `select count(*) as num_affected_rows from ${target} as target where ${isGone}`
  return [
    { ...statement(gone, 'count the rows to replace'), counts: 'replaced' },
    {
      ...statement(`select count(*) as num_affected_rows from ${staging}`, 'count the rows to write'),
      counts: 'written',
    },
    ...rewrite(input.target, select, input.scratch('next')),
  ]
}

const insert: Dialect['apply']['insert'] = (input, change) => {
  const columns = list(names(input.deltaColumns))
  const rows = newRows(input, change)
  return [
    {
      ...statement(`select count(*) as num_affected_rows from (${rows})`, 'count the rows that are not there'),
      counts: 'written',
    },
    statement(`insert into ${relation(input.target)} (${columns})\n${rows}`, 'insert the rows that are not there'),
    refresh(input.target),
  ]
}

/** What differs for tables in Parquet files without a log: no statement changes rows in place, so tables are rewritten. */
export const parquetStatements = {
  createView: delta.createView,
  stage: (staging: Relation, select: Sql): Statement => ({
    ...statement(create(staging, concat('select * from ', inParentheses(select), ' as delta')), 'stage the delta'),
    counts: 'staged',
    select,
  }),
  buildAside: (aside: Relation, select: Sql): Statement => ({
    ...statement(create(aside, concat('select * from ', inParentheses(select), ' as built')), 'build the table aside'),
    counts: 'staged',
    rowsOf: aside,
    select,
  }),
  createEmpty: (empty: Relation, columns: readonly Column[]): Statement => {
    const defined = columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')
    return statement(`create table ${relation(empty)} (${defined}) using parquet`, 'create an empty table to load into')
  },
  publish: (aside: Relation, target: Relation, present: RelationState | undefined) =>
    swap(aside, target, present?.kind),
  collapse: (table: Relation, columns: readonly Column[]): Statement => {
    const all = delta.comparables(columns)
    return { sql: keepFirst(table, all, all), note: 'collapse equal rows', counts: 'duplicates' }
  },
  keepOne: (table: Relation, rows: KeepOne): Statement => {
    const { by, order } = delta.keyGroups(rows)
    return { ...delta.keepOne(table, rows), sql: keepFirst(table, by, order) }
  },
  dropNullKeys: (table: Relation, key: readonly string[]): Statement => {
    const nulls = key.map((column) => `${quote(column)} is null`).join(' or ')
    const select = `select * from ${relation(table)} where not (${nulls})`
    return {
      sql: keep(table, { select, count: `count_if(${nulls})` }),
      note: 'leave out rows without a key',
      counts: 'dropped',
    }
  },
  dropRows: (table: Relation, condition: string): Statement => {
    const select = `select * from ${relation(table)} as delta where not coalesce((${condition}), false)`
    const count = `count_if(coalesce((${condition}), false))`
    return { sql: keep(table, { select, count }), note: 'take deletions out', counts: 'dropped' }
  },
  addColumn: (target: Relation, column: Column): Statement => {
    const add = statement(`alter table ${relation(target)} add columns (${quote(column.name)} ${column.type})`, '')
    return { sql: script(add, refresh(target)), note: `add column ${column.name}` }
  },
  dropColumn: (target: Relation, column: string): Statement => ({
    sql: script(
      ...rewrite(target, `select * except (${quote(column)}) from ${relation(target)}`, beside(target, 'kept')),
    ),
    note: `drop column ${column}: ${rewritten}`,
  }),
  retypeColumn: (target: Relation, { name, type }: Column): Statement => {
    const cast = `select * except (${quote(name)}), cast(${quote(name)} as ${type}) as ${quote(name)} from ${relation(target)}`
    return {
      sql: script(...rewrite(target, cast, beside(target, 'kept'))),
      note: `widen column ${name} to ${type}: ${rewritten}`,
    }
  },
  backfill: (target: Relation, from: Relation, key: readonly string[], columns: readonly string[]): Statement => {
    const filled = columns.map((column) => `full_rows.${quote(column)} as ${quote(column)}`).join(', ')
    const match = equal(key, 'target', 'full_rows', true)
    const select = `select target.* except (${list(columns)}), ${filled} from ${relation(target)} as target left join ${relation(from)} as full_rows on ${match}`
    return {
      sql: script(...rewrite(target, select, beside(target, 'kept'))),
      note: `fill ${columns.join(', ')} of the rows that were there: ${rewritten}`,
      counts: 'filled',
    }
  },
  pruneVersions: (input: ApplyInput, change: Version, keep: number): readonly Statement[] => {
    const kept = `select target.* from ${relation(input.target)} as target left anti join (${oldRows(input, change, keep)}) as delta on ${matchOf(input, change)}`
    return rewrite(input.target, kept, input.scratch('kept'))
  },
  apply: {
    insert,
    upsert,
    replace_keys: replaceKeys,
    replace_window: replaceWindow,
    version,
  } satisfies Dialect['apply'],
}
