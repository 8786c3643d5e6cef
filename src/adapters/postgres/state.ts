import { type Relation, relationName, type Sql, text } from '../../core/index.js'
import { quote, quoteText, relation } from '../names.js'
import { recordedIntervals, recordIntervals } from '../record-intervals.js'
import { stateHistory } from '../state-history.js'
import { stateColumns } from '../state-tables.js'
import type { Column, SchemaName, Statement, StateRecord, StateTable, WatermarkRecord } from '../types.js'
import { alone, createSchema } from './statements.js'
import { literal } from './types.js'

function stateTable(schema: SchemaName, name: StateTable): string {
  return relation({ schema: schema.schema, identifier: name })
}

const columns = stateColumns({ text: 'text', strict: true }, quote)

export function stateTables(schema: SchemaName, tables: readonly StateTable[]): readonly Statement[] {
  const create = (table: StateTable): Statement => ({
    sql: text(alone(`create table if not exists ${stateTable(schema, table)} (${columns[table]})`)),
    note: `create the ${table} table`,
  })
  return [createSchema(schema), ...tables.map(create)]
}

export function recordState(schema: SchemaName, record: StateRecord): readonly Statement[] {
  return [...recordWatermarks(schema, record), ...recordIntervals(stateTable(schema, 'intervals'), record)]
}

export function readIntervals(schema: SchemaName): Sql {
  return recordedIntervals(stateTable(schema, 'intervals'))
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

export function readHistory(schema: SchemaName, table: 'watermarks' | 'intervals'): Sql {
  return stateHistory(stateTable(schema, table), table)
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
