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
  return recordAll(schema, [record])
}

/**
 * The same for many relations at once; of several records of one the last counts. One row a record until the end, so that
 * the table is read once and joined once.
 */
export function recordAll(schema: SchemaName, records: readonly StateRecord[]): readonly Statement[] {
  const withMarks = records.filter(({ watermarks }) => watermarks.length > 0)
  const last = new Map(withMarks.map((record) => [relationName(record.target), record]))
  if (last.size === 0) return []
  const table = watermarkTable(schema)
  const names = [...last.keys()].map(quoteText).join(', ')
  const isStored =
    'exists(latest.stored, s -> s.version = latest.version and s.column_name = m.column_name and s.value <=> m.value)'
  const sql = `insert into ${table}
with marks as (${[...last.values()].map(markRow).join(' union all ')}),
latest as (select relation, max(version) as version, collect_list(struct(version, column_name, value)) as stored from ${table} where relation in (${names}) group by relation)
select relation, coalesce(version, 0) + 1, model, mark.column_name, mark.value, run_id, action, recorded_at from (
select marks.*, latest.version, explode(marks.marks) as mark from marks left join latest on latest.relation = marks.relation
where latest.version is null or marks.action <> 'run' or exists(marks.marks, m -> not ${isStored}))`
  const marks = [...last.values()].flatMap(({ watermarks }) => watermarks)
  return [{ sql: text(sql), note: marks.length === 1 ? 'record the watermark' : 'record the watermarks' }]
}

function markRow({ target, model, runId, action, recordedAt, watermarks }: StateRecord): string {
  const fields = Object.entries({
    relation: relationName(target),
    model,
    run_id: runId,
    action,
    recorded_at: recordedAt,
  })
  const marks = watermarks.map(
    (mark) => `struct(${quoteText(mark.column)} as column_name, ${markValue(mark)} as value)`,
  )
  return `select ${fields.map(([name, value]) => `${quoteText(value)} as ${name}`).join(', ')}, array(${marks.join(', ')}) as marks`
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

/** The record that a commit carries; undefined for commits of others. */
export function carriedRecord(target: Relation, metadata: string): StateRecord | undefined {
  const told = parsed(metadata)
  if (told === undefined) return undefined
  const watermarks = Object.entries(told.watermarks).map(([column, value]) => ({
    column,
    value: { kind: 'text' as const, text: value },
  }))
  const action = (['run', 'full_refresh', 'forget'] as const).find((known) => known === told.action)
  return action === undefined
    ? undefined
    : { target, model: told.model, runId: told.run, recordedAt: told.at, action, watermarks }
}

function parsed(metadata: string): CommitMetadata | undefined {
  try {
    const value: unknown = JSON.parse(metadata)
    return typeof value === 'object' && value !== null && 'fft' in value && value.fft === 1 && 'watermarks' in value
      ? (value as CommitMetadata)
      : undefined
  } catch {
    return undefined
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
