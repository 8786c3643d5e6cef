import { type Relation, relationName, type Sql, text } from '../../core/index.js'
import { recordedIntervals } from '../record-intervals.js'
import { stateHistory } from '../state-history.js'
import { stateColumns } from '../state-tables.js'
import type {
  Column,
  CommitTag,
  IntervalRecord,
  SchemaName,
  Statement,
  StateRecord,
  StateTable,
  WatermarkRecord,
} from '../types.js'
import { commitSettings, resetStatement, setStatement } from './commit-settings.js'
import { quote, quoteText, relation } from './names.js'
import { createSchema } from './statements.js'
import { literal } from './types.js'

function stateTable(schema: SchemaName, name: StateTable): string {
  return relation({ ...schema, identifier: name })
}

const columns = stateColumns({ text: 'string', strict: false }, quote)

/** `parquet` where the server has no Delta: rows are only ever added. */
export function stateTables(schema: SchemaName, tables: readonly StateTable[], format: string): readonly Statement[] {
  const create = (table: StateTable): Statement => ({
    sql: text(`create table if not exists ${stateTable(schema, table)} (${columns[table]}) using ${format}`),
    note: `create the ${table} table`,
  })
  return [createSchema(schema), ...tables.map(create)]
}

/** Appends one version of a relation's watermarks; a plain run in which no value moved leaves no trace. */
export function recordState(schema: SchemaName, record: StateRecord): readonly Statement[] {
  return recordAll(schema, [record])
}

/** The same for many relations at once; of several records of one the last counts. */
export function recordAll(schema: SchemaName, records: readonly StateRecord[]): readonly Statement[] {
  const last = new Map(records.map((record) => [relationName(record.target), record]))
  return [...recordWatermarks(schema, [...last.values()]), ...recordIntervals(schema, [...last.values()])]
}

function recordIntervals(schema: SchemaName, records: readonly StateRecord[]): readonly Statement[] {
  const rows = records.flatMap(intervalRows)
  if (rows.length === 0) return []
  const table = stateTable(schema, 'intervals')
  const sql = `insert into ${table}
with given as (${rows.join(' union all ')}),
versions as (select relation, max(version) as version from ${table} group by relation)
select given.relation, coalesce(versions.version, 0) + 1, model, starts_at, ends_at, status, run_id, action, recorded_at
from given left join versions on versions.relation = given.relation`
  return [{ sql: text(sql), note: 'record the windows' }]
}

function intervalRows({ target, model, runId, action, recordedAt, intervals }: StateRecord): readonly string[] {
  const before = `${quoteText(relationName(target))} as relation, ${quoteText(model)} as model`
  const after = `${quoteText(runId)} as run_id, ${quoteText(action)} as action, ${quoteText(recordedAt)} as recorded_at`
  return intervals.map(
    ({ from, to, status }) =>
      `select ${before}, ${quoteText(from)} as starts_at, ${quoteText(to)} as ends_at, ${quoteText(status)} as status, ${after}`,
  )
}

export function readIntervals(schema: SchemaName): Sql {
  return recordedIntervals(stateTable(schema, 'intervals'))
}

function recordWatermarks(schema: SchemaName, records: readonly StateRecord[]): readonly Statement[] {
  const withMarks = records.filter(({ watermarks }) => watermarks.length > 0)
  const marks = withMarks.flatMap(({ watermarks }) => watermarks)
  if (marks.length === 0) return []
  const table = stateTable(schema, 'watermarks')
  const names = withMarks.map(({ target }) => quoteText(relationName(target))).join(', ')
  const isStored =
    'exists(latest.stored, s -> s.version = latest.version and s.column_name = m.column_name and s.value <=> m.value)'
  // One row a record until the end, so that the table is read once and joined once.
  const sql = `insert into ${table}
with marks as (${withMarks.map(markRow).join(' union all ')}),
latest as (select relation, max(version) as version, collect_list(struct(version, column_name, value)) as stored from ${table} where relation in (${names}) group by relation)
select relation, coalesce(version, 0) + 1, model, mark.column_name, mark.value, run_id, action, recorded_at from (
select marks.*, latest.version, explode(marks.marks) as mark from marks left join latest on latest.relation = marks.relation
where latest.version is null or marks.action <> 'run' or exists(marks.marks, m -> not ${isStored}))`
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
  const maxima = value.of.map((each) => `(select max(${quote(column)}) from ${relation(each)})`)
  const all = [...maxima, ...(value.current === undefined ? [] : [literal(value.current, value.type)])]
  const larger = all.length === 1 ? all.join('') : `greatest(${all.join(', ')})`
  return `cast(${larger} as string)`
}

/** One row with each record's value as text. */
export function watermarkValues(records: readonly WatermarkRecord[]): Sql {
  const values = records.map((record, index) => `${markValue(record)} as v${index}`)
  return text(`select ${values.join(', ')}`)
}

export function readWatermarks(schema: SchemaName): Sql {
  const columns = 'relation, model, column_name, value, run_id, action, recorded_at'
  const ranked = `select *, max(version) over (partition by relation) as newest from ${stateTable(schema, 'watermarks')}`
  return text(`select ${columns} from (${ranked}) where version = newest order by relation, column_name`)
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
    return `select ${index} as n, cast(${maximum} as string) as value, ${ahead} as ahead from ${relation(table)}`
  })
  return text(selects.join(' union all '))
}

/** The setting that lets the next commit carry the record; it is reset behind it. */
export function commitTag(record: StateRecord): CommitTag {
  const { metadata } = commitSettings
  return {
    before: [
      {
        sql: text(setStatement(metadata, JSON.stringify(metadataOf(record)))),
        note: 'let the commit carry run and watermark',
      },
    ],
    after: [{ sql: text(resetStatement(metadata)), note: 'reset what commits carry' }],
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
    : {
        target,
        model: told.model,
        runId: told.run,
        recordedAt: told.at,
        action,
        watermarks,
        intervals: told.windows ?? [],
      }
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
  readonly windows?: readonly IntervalRecord[]
}

function metadataOf({ runId, model, action, recordedAt, watermarks, intervals }: StateRecord): CommitMetadata {
  const values = watermarks.flatMap(({ column, value }) =>
    value.kind === 'text' ? [[column, value.text] as const] : [],
  )
  const windows = intervals.length === 0 ? {} : { windows: intervals }
  return { fft: 1, run: runId, model, action, at: recordedAt, watermarks: Object.fromEntries(values), ...windows }
}

/** Tries whether a session takes the settings: SQL warehouses refuse them. */
export const probeTag = [setStatement(commitSettings.metadata, 'fft'), resetStatement(commitSettings.metadata)]
