import { concat, type Relation, type RelationKind, type Sql, text } from '../../core/index.js'
import { inParentheses, list, names, quote, relation } from '../names.js'
import type { Column, KeepOne, KeyCheck, KeyCheckInput, RelationState, SchemaName, Statement } from '../types.js'
import { wrappedSelects } from '../wrapped-selects.js'
import { hasRowIds } from './row-ids.js'

function statement(sql: string | Sql, note: string): Statement {
  return { sql: typeof sql === 'string' ? text(sql) : sql, note }
}

export function schemaName(schema: SchemaName): string {
  return [schema.database, schema.schema]
    .filter((part) => part !== undefined)
    .map(quote)
    .join('.')
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

export function stage(staging: Relation, select: Sql): Statement {
  const sql = concat(`create temp table ${relation(staging)} as select * from `, inParentheses(select), ' as delta')
  return { ...statement(sql, 'stage the delta'), counts: 'staged', select }
}

export function buildAside(aside: Relation, select: Sql): Statement {
  const sql = concat(`create table ${relation(aside)} as select * from `, inParentheses(select), ' as built')
  return { ...statement(sql, 'build the table aside'), counts: 'staged', select }
}

export function insertSelect(into: Relation, columns: readonly Column[], select: Sql): Statement {
  const all = list(names(columns))
  const sql = concat(`insert into ${relation(into)} (${all}) select ${all} from `, inParentheses(select), ' as built')
  return { ...statement(sql, 'add the next window'), counts: 'staged', select }
}

export function createEmpty(empty: Relation, columns: readonly Column[], as: 'staging' | 'aside'): Statement {
  const defined = columns.map((column) => `${quote(column.name)} ${column.type}`).join(', ')
  const temporary = as === 'staging' ? 'temp ' : ''
  return statement(`create ${temporary}table ${relation(empty)} (${defined})`, 'create an empty table to load into')
}

export function publish(aside: Relation, target: Relation, present: RelationState | undefined): readonly Statement[] {
  const rename = `alter table ${relation(aside)} rename to ${quote(target.identifier)}`
  const removed = present === undefined ? [] : [drop(target, present.kind)]
  return [...removed, statement(rename, 'put it in place')]
}

export function replaceRows(from: Relation, target: Relation, columns: readonly Column[]): readonly Statement[] {
  const all = list(names(columns))
  return [
    statement(`delete from ${relation(target)}`, 'delete the old rows'),
    statement(`insert into ${relation(target)} (${all}) select ${all} from ${relation(from)}`, 'insert the new rows'),
    drop(from, 'table'),
  ]
}

export const { filtered, inWindow, limited } = wrappedSelects(quote)

export function keyCheck({ relation: name, key, refuseNulls, refuseDuplicates, bucket }: KeyCheckInput): KeyCheck {
  const from = relation(name)
  const group = grouped(key, bucket)
  const nulls = key.map((column) => `${quote(column)} is null`).join(' or ')
  const isOne = key.length === 1 && bucket === undefined
  const distinct = isOne ? list(key) : `(${group})`
  // count(distinct) leaves NULLs out, so rows with a NULL key are counted beside it.
  const unique = isOne
    ? `count(distinct ${distinct}) + (count(*) - count(${distinct}) > 0)::int`
    : `count(distinct ${distinct})`
  const cases = [
    ...(refuseNulls ? [`when count(*) filter (where ${nulls}) > 0 then 'null_keys'`] : []),
    ...(refuseDuplicates ? [`when count(*) > ${unique} then 'duplicates'`] : []),
  ]
  const verdict =
    cases.length === 0 ? "select 'unique'" : `select case ${cases.join(' ')} else 'unique' end from ${from}`
  const repeated = `qualify count(*) over (partition by ${group}) > 1 order by ${list(key)} limit 10`
  return {
    verdict: text(verdict),
    nullKeyRows: text(`select * from ${from} where ${nulls} limit 5`),
    duplicateRows: text(`select * from ${from} ${repeated}`),
  }
}

/** What two rows of one key agree in. */
function grouped(key: readonly string[], bucket: string | undefined): string {
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

export function collapse(name: Relation, columns: readonly Column[]): Statement {
  const from = relation(name)
  const note = 'collapse equal rows'
  if (!hasRowIds(columns)) return rewrite(name, `select distinct * from ${from}`, note)
  const sql = `delete from ${from} where rowid not in (select min(rowid) from ${from} group by ${list(names(columns))})`
  return { ...statement(sql, note), counts: 'duplicates' }
}

export function keepOne(name: Relation, { key, newestBy, columns, bucket }: KeepOne): Statement {
  const from = relation(name)
  const { by, order } = keyGroups({ key, newestBy, columns, bucket })
  const first = `qualify row_number() over (partition by ${by} order by ${order}) = 1`
  const note = newestBy === undefined ? 'keep one row a key' : `keep the newest row a key by ${newestBy}`
  if (!hasRowIds(columns)) return rewrite(name, `select * from ${from} ${first}`, note)
  const sql = `delete from ${from} where rowid not in (select rowid from ${from} ${first})`
  return { ...statement(sql, note), counts: 'duplicates' }
}

/** The rows of a key, the one that stays first. */
export function keyGroups({ key, newestBy, columns, bucket }: KeepOne): {
  readonly by: string
  readonly order: string
} {
  const last = hasRowIds(columns) ? 'rowid' : list(names(columns))
  const order = [...(newestBy === undefined ? [] : [`${quote(newestBy)} desc nulls last`]), last].join(', ')
  return { by: grouped(key, bucket), order }
}

/** All rows but the first one of each group. */
export function surplus(name: Relation, { by, order }: { readonly by: string; readonly order: string }): string {
  const numbered = `select *, row_number() over (partition by ${by} order by ${order}) as __fft_place from ${relation(name)}`
  return `(select * exclude (__fft_place) from (${numbered}) where __fft_place > 1) as delta`
}

/** Makes a relation anew from a SELECT of some of its own rows; the query before it tells how many go. */
function rewrite(name: Relation, select: string, note: string): Statement {
  const temporary = name.database === 'temp' ? 'temp ' : ''
  const gone = `select (select count(*) from ${relation(name)}) - (select count(*) from (${select})) as rows_affected`
  const create = `create or replace ${temporary}table ${relation(name)} as ${select}`
  return { ...statement(`${gone};\n${create}`, note), counts: 'duplicates' }
}

export function ties(name: Relation, key: readonly string[], newestBy: string, bucket?: string): Sql {
  const from = relation(name)
  const rank = `rank() over (partition by ${grouped(key, bucket)} order by ${quote(newestBy)} desc nulls last)`
  const newest = `select * from ${from} qualify ${rank} = 1`
  return text(
    `select * from (${newest}) qualify count(*) over (partition by ${grouped(key, bucket)}) > 1 order by ${list(key)} limit 10`,
  )
}

export function backfill(
  target: Relation,
  from: Relation,
  key: readonly string[],
  columns: readonly string[],
): Statement {
  const set = columns.map((column) => `${quote(column)} = full_rows.${quote(column)}`).join(', ')
  const match = key
    .map((column) => `target.${quote(column)} is not distinct from full_rows.${quote(column)}`)
    .join(' and ')
  const differs = columns
    .map((column) => `target.${quote(column)} is distinct from full_rows.${quote(column)}`)
    .join(' or ')
  const sql = `update ${relation(target)} as target set ${set} from ${relation(from)} as full_rows where ${match} and (${differs})`
  return { ...statement(sql, `fill ${columns.join(', ')} of the rows that were there`), counts: 'filled' }
}
