import { concat, type Relation, type RelationKind, type Sql, text } from '../../core/index.js'
import type { Column, KeepOne, KeyCheck, KeyCheckInput, RelationState, SchemaName, Statement } from '../types.js'
import { wrappedSelects } from '../wrapped-selects.js'
import { columnMapping, mappedDelta, needsColumnMapping, plainDelta } from './delta-table.js'
import { comparable, equal, inParentheses, list, names, own, quote, relation, schemaName } from './names.js'
import { parseType } from './type-names.js'

const numberColumn = own('number')

function statement(sql: string | Sql, note: string): Statement {
  return { sql: typeof sql === 'string' ? text(sql) : sql, note }
}

export function createSchema(schema: SchemaName): Statement {
  return statement(`create schema if not exists ${schemaName(schema)}`, `create schema ${schema.schema}`)
}

export function drop(target: Relation, kind: RelationKind): Statement {
  return statement(`drop ${kind} if exists ${relation(target)}`, `drop ${kind} ${target.identifier}`)
}

export function createView(view: Relation, select: Sql, present: RelationState | undefined): readonly Statement[] {
  const create = statement(
    concat(`create or replace view ${relation(view)} as `, inParentheses(select)),
    'create the view',
  )
  return present?.kind === 'table' ? [drop(view, 'table'), create] : [create]
}

// Temporary tables take columns of any name; nobody else reads them.
export function stage(staging: Relation, select: Sql): Statement {
  const sql = concat(
    `create or replace table ${relation(staging)}`,
    mappedDelta,
    'select * from ',
    inParentheses(select),
    ' as delta',
  )
  return { ...statement(sql, 'stage the delta'), counts: 'staged', select }
}

export function buildAside(aside: Relation, select: Sql): Statement {
  const sql = concat(
    `create or replace table ${relation(aside)}`,
    mappedDelta,
    'select * from ',
    inParentheses(select),
    ' as built',
  )
  return { ...statement(sql, 'build the table aside'), counts: 'staged', rowsOf: aside, select }
}

export function insertSelect(into: Relation, columns: readonly Column[], select: Sql): Statement {
  const all = list(names(columns))
  const sql = concat(`insert into ${relation(into)} (${all}) select ${all} from `, inParentheses(select), ' as built')
  return { ...statement(sql, 'add the next window'), counts: 'staged', select, rowsOf: into }
}

export function createEmpty(empty: Relation, columns: readonly Column[]): Statement {
  const defined = columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')
  const sql = `create or replace table ${relation(empty)} (${defined}) using delta tblproperties (${columnMapping()})`
  return statement(sql, 'create an empty table to load into')
}

/** One atomic statement: a table that is there is replaced with its readers never seeing less than all rows. */
export function publish(aside: Relation, target: Relation, present: RelationState | undefined): readonly Statement[] {
  const sql = concat(`create or replace table ${relation(target)}`, plainDelta, `select * from ${relation(aside)}`)
  return [...(dropsFirst(present) ? [drop(target, present.kind)] : []), statement(sql, 'put it in place')]
}

/** Where something has to be dropped first, a SELECT that fails would leave nothing. */
export function replaceTable(
  present: RelationState | undefined,
): ((target: Relation, select: Sql) => readonly Statement[]) | undefined {
  return dropsFirst(present) ? undefined : replaceAtOnce
}

function replaceAtOnce(target: Relation, select: Sql): readonly Statement[] {
  const sql = concat(
    `create or replace table ${relation(target)}`,
    plainDelta,
    'select * from ',
    inParentheses(select),
    ' as built',
  )
  return [{ ...statement(sql, 'build the table'), counts: 'staged', rowsOf: target, select }]
}

/** A table in Parquet is not replaced by one of Delta either. */
function dropsFirst(present: RelationState | undefined): present is RelationState {
  return present?.kind === 'view' || present?.format === 'parquet'
}

export function replaceRows(from: Relation, target: Relation, columns: readonly Column[]): readonly Statement[] {
  const all = list(names(columns))
  const sql = `insert overwrite ${relation(target)} (${all}) select ${all} from ${relation(from)}`
  return [statement(sql, 'put the new rows in the place of the old ones')]
}

export const { filtered, inWindow, limited } = wrappedSelects(quote)

export function keyCheck({ relation: name, key, refuseNulls, refuseDuplicates, bucket }: KeyCheckInput): KeyCheck {
  const from = relation(name)
  const nulls = key.map((column) => `${quote(column)} is null`).join(' or ')
  const cases = [
    ...(refuseNulls ? [`when count_if(${nulls}) > 0 then 'null_keys'`] : []),
    // A struct of NULLs is no NULL, so it is counted.
    ...(refuseDuplicates ? [`when count(*) > count(distinct struct(${grouped(key, bucket)})) then 'duplicates'`] : []),
  ]
  const verdict =
    cases.length === 0 ? "select 'unique'" : `select case ${cases.join(' ')} else 'unique' end from ${from}`
  return {
    verdict: text(verdict),
    nullKeyRows: text(`select * from ${from} where ${nulls} limit 5`),
    duplicateRows: text(repeated(from, key, bucket)),
  }
}

function repeated(from: string, key: readonly string[], bucket: string | undefined): string {
  const counted = `select *, count(*) over (partition by ${grouped(key, bucket)}) as ${numberColumn} from ${from}`
  return `select * except (${numberColumn}) from (${counted}) where ${numberColumn} > 1 order by ${list(key)} limit 10`
}

/** What two rows of one key agree in. */
export function grouped(key: readonly string[], bucket: string | undefined): string {
  return [list(key), ...(bucket === undefined ? [] : [bucket])].join(', ')
}

