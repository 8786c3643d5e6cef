import { concat, type Relation, type RelationKind, type Sql, text } from '../../core/index.js'
import { inParentheses, list, names, quote, relation } from '../names.js'
import type { Column, KeepOne, KeyCheck, KeyCheckInput, SchemaName, Statement } from '../types.js'
import { wrappedSelects } from '../wrapped-selects.js'
import { comparable } from './comparison.js'

function statement(sql: string | Sql, note: string): Statement {
  return { sql: typeof sql === 'string' ? text(sql) : sql, note }
}

export function schemaName({ schema }: SchemaName): string {
  return quote(schema)
}

export function createSchema(schema: SchemaName): Statement {
  return statement(alone(`create schema if not exists ${schemaName(schema)}`), `create schema ${schema.schema}`)
}

/** Two sessions that make the same thing at once: `if not exists` looks before the other one has committed. */
export function alone(create: string): string {
  const other = 'unique_violation or duplicate_schema or duplicate_table or duplicate_object'
  return `do $fft$ begin\n${create};\nexception when ${other} then null;\nend $fft$`
}

export function drop(target: Relation, kind: RelationKind): Statement {
  return statement(`drop ${kind} if exists ${relation(target)}`, `drop ${kind} ${target.identifier}`)
}

/** Its columns come back with it, so that nobody has to ask for them. */
export function stage(staging: Relation, select: Sql): Statement {
  const name = relation(staging)
  const create = `create temp table ${name} on commit drop as select * from `
  const sql = concat(create, inParentheses(select), ` as delta;\nselect * from ${name} limit 0`)
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
  const [temporary, end] = as === 'staging' ? ['temp ', ' on commit drop'] : ['', '']
  const sql = `create ${temporary}table ${relation(empty)} (${defined})${end}`
  return statement(sql, 'create an empty table to load into')
}

export const { filtered, inWindow, limited } = wrappedSelects(quote)

export function keyCheck({ relation: name, key, refuseNulls, refuseDuplicates, bucket }: KeyCheckInput): KeyCheck {
  const from = relation(name)
  const nulls = key.map((column) => `${quote(column)} is null`).join(' or ')
  const cases = [
    ...(refuseNulls ? [`when count(*) filter (where ${nulls}) > 0 then 'null_keys'`] : []),
    ...(refuseDuplicates ? [`when count(*) > ${distinctKeys(key, bucket)} then 'duplicates'`] : []),
  ]
  const verdict =
    cases.length === 0 ? "select 'unique'" : `select case ${cases.join(' ')} else 'unique' end from ${from}`
  return {
    verdict: text(verdict),
    nullKeyRows: text(`select * from ${from} where ${nulls} limit 5`),
    duplicateRows: text(rowsOf(from, key, `select ctid as __fft_row, ${grouped(key, bucket)} from ${from}`, bucket)),
  }
}

/** count(distinct) leaves NULLs out, so rows with a NULL key are counted beside it; a row of columns it counts whole. */
function distinctKeys(key: readonly string[], bucket: string | undefined): string {
  const keys = list(key)
  if (key.length > 1 || bucket !== undefined) return `count(distinct (${grouped(key, bucket, false)}))`
  return `count(distinct ${keys}) + (count(*) - count(${keys}) > 0)::int`
}

/** The rows whose key is in `rows` more than once. */
function rowsOf(from: string, key: readonly string[], rows: string, bucket: string | undefined): string {
  const by = bucket === undefined ? list(key) : `${list(key)}, ${bucketColumn}`
  const counted = `select __fft_row, count(*) over (partition by ${by}) as __fft_times from (${rows}) as candidates`
  const repeated = `select __fft_row from (${counted}) as counted where __fft_times > 1`
  return `select * from ${from} where ctid in (${repeated}) order by ${list(key)} limit 10`
}

const bucketColumn = '__fft_bucket'

/** What two rows of one key agree in. */
function grouped(key: readonly string[], bucket: string | undefined, named = true): string {
  const as = named ? ` as ${bucketColumn}` : ''
  return [list(key), ...(bucket === undefined ? [] : [`${bucket}${as}`])].join(', ')
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
  const groups = { by: comparables(columns), order: 'ctid' }
  return { ...statement(keepFirst(name, groups), 'collapse equal rows'), counts: 'duplicates' }
}

/** All columns, as something that can be compared. */
export function comparables(columns: readonly Column[]): string {
  return columns.map((column) => comparable(column)).join(', ')
}

export function keepOne(name: Relation, rows: KeepOne): Statement {
  const { newestBy } = rows
  const note = newestBy === undefined ? 'keep one row a key' : `keep the newest row a key by ${newestBy}`
  return { ...statement(keepFirst(name, keyGroups(rows)), note), counts: 'duplicates' }
}

interface Groups {
  readonly by: string
  readonly order: string
}

/** The rows of a key, the one that stays first. */
export function keyGroups({ key, newestBy, bucket }: KeepOne): Groups {
  const order = newestBy === undefined ? 'ctid' : `${quote(newestBy)} desc nulls last, ctid`
  return { by: grouped(key, bucket, false), order }
}

function keepFirst(name: Relation, groups: Groups): string {
  return `delete from ${relation(name)} as given using (${numbered(name, groups)}) as numbered where given.ctid = numbered.__fft_row and numbered.__fft_place > 1`
}

/** All rows but the first one of each group. */
export function surplus(name: Relation, groups: Groups): string {
  const gone = `select __fft_row from (${numbered(name, groups)}) as numbered where __fft_place > 1`
  return `(select * from ${relation(name)} where ctid in (${gone})) as delta`
}

function numbered(name: Relation, { by, order }: Groups): string {
  return `select ctid as __fft_row, row_number() over (partition by ${by} order by ${order}) as __fft_place from ${relation(name)}`
}

export function ties(name: Relation, key: readonly string[], newestBy: string, bucket?: string): Sql {
  const from = relation(name)
  const rank = `rank() over (partition by ${grouped(key, bucket, false)} order by ${quote(newestBy)} desc nulls last)`
  const ranked = `select ctid as __fft_row, ${grouped(key, bucket)}, ${rank} as __fft_place from ${from}`
  const newest = `select __fft_row, ${list(key)}${bucket === undefined ? '' : `, ${bucketColumn}`} from (${ranked}) as ranked where __fft_place = 1`
  return text(rowsOf(from, key, newest, bucket))
}

export function backfill(
  target: Relation,
  from: Relation,
  key: readonly string[],
  columns: readonly string[],
): Statement {
  const set = columns.map((column) => `${quote(column)} = full_rows.${quote(column)}`).join(', ')
  // Equality of lists hashes and lets NULL equal NULL, whatever the type.
  const match = key.map((column) => `array[target.${quote(column)}] = array[full_rows.${quote(column)}]`).join(' and ')
  const changes = columns.map((column) => `full_rows.${quote(column)} is not null`).join(' or ')
  const sql = `update ${relation(target)} as target set ${set} from ${relation(from)} as full_rows where ${match} and (${changes})`
  return { ...statement(sql, `fill ${columns.join(', ')} of the rows that were there`), counts: 'filled' }
}

/** Puts the rows of `aside` into the target in place of its own, for a target that cannot be swapped. */
export function replaceRows(aside: Relation, target: Relation, columns: readonly Column[]): readonly Statement[] {
  const all = list(names(columns))
  const [from, to] = [relation(aside), relation(target)]
  const sql = [`delete from ${to}`, `insert into ${to} (${all}) select ${all} from ${from}`, `drop table ${from}`].join(
    ';\n',
  )
  return [statement(sql, 'replace the rows')]
}
