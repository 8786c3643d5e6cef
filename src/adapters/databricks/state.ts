import { type Relation, relationName, type Sql, text } from '../../core/index.js'
import type { Column, CommitTag, SchemaName, Statement, StateRecord, WatermarkRecord } from '../types.js'
import { quote, quoteText, relation } from './names.js'
import { createSchema } from './statements.js'
import { literal } from './types.js'

function watermarkTable(schema: SchemaName): string {
  return relation({ ...schema, identifier: 'watermarks' })
}

/** `parquet` where the server has no Delta: rows are only ever added. */
export function stateTables(schema: SchemaName, format: string): readonly Statement[] {
  const columns =
    'relation string, version bigint, model string, column_name string, value string, run_id string, action string, recorded_at string'
  return [
    createSchema(schema),
    {
      sql: text(`create table if not exists ${watermarkTable(schema)} (${columns}) using ${format}`),
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
  const last = `select max(version) from ${table} where relation = ${name}`
  const newest = `select column_name, value, version from ${table} where relation = ${name} and version = (${last})`
  const before = [name, `(select coalesce(max(version), 0) + 1 from newest)`, quoteText(record.model)]
  const after = ['marks.column_name', 'marks.value', quoteText(record.runId), quoteText(record.action)]
  const items = [...before, ...after, quoteText(record.recordedAt)].join(', ')
  const moved =
    'select 1 from marks as mark left join newest on newest.column_name = mark.column_name where not (newest.value <=> mark.value)'
  const onlyMoved = record.action === 'run' ? ` where exists (${moved})` : ''
  const sql = `insert into ${table}\nwith marks as (${marks.join(' union all ')}),\nnewest as (${newest})\nselect ${items} from marks${onlyMoved}`
  return [{ sql: text(sql), note: 'record the watermark' }]
}

function markValue({ column, value }: WatermarkRecord): string {
  if (value.kind === 'text') return value.text === null ? 'cast(null as string)' : quoteText(value.text)
  const maximum = `(select max(${quote(column)}) from ${relation(value.of)})`
  const larger = value.current === undefined ? maximum : `greatest(${maximum}, ${literal(value.current, value.type)})`
  return `cast(${larger} as string)`
}

/** One row with each record's value as text. */
export function watermarkValues(records: readonly WatermarkRecord[]): Sql {
  const values = records.map((record, index) => `${markValue(record)} as v${index}`)
  return text(`select ${values.join(', ')}`)
}

export function readWatermarks(schema: SchemaName): Sql {
  const columns = 'relation, model, column_name, value, run_id, action, recorded_at'
  const ranked = `select *, max(version) over (partition by relation) as newest from ${watermarkTable(schema)}`
  return text(`select ${columns} from (${ranked}) where version = newest order by relation, column_name`)
}

export function readMaxima(
  asked: readonly { readonly relation: Relation; readonly column: Column; readonly stored: string | undefined }[],
): Sql {
  const selects = asked.map(({ relation: table, column, stored }, index) => {
    const maximum = `max(${quote(column.name)})`
    const ahead = stored === undefined ? 'false' : `coalesce(${literal(stored, column.type)} > ${maximum}, true)`
    return `select ${index} as n, cast(${maximum} as string) as value, ${ahead} as ahead from ${relation(table)}`
  })
  return text(selects.join(' union all '))
}

const userMetadata = 'spark.databricks.delta.commitInfo.userMetadata'
const appId = 'spark.databricks.delta.write.txnAppId'
const version = 'spark.databricks.delta.write.txnVersion'

/**
 * The settings that let the next commit carry the record, and Delta pass over a second one of the same run and relation.
 * All are reset behind it: while they are set, every further write of the session to that table would be passed over.
 */
export function commitTag(record: StateRecord): CommitTag {
  const settings = [
    [userMetadata, JSON.stringify(metadataOf(record))],
    [appId, `fft ${relationName(record.target)} ${record.runId}`],
    [version, '1'],
  ] as const
  const set = settings.map(([key, value]) => `set ${quote(key)}=${quote(value)}`).join(';\n')
  const reset = settings.map(([key]) => `reset ${key}`).join(';\n')
  return {
    before: [{ sql: text(set), note: 'let the commit carry run and watermark' }],
    after: [{ sql: text(reset), note: 'reset what commits carry' }],
  }
}

/** What a commit says of the run that made it. */
export interface CommitMetadata {
  readonly fft: 1
  readonly run: string
  readonly model: string
  readonly action: string
  readonly at: string
  readonly watermarks: Readonly<Record<string, string | null>>
}

function metadataOf({ runId, model, action, recordedAt, watermarks }: StateRecord): CommitMetadata {
  const values = watermarks.flatMap(({ column, value }) =>
    value.kind === 'text' ? [[column, value.text] as const] : [],
  )
  return { fft: 1, run: runId, model, action, at: recordedAt, watermarks: Object.fromEntries(values) }
}

/** Tries whether a session takes the settings: SQL warehouses refuse them. */
export const probeTag = `set ${quote(userMetadata)}=${quote('fft')};\nreset ${userMetadata}`