export function dropNullKeys(name: Relation, key: readonly string[]): Statement {
  const nulls = key.map((column) => `${quote(column)} is null`).join(' or ')
  return {
    ...statement(`delete from ${relation(name)} where ${nulls}`, 'leave out rows without a key'),
    counts: 'dropped',
  }
}

export function dropRows(name: Relation, condition: string): Statement {
  const sql = `delete from ${relation(name)} as delta where coalesce((${condition}), false)`
  return { ...statement(sql, 'take deletions out'), counts: 'dropped' }
}

/** The same where the condition looks at other tables: Delta deletes by none, so the table is made anew. */
export function keepOthers(name: Relation, condition: string): Statement {
  const from = `${relation(name)} as delta`
  const count = `select count(*) as num_affected_rows from ${from} where ${condition}`
  const kept = `select delta.* from ${from} where not coalesce((${condition}), false)`
  return {
    ...statement(concat(`${count};\ncreate or replace table ${relation(name)}`, mappedDelta, kept), 'take rows out'),
    counts: 'dropped',
  }
}

export function collapse(name: Relation, columns: readonly Column[]): Statement {
  const all = comparables(columns)
  return { ...keepFirst(name, { by: all, order: all }), note: 'collapse equal rows', counts: 'duplicates' }
}

/** All columns, as something that can be compared. */
export function comparables(columns: readonly Column[]): string {
  return columns.map((column) => comparable(column)).join(', ')
}

export function keepOne(name: Relation, rows: KeepOne): Statement {
  const { newestBy } = rows
  const note = newestBy === undefined ? 'keep one row a key' : `keep the newest row a key by ${newestBy}`
  return { ...keepFirst(name, keyGroups(rows)), note, counts: 'duplicates' }
}

interface Groups {
  readonly by: string
  readonly order: string
}

/** The rows of a key, the one that stays first: always the same one, since rows have no number. */
export function keyGroups({ key, newestBy, columns, bucket }: KeepOne): Groups {
  const order = newestBy === undefined ? comparables(columns) : `${quote(newestBy)} desc nulls last`
  return { by: grouped(key, bucket), order }
}

/** All rows but the first one of each group. */
export function surplus(name: Relation, groups: Groups): string {
  return `(${numbered(name, groups, '> 1')}) as delta`
}

function numbered(name: Relation, { by, order }: Groups, wanted: string): string {
  const all = `select *, row_number() over (partition by ${by} order by ${order}) as ${numberColumn} from ${relation(name)}`
  return `select * except (${numberColumn}) from (${all}) where ${numberColumn} ${wanted}`
}

/** The table made anew with the first row of each group; the SELECT before it tells how many go. */
function keepFirst(name: Relation, groups: Groups): Statement {
  const from = relation(name)
  const count = `select count(*) - count(distinct struct(${groups.by})) as num_affected_rows from ${from}`
  const kept = numbered(name, groups, '= 1')
  return statement(concat(`${count};\ncreate or replace table ${from}`, mappedDelta, kept), 'keep one row of each')
}

export function ties(name: Relation, key: readonly string[], newestBy: string, bucket?: string): Sql {
  const rank = `rank() over (partition by ${grouped(key, bucket)} order by ${quote(newestBy)} desc nulls last)`
  const ranked = `select *, ${rank} as ${own('rank')} from ${relation(name)}`
  const newest = `(select * except (${own('rank')}) from (${ranked}) where ${own('rank')} = 1)`
  return text(repeated(newest, key, bucket))
}

export function addColumn(target: Relation, column: Column): Statement {
  const add = `alter table ${relation(target)} add columns (${quote(column.name)} ${column.type})`
  const sql = needsColumnMapping(column) ? `${mapColumns(target)};\n${add}` : add
  return statement(sql, `add column ${column.name}`)
}

export function dropColumn(target: Relation, column: string): Statement {
  const sql = `${mapColumns(target)};\nalter table ${relation(target)} drop column ${quote(column)}`
  return statement(sql, `drop column ${column}`)
}

function mapColumns(target: Relation): string {
  return `alter table ${relation(target)} set tblproperties (${columnMapping()})`
}

export function retypeColumn(target: Relation, column: Column): Statement {
  const name = quote(column.name)
  const note = `widen column ${column.name} to ${column.type}`
  // Delta widens a DATE to no TIMESTAMP in place.
  if (parseType(column.type).name === 'timestamp') {
    const cast = `select * except (${name}), cast(${name} as ${column.type}) as ${name} from ${relation(target)}`
    return statement(concat(`create or replace table ${relation(target)}`, plainDelta, cast), note)
  }
  const allow = `alter table ${relation(target)} set tblproperties ('delta.enableTypeWidening' = 'true')`
  return statement(`${allow};\nalter table ${relation(target)} alter column ${name} type ${column.type}`, note)
}

export function backfill(
  target: Relation,
  from: Relation,
  key: readonly string[],
  columns: readonly string[],
): Statement {
  const set = columns.map((column) => `target.${quote(column)} = full_rows.${quote(column)}`).join(', ')
  const differs = columns.map((column) => `not (target.${quote(column)} <=> full_rows.${quote(column)})`).join(' or ')
  const match = equal(key, 'target', 'full_rows', true)
  const sql = `merge into ${relation(target)} as target using ${relation(from)} as full_rows on ${match}\nwhen matched and (${differs}) then update set ${set}`
  return { ...statement(sql, `fill ${columns.join(', ')} of the rows that were there`), counts: 'filled' }
}
