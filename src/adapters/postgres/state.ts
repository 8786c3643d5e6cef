import { type Relation, relationName, type Sql, text } from '../../core/index.js'
import { quote, quoteText, relation } from '../names.js'
import type { Column, SchemaName, Statement, StateRecord, StateTable, WatermarkRecord } from '../types.js'
import { alone, createSchema } from './statements.js'
import { literal } from './types.js'

function stateTable(schema: SchemaName, name: StateTable): string {
  return relation({ schema: schema.schema, identifier: name })
}

const columns: Readonly<Record<StateTable, string>> = {
  watermarks:
    'relation text not null, version bigint not null, model text, column_name text not null, value text, run_id text, action text not null, recorded_at text not null',
  intervals:
    'relation text not null, version bigint not null, model text, starts_at text, ends_at text, status text not null, run_id text, action text not null, recorded_at text not null',
  late_rows: 'relation text not null, model text, run_id text, "key" text, row_json text, reason text, noted_at text',
}

export function stateTables(schema: SchemaName, tables: readonly StateTable[]): readonly Statement[] {
  const create = (table: StateTable): Statement => ({
    sql: text(alone(`create table if not exists ${stateTable(schema, table)} (${columns[table]})`)),
    note: `create the ${table} table`,
  })
  return [createSchema(schema), ...tables.map(create)]
}

export function recordState(schema: SchemaName, record: StateRecord): readonly Statement[] {
  return [...recordWatermarks(schema, record), ...recordIntervals(schema, record)]
}

function recordIntervals(schema: SchemaName, { target, model, runId, action, recordedAt, intervals }: StateRecord) {
  if (intervals.length === 0) return []
  const [table, name] = [stateTable(schema, 'intervals'), quoteText(relationName(target))]
  const rows = intervals.map(({ from, to, status }) => `(${[from, to, status].map(quoteText).join(', ')})`)
  const after = [runId, action, recordedAt].map(quoteText).join(', ')
  const sql = `insert into ${table} (relation, version, model, starts_at, ends_at, status, run_id, action, recorded_at)
select ${name}, (select coalesce(max(version), 0) + 1 from ${table} where relation = ${name}), ${quoteText(model)}, starts_at, ends_at, status, ${after}
from (values ${rows.join(', ')}) as given (starts_at, ends_at, status)`
  return [{ sql: text(sql), note: 'record the windows' }]
}

export function readIntervals(schema: SchemaName): Sql {
  return text(
    `select relation, starts_at, ends_at, status from ${stateTable(schema, 'intervals')} order by relation, version, case status when 'clear' then 0 else 1 end, starts_at`,
  )
}

/** Appends one version of a relation's watermarks; a plain run in which no value moved leaves no trace. */
function recordWatermarks(schema: SchemaName, record: StateRecord): readonly Statement[] {
  if (record.watermarks.length === 0) return []
  const table = stateTable(schema, 'watermarks')
  const name = quoteText(relationName(record.target))
  const marks = record.watermarks.map(
    (mark) => `select ${quoteText(mark.column)} as column_name, ${markValue(mark)} as value`,
  )
  const all = `select column_name, value, version, max(version) over () as newest from ${table} where relation = ${name}`
  const values = [
    name,
    '(select coalesce(max(version), 0) + 1 from newest)',
    quoteText(record.model),
    'column_name',
    'value',
    quoteText(record.runId),
    quoteText(record.action),
    quoteText(record.recordedAt),
  ].join(', ')
  const moved =
    'select 1 from marks as mark left join newest on newest.column_name = mark.column_name where newest.value is distinct from mark.value'
  const onlyMoved = record.action === 'run' ? ` where exists (${moved})` : ''
  const newest = `select column_name, value, version from (${all}) as recorded where version = newest`
  const sql = `insert into ${table} (relation, version, model, column_name, value, run_id, action, recorded_at)
with marks as (${marks.join(' union all ')}),
newest as (${newest})
select ${values} from marks${onlyMoved}`
  return [{ sql: text(sql), note: 'record the watermark' }]
}

function markValue({ column, value }: WatermarkRecord): string {
  if (value.kind === 'text') return value.text === null ? 'cast(null as text)' : quoteText(value.text)
  const maxima = value.of.map((each) => `(select max(${quote(column)}) from ${relation(each)})`)
  const all = [...maxima, ...(value.current === undefined ? [] : [literal(value.current, value.type)])]
  const larger = all.length === 1 ? all.join('') : `greatest(${all.join(', ')})`
  return `cast(${larger} as text)`
}

export function readWatermarks(schema: SchemaName): Sql {
  const columns = 'relation, model, column_name, value, run_id, action, recorded_at'
  const all = `select *, max(version) over (partition by relation) as newest from ${stateTable(schema, 'watermarks')}`
  return text(`select ${columns} from (${all}) as recorded where version = newest order by relation, column_name`)
}

export function readMaxima(
  asked: readonly { readonly relation: Relation; readonly column: Column; readonly stored: string | undefined }[],
): Sql {
  const selects = asked.map(({ relation: table, column, stored }, index) => {
    const maximum = `max(${quote(column.name)})`
    const ahead = stored === undefined ? 'false' : `coalesce(${literal(stored, column.type)} > ${maximum}, true)`
    return `select ${index} as n, cast(${maximum} as text) as value, cast(${ahead} as text) as ahead from ${relation(table)}`
  })
  return text(selects.join(' union all '))
}
