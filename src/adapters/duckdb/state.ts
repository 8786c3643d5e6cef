import { type Relation, relationName, type Sql, text } from '../../core/index.js'
import { quote, quoteText, relation } from '../names.js'
import type { Column, SchemaName, Statement, StateRecord, WatermarkRecord } from '../types.js'
import { createSchema } from './statements.js'
import { literal } from './types.js'

function watermarkTable(schema: SchemaName): string {
  return relation({ ...schema, identifier: 'watermarks' })
}

export function stateTables(schema: SchemaName): readonly Statement[] {
  const columns =
    'relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null'
  return [
    createSchema(schema),
    {
      sql: text(`create table if not exists ${watermarkTable(schema)} (${columns})`),
      note: 'create the watermarks table',
    },
  ]
}

/** Appends one version of a relation's watermarks; a plain run in which no value moved leaves no trace. */
export function recordState(schema: SchemaName, record: StateRecord): readonly Statement[] {
  if (record.watermarks.length === 0) return []
  const table = watermarkTable(schema)
  const name = quoteText(relationName(record.target))
  const marks = record.watermarks.map(
    (mark) => `select ${quoteText(mark.column)} as column_name, ${markValue(mark)} as value`,
  )
  const newest = `select column_name, value, action, version from ${table} where relation = ${name} qualify version = max(version) over ()`
  const before = [name, '(select coalesce(max(version), 0) + 1 from newest)', quoteText(record.model)]
  const after = [
    'column_name',
    'value',
    quoteText(record.runId),
    quoteText(record.action),
    quoteText(record.recordedAt),
  ]
  const rows = `select ${[...before, ...after].join(', ')} from marks`
  const moved =
    'select 1 from marks as mark left join newest using (column_name) where newest.value is distinct from mark.value'
  const onlyMoved = record.action === 'run' ? ` where exists (${moved})` : ''
  const sql = `insert into ${table}\nwith marks as (${marks.join(' union all ')}),\nnewest as (${newest})\n${rows}${onlyMoved}`
  return [{ sql: text(sql), note: 'record the watermark' }]
}

function markValue({ column, value }: WatermarkRecord): string {
  if (value.kind === 'text') return value.text === null ? 'null::varchar' : quoteText(value.text)
  const maximum = `(select max(${quote(column)}) from ${relation(value.of)})`
  const larger = value.current === undefined ? maximum : `greatest(${maximum}, ${literal(value.current, value.type)})`
  return `cast(${larger} as varchar)`
}

export function readWatermarks(schema: SchemaName): Sql {
  const columns = 'relation, model, column_name, value, run_id, action, recorded_at'
  return text(
    `select ${columns} from ${watermarkTable(schema)} qualify version = max(version) over (partition by relation) order by relation, column_name`,
  )
}

export function readMaxima(
  asked: readonly { readonly relation: Relation; readonly column: Column; readonly stored: string | undefined }[],
): Sql {
  const selects = asked.map(({ relation: table, column, stored }, index) => {
    const maximum = `max(${quote(column.name)})`
    const ahead = stored === undefined ? 'false' : `coalesce(${literal(stored, column.type)} > ${maximum}, true)`
    return `select ${index} as n, cast(${maximum} as varchar) as value, ${ahead} as ahead from ${relation(table)}`
  })
  return text(selects.join(' union all '))
}
