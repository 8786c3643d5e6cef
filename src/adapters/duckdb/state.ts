import { type Relation, relationName, type Sql, text } from '../../core/index.js'
import type { Column, SchemaName, StateRecord, Statement, WatermarkRecord } from '../types.js'
import { quote, quoteText, relation } from './names.js'
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
    { sql: text(`create table if not exists ${watermarkTable(schema)} (${columns})`), note: 'create the watermarks table' },
  ]
}

/** Appends one version of a relation's watermarks; nothing when no value moved and the action is a plain run. */
export function recordState(schema: SchemaName, record: StateRecord): readonly Statement[] {
  if (record.watermarks.length === 0) return []
  const table = watermarkTable(schema)
  const name = quoteText(relationName(record.target))
  const next = `(select coalesce(max(version), 0) + 1 from ${table} where relation = ${name})`
  const marks = record.watermarks.map((mark) => `select ${quoteText(mark.column)} as column_name, ${markValue(mark)} as value`)
  const facts = [quoteText(record.model), 'marks.column_name', 'marks.value', quoteText(record.runId)]
  const rest = [quoteText(record.action), quoteText(record.recordedAt)]
  const rows = `select ${name}, ${next}, ${[...facts, ...rest].join(', ')} from (${marks.join(' union all ')}) as marks`
  const sql = `insert into ${table} ${record.action === 'run' ? whenMoved(rows, record, table, name) : rows}`
  return [{ sql: text(sql), note: 'record the watermark' }]
}

/** Only when some watermark differs from the newest version: a run that found nothing leaves no trace. */
function whenMoved(rows: string, record: StateRecord, table: string, name: string): string {
  const newest = `select column_name, value, action from ${table} where relation = ${name} qualify version = max(version) over ()`
  const marks = record.watermarks.map((mark) => `select ${quoteText(mark.column)} as column_name, ${markValue(mark)} as value`)
  const moved = `select 1 from (${marks.join(' union all ')}) as new_marks left join (${newest}) as newest using (column_name) where newest.value is distinct from new_marks.value`
  return `${rows} where exists (${moved})`
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
